"""The finding of a feed that is overdue: which reports are missing, since when, and who owes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.rules.domain.duty import CityDuty, Duties
from services.rules.domain.feed import FEED_NAMES, Feed
from services.rules.domain.finding import (
    Corrected,
    Finding,
    FindingHead,
    FindingKey,
    FindingKind,
    FoundRun,
    Subject,
    Trigger,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.overdue import Chain, LateReport, Silence
from services.rules.domain.reasons import period_zh
from services.rules.domain.runs import ongoing
from services.rules.domain.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A city watched on a day: what it owes, and what it sent."""

    city: CityDuty
    duties: Duties
    ledger: Ledger
    day: date


def overdue_key(city: str, chain: Chain) -> FindingKey:
    """Return the key under which a chain of reports of a city is told."""
    return FindingKey(chain.id, city, FindingKind.FEED_OVERDUE)


def overdue_finding(
    silence: Silence, watch: Watch, told: FindingHead | None, *, triggers: Iterable[Trigger] = ()
) -> Finding | None:
    """Return the finding; None when nothing was ever overdue.

    A report told as missing that turns out to have been accepted in time takes the breach back.
    """
    runs = silence.runs
    if not runs and told is None:
        return None
    chain, city = silence.chain, watch.city
    breach = ongoing(runs)
    period = runs[-1].until if runs or told is None else told.period
    return Finding(
        key=overdue_key(city.city, chain),
        city=city.city,
        severity=None if breach is None else breach.severity,
        period=period,
        since=period if breach is None else breach.since,
        name=_name(chain.feed),
        unit="期",
        value="按期报送",
        plan=city.plan,
        clause=watch.duties.clause(chain.feed, chain.grain),
        units=city.units[chain.feed],
        judged=None,
        subjects=tuple(_subject(chain.feed, one, watch.day) for one in silence.missing),
        simulated=watch.ledger.sends_simulated(chain.feed),
        runs=tuple(FoundRun(run) for run in runs),
        corrected=() if told is None else tuple(Corrected(one.since, one.until) for one in told.vanished(runs)),
        triggers=tuple(triggers),
    )


def _name(feed: Feed) -> Text:
    name = FEED_NAMES[feed]
    return Text(f"{name.zh}报送", f"Delivery of the {name.en}")


def _subject(feed: Feed, late: LateReport, day: date) -> Subject:
    return Subject(
        entity=str(late.period),
        name=f"{period_zh(late.period)}{FEED_NAMES[feed].zh}",
        detail=f"报送截止日为{_day_zh(late.due_on)}",
        note=f"，截至{_day_zh(day)}已逾期{late.days}个工作日",
    )


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
