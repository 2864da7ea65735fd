"""What a series gained from point to point, each gain with the time it took, on the calendar's clock or the season's.

On the season's clock a month lasts as long as its share of earlier years: twelve such months make a year, and a month that
brought a tenth of a year lasts 1.2 of them. January and February are one report, a missing report makes its gain part of
the next one's: both are only longer steps.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from shared.kernel.period import Grain, Period

REPORTS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
"""The last months of a year's eleven reports."""
_YEAR = 12
_MILLION = 1_000_000

Points = Sequence[tuple[Period, Fraction]]


@dataclass(frozen=True, slots=True)
class Step:
    """What was gained in a stretch of time, in months (of a yearly series in years)."""

    gain: Fraction
    time: Fraction


@dataclass(frozen=True, slots=True)
class Course:
    """The steps so far, the value they end at and the time that is left."""

    steps: tuple[Step, ...]
    value: Fraction
    ahead: Fraction

    @property
    def time(self) -> Fraction:
        """The time the steps took."""
        return sum((step.time for step in self.steps), Fraction(0))

    @property
    def rate(self) -> Fraction:
        """What was gained in a unit of time."""
        return sum((step.gain for step in self.steps), Fraction(0)) / self.time

    @property
    def scatter(self) -> Fraction:
        """The squared distances of the gains from the rate, each by its time."""
        return scatter(self.steps, self.rate)


def scatter(steps: Iterable[Step], rate: Fraction) -> Fraction:
    """Return the squared distances of gains from a rate, each by its time; over their number it estimates the variance."""
    return sum(((step.gain - rate * step.time) ** 2 / step.time for step in steps), Fraction(0))


@dataclass(frozen=True, slots=True)
class PastYear:
    """A complete year on the season's clock: its gain a month, the steps as multiples of that, and how these scatter."""

    rate: Fraction
    steps: tuple[Step, ...]
    scatter: Fraction

    def share_by(self, report: int) -> Fraction:
        """Return the share of the year reached by one of its reports, counted from 0."""
        return sum((step.gain for step in self.steps[: report + 1]), Fraction(0)) / _YEAR


@dataclass(frozen=True, slots=True)
class Season:
    """How earlier years were spread over their months: the shares reached by each report, and the years themselves."""

    reached: Mapping[int, Fraction]
    years: tuple[PastYear, ...]

    @property
    def points(self) -> int:
        """How many points it was learnt from."""
        return len(REPORTS) * len(self.years)

    @property
    def freedom(self) -> int:
        """Degrees of freedom of what the years scatter around their common shape."""
        return (len(REPORTS) - 1) * (len(self.years) - 1)

    @property
    def total(self) -> Fraction:
        """What all the years brought."""
        return _YEAR * sum((year.rate for year in self.years), Fraction(0))

    @property
    def scatter(self) -> Fraction:
        """How the steps of all years scatter, as multiples of each year's rate, so that years of another size compare."""
        return sum((year.scatter for year in self.years), Fraction(0))

    def straying(self, month: int) -> Fraction:
        """Return how far apart the years were by a month's report, as a multiple of what independent months explain."""
        share, scattered = self.reached[month], self.scatter
        if share == 1 or not scattered:
            return Fraction(1)
        report = REPORTS.index(month)
        apart = sum(((year.share_by(report) - share) ** 2 for year in self.years), Fraction(0))
        return apart / (scattered / (len(REPORTS) - 1) * share * (1 - share) / _YEAR)


def season_of(history: Points, *, before: int) -> Season | None:
    """Learn from the complete years before; None when there is none, or a month that brought nothing in all of them."""
    known = {(period.year, period.last_month): value for period, value in sorted(history) if period.is_monthly_report}
    years = sorted({year for year, _ in known if year < before})
    complete = [[known[year, month] for month in REPORTS] for year in years if _is_complete(known, year)]
    whole = sum((values[-1] for values in complete), Fraction(0))
    if whole <= 0:
        return None
    shares = [_rounded(sum(month, Fraction(0)) / whole) for month in zip(*complete, strict=True)]
    if any(later <= earlier for earlier, later in pairwise((Fraction(0), *shares))):
        return None
    reached = dict(zip(REPORTS, shares, strict=True))
    return Season(reached, tuple(_past_year(values, shares) for values in complete))


def accumulated(points: Points, *, first_year: int, last: Period, season: Season | None) -> Course:
    """Return the course of what adds up from 1 January of the first year on to the end of the last period."""
    clock = _clock(first_year, season)
    known = [(Fraction(0), Fraction(0)), *((clock(period), value) for period, value in points)]
    return Course(_steps(known), known[-1][1], clock(last) - known[-1][0])


def averaged(points: Points, *, first_year: int, last: Period) -> Course:
    """Return the course of the sums behind a mean: mean times time. The mean at the end is the sum over all of it."""
    clock = _clock(first_year, None)
    sums = [(period, value * clock(period)) for period, value in points]
    return accumulated(sums, first_year=first_year, last=last, season=None)


def moved(points: Points, *, last: Period) -> Course:
    """Return the course of a level from its first known point on."""
    clock = _clock(1, None)
    known = [(clock(period), value) for period, value in points]
    return Course(_steps(known), known[-1][1], clock(last) - known[-1][0])


def duration(last: Period, *, first_year: int) -> Fraction:
    """Return the time from 1 January of the first year to the end of the last period."""
    return _clock(first_year, None)(last)


Clock = Callable[[Period], Fraction]


def _clock(first_year: int, season: Season | None) -> Clock:
    """Return how late it is at the end of a period: in months since the first year began, in years for a yearly period."""

    def read(period: Period) -> Fraction:
        years = period.year - first_year
        if period.grain is Grain.YEAR:
            return Fraction(years + 1)
        reached = season.reached[period.last_month] if season else Fraction(period.last_month, _YEAR)
        return _YEAR * (years + reached)

    return read


def _steps(known: Sequence[tuple[Fraction, Fraction]]) -> tuple[Step, ...]:
    return tuple(Step(value - before, at - since) for (since, before), (at, value) in pairwise(known))


def _rounded(share: Fraction) -> Fraction:
    """Return the share in millionths: what follows from it stays a fraction of handy size."""
    return Fraction(round(share * _MILLION), _MILLION)


def _is_complete(known: Mapping[tuple[int, int], Fraction], year: int) -> bool:
    return all((year, month) in known for month in REPORTS) and known[year, _YEAR] > 0


def _past_year(values: Sequence[Fraction], shares: Sequence[Fraction]) -> PastYear:
    rate = values[-1] / _YEAR
    times = [_YEAR * share for share in shares]
    steps = _steps([(Fraction(0), Fraction(0)), *zip(times, (value / rate for value in values), strict=True)])
    return PastYear(rate, steps, scatter(steps, Fraction(1)))
