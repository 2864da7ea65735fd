"""Which feeds arrived for which period, and which are missing between the first and the newest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.period import Grain, Period

MONTHLY_FEEDS = ("enterprises", "projects")
ROUND_FEEDS = ("ratings", "recognitions", "indicators")


class Arrival(StrEnum):
    """How much of one feed is here for one period."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    MISSING = "missing"
    OVERDUE = "overdue"
    NOT_EXPECTED = "not_expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """One submission, as far as its arrival matters."""

    submission_id: str
    feed: str
    period: str
    complete: bool
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One feed in one period. `submissions` in the order given."""

    feed: str
    arrival: Arrival
    simulated: bool
    submissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeriodArrivals:
    """One period with a cell for each feed."""

    period: str
    cells: tuple[Cell, ...]


def arrivals(
    submitted: Sequence[Submitted], *, overdue: Collection[tuple[str, str]] = ()
) -> tuple[PeriodArrivals, ...]:
    """Return every period, newest first.

    Monthly feeds are expected in each monthly report between the first and the newest one seen of any of them;
    the others come in rounds, and only what arrived is shown. `overdue` are period and feed of the reports that alerts
    press for, whatever feed it is.
    """
    by_cell: dict[tuple[str, str], list[Submitted]] = {}
    for one in submitted:
        by_cell.setdefault((one.period, one.feed), []).append(one)
    seen = {Period.parse(one.period) for one in submitted} | {Period.parse(period) for period, _ in overdue}
    expected = set(_reports_between(_of_feeds(submitted, MONTHLY_FEEDS)))
    return tuple(
        PeriodArrivals(
            str(period),
            tuple(
                _cell(feed, by_cell, period, absent=_absent(feed, period, expected, overdue))
                for feed in (*MONTHLY_FEEDS, *ROUND_FEEDS)
            ),
        )
        for period in sorted(seen | expected, reverse=True)
    )


def _of_feeds(submitted: Iterable[Submitted], feeds: tuple[str, ...]) -> list[Period]:
    periods = (Period.parse(one.period) for one in submitted if one.feed in feeds)
    return [period for period in periods if period.grain in {Grain.MONTH, Grain.TWO_MONTHS}]


def _reports_between(periods: Sequence[Period]) -> Iterable[Period]:
    if not periods:
        return
    report, last = min(periods), max(periods)
    while not last < report:
        yield report
        report = report.next_report()


def _absent(feed: str, period: Period, expected: Collection[Period], overdue: Collection[tuple[str, str]]) -> Arrival:
    """Return what it means when nothing of a feed is here."""
    if (str(period), feed) in overdue:
        return Arrival.OVERDUE
    return Arrival.MISSING if feed in MONTHLY_FEEDS and period in expected else Arrival.NOT_EXPECTED


def _cell(
    feed: str, by_cell: Mapping[tuple[str, str], Sequence[Submitted]], period: Period, *, absent: Arrival
) -> Cell:
    found = by_cell.get((str(period), feed), ())
    arrival = absent if not found else Arrival.COMPLETE if all(one.complete for one in found) else Arrival.INCOMPLETE
    return Cell(
        feed=feed,
        arrival=arrival,
        simulated=any(one.simulated for one in found),
        submissions=tuple(one.submission_id for one in found),
    )
