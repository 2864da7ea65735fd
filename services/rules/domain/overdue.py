"""Which reports nobody sent: a function of the feed calendar, of when reports arrived, and of the day in China.

A report is owed from the first that came in time on: what is loaded of the past, and figures entered once, are no duty.
Nothing here depends on the order in which reports reached this service, or on what was told before.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from services.rules.domain.alerting import Severity
from services.rules.domain.duty import CityDuty, Duties
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.runs import Run
from shared.kernel.china_time import day_in_china
from shared.kernel.period import Grain, Period

_QUARTERS_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Chain:
    """The reports of a feed that follow each other: monthly (January and February together), quarterly, or yearly."""

    feed: Feed
    grain: Grain

    @property
    def id(self) -> str:
        """What its finding is told under: `feed/<feed>` of monthly reports, else with the grain behind it."""
        return f"feed/{self.feed}" if self.grain is Grain.MONTH else f"feed/{self.feed}/{self.grain}"


CHAINS = tuple(Chain(feed, grain) for feed in Feed for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReport:
    """A report that did not arrive by its due day; None for `arrived_on`: it is missing. `days` are working days late."""

    period: Period
    due_on: date
    arrived_on: date | None
    days: int

    @property
    def is_missing(self) -> bool:
        """Whether it is overdue now."""
        return self.arrived_on is None


@dataclass(frozen=True, slots=True)
class Silence:
    """How a chain of reports stands: every stretch in which some were overdue, and the reports that are missing now."""

    chain: Chain
    runs: tuple[Run, ...] = ()
    missing: tuple[LateReport, ...] = ()


def silences_of(city: CityDuty, ledger: Ledger, duties: Duties, *, day: date) -> tuple[Silence, ...]:
    """Return how each chain of reports stands on a day."""
    return tuple(_silence(chain, city, ledger, duties, day) for chain in CHAINS)


def _silence(chain: Chain, city: CityDuty, ledger: Ledger, duties: Duties, day: date) -> Silence:
    arrivals = {
        period: day_in_china(at)
        for period, at in ledger.arrivals(chain.feed).items()
        if _chain_grain(period) is chain.grain
    }
    late = tuple(_late_reports(chain.feed, arrivals, duties, last_year=city.last_year, day=day))
    runs = tuple(_run(stretch, duties.red_after) for stretch in _stretches(late))
    return Silence(chain, runs, tuple(one for one in late if one.is_missing))


def _chain_grain(period: Period) -> Grain | None:
    if period.is_monthly_report:
        return Grain.MONTH
    return period.grain if period.grain in (Grain.QUARTER, Grain.YEAR) else None


# ---- which reports are owed, and late -------------------------------------------------------------------------------


def _late_reports(
    feed: Feed, arrivals: Mapping[Period, date], duties: Duties, *, last_year: int, day: date
) -> Iterator[LateReport]:
    for period in _owed(feed, arrivals, duties, last_year=last_year):
        due = duties.due_on(feed, period)
        if due is None or due >= day:
            return
        arrived = arrivals.get(period)
        if arrived is None or arrived > due:
            days = duties.working_days(due, arrived or day)
            yield LateReport(period=period, due_on=due, arrived_on=arrived, days=days)


def _owed(feed: Feed, arrivals: Mapping[Period, date], duties: Duties, *, last_year: int) -> Iterator[Period]:
    """Yield every period owed, in order, without asking whether its day has come."""
    in_time = sorted(period for period, day in arrivals.items() if _is_current(feed, period, day, duties.due_on))
    needed = duties.owed_after.get(feed, 1)
    if len(in_time) < needed:
        return
    period = _next(in_time[needed - 1])
    while period.year <= last_year:
        yield period
        period = _next(period)


def _is_current(feed: Feed, period: Period, arrived: date, due_on: Callable[[Feed, Period], date | None]) -> bool:
    """Whether a report came before the one after it was due: it belongs to those that are sent as they fall due."""
    due = due_on(feed, _next(period))
    return due is not None and arrived <= due


def _next(period: Period) -> Period:
    match period.grain:
        case Grain.YEAR:
            return Period.whole_year(period.year + 1)
        case Grain.QUARTER if period.last_month == _QUARTERS_LAST_MONTH:
            return Period(period.year + 1, 1, Grain.QUARTER)
        case Grain.QUARTER:
            return Period(period.year, period.last_month + 1, Grain.QUARTER)
        case _:
            return period.next_report()


# ---- stretches ------------------------------------------------------------------------------------------------------


def _stretches(late: Iterable[LateReport]) -> Iterator[tuple[LateReport, ...]]:
    """Yield what was overdue without a day between on which nothing was: reports fall due in the order of their periods."""
    stretch: tuple[LateReport, ...] = ()
    for one in late:
        if stretch and not _goes_on(stretch, one.due_on):
            yield stretch
            stretch = ()
        stretch = (*stretch, one)
    if stretch:
        yield stretch


def _goes_on(stretch: Iterable[LateReport], due_on: date) -> bool:
    return any(one.arrived_on is None or one.arrived_on > due_on for one in stretch)


def _run(stretch: tuple[LateReport, ...], red_after: int) -> Run:
    """A stretch as a run; its light is that of what is missing, and when nothing is any more the worst it was."""
    missing = [one for one in stretch if one.is_missing]
    first, last = stretch[0].period, stretch[-1].period
    return Run(
        since=first,
        until=last,
        fired=first,
        severity=_severity(missing or stretch, red_after),
        worst=_severity(stretch, red_after),
        ended_by=None if missing else last,
    )


def _severity(reports: Iterable[LateReport], red_after: int) -> Severity:
    return Severity.RED if any(one.days > red_after for one in reports) else Severity.YELLOW
