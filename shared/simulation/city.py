"""The simulated city 宿迁: a seeded source of monthly feed rows for the demo, tests and benchmarks.

Everything in it is invented and named so (`模拟企业…`, `模拟项目…`); its size, shape and seasons follow published totals
of the real city (`calibration.py`), its events a script (`scenario.py`). The same arguments give the same rows on
every machine. Rows are made while they are read.
"""

from collections.abc import Iterator
from functools import cached_property

from shared.kernel.errors import PlanwatchError
from shared.kernel.period import Period
from shared.simulation.firm_rows import Row, enterprise_rows
from shared.simulation.firms import establish
from shared.simulation.population import DEFAULT_FIRMS, Setting, populate
from shared.simulation.project_rows import project_rows
from shared.simulation.projects import invest
from shared.simulation.ratings import Rated, RatingStage, rate, rating_rows, rating_stages
from shared.simulation.recognitions import Granted, grant, held_rows, recognition_rows
from shared.simulation.scenario import MAX_YEARS

CITY_AREA = "321300"
SMALLEST_CITY = 400


class SimulationError(PlanwatchError):
    """The simulated city cannot be built as asked, or does not know the period."""


class SimulatedCity:
    """Firms, projects, rating rounds and titles of a city over whole years, read report by report.

    `firms` is the number of enterprise rows of the first report: the register and the firms near the threshold.
    """

    def __init__(self, seed: int, firms: int | None = None, months: int = 24, first: int = 2024) -> None:
        years, rest = divmod(months, 12)
        if rest or not 1 <= years <= MAX_YEARS:
            raise SimulationError(f"months must be 12 to {12 * MAX_YEARS} in whole years: {months}")
        count = DEFAULT_FIRMS if firms is None else firms
        if count < SMALLEST_CITY:
            raise SimulationError(f"a city has at least {SMALLEST_CITY} firms: {count}")
        self.setting = Setting(seed, first, years, count)
        self.firms = establish(self.setting, populate(self.setting))
        self.investments = invest(self.setting, self.firms)
        self._rounds: dict[int, tuple[Rated, ...]] = {}

    @property
    def last(self) -> int:
        """The last simulated year."""
        return self.setting.base_year + self.setting.years

    def periods(self, *, history: bool = False, closing: bool = False) -> tuple[Period, ...]:
        """Return the monthly reports in order, eleven a year.

        `history` adds the reports of the year before the first, from which the last 12 months of its firms
        follow; `closing` adds the 1–2月 report after the last year, in which its annual entries appear.
        """
        begin = self.setting.base_year if history else self.setting.first
        months = [Period.month(year, month) for year in range(begin, self.last + 1) for month in range(2, 13)]
        return (*months, Period.month(self.last + 1, 1)) if closing else tuple(months)

    def enterprises(self, period: Period) -> Iterator[Row]:
        """Yield the period's rows of the feed `enterprises`."""
        return enterprise_rows(self.firms, self._known(period))

    def projects(self, period: Period) -> Iterator[Row]:
        """Yield the period's rows of the feed `projects`."""
        return project_rows(self.investments, self._known(period))

    def rating_stages(self, period: Period | None = None) -> tuple[RatingStage, ...]:
        """Return the rating publications of all years, or of one monthly period, in order of time."""
        stages = [stage for year in range(self.setting.base_year, self.last) for stage in rating_stages(year)]
        return tuple(stage for stage in stages if period is None or stage.period == period)

    def ratings(self, publication: RatingStage) -> Iterator[Row]:
        """Yield the rows of the feed `ratings` of one publication. Each publication is one submission."""
        return iter(rating_rows(self.rated(publication.year), publication))

    def recognitions(self, period: Period) -> Iterator[Row]:
        """Yield the period's rows of the feed `recognitions`: titles granted or lost in it."""
        return recognition_rows(self.granted, self._known(period))

    def recognitions_held(self, year: int) -> Iterator[Row]:
        """Yield the titles held at the end of a year: what is reported once, before the monthly reports begin."""
        if not self.setting.base_year - 1 <= year <= self.last:
            raise SimulationError(f"the simulated city does not know which titles were held in {year}")
        return held_rows(self.granted, year)

    @cached_property
    def granted(self) -> tuple[Granted, ...]:
        """Every title of the simulated years and those held before them."""
        return grant(self.setting, self.firms)

    def rated(self, year: int) -> tuple[Rated, ...]:
        """Return the results of the round that rates this year."""
        if not self.setting.base_year <= year < self.last:
            raise SimulationError(f"no rating round of this year is published in the simulated years: {year}")
        if year not in self._rounds:
            self._rounds[year] = rate(self.setting, self.firms, year)
        return self._rounds[year]

    def _known(self, period: Period) -> Period:
        if period not in self.periods(history=True, closing=True):
            raise SimulationError(f"the simulated city has no monthly report {period}")
        return period
