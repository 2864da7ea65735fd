"""Takes what arrived from the log: rows and announcements of submissions, and parked rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.rules.application.evaluate_city import Evaluation, evaluate_city, trigger_of
from services.rules.application.journal import Round
from services.rules.application.ports import Settled, Stores
from services.rules.domain.agenda import Touch
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import FeedRow
from services.rules.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveBatch:
    """Rows and announcements in the order of the log."""

    rows: tuple[FeedRow, ...] = ()
    announcements: tuple[Announcement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkRow:
    """A row event that cannot be read was parked; its headers named submission and row."""

    submission_id: str
    row_number: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch led to, for metrics: new verdicts, and how old each completed submission is now."""

    verdicts: tuple[Verdict, ...] = ()
    lags: tuple[timedelta, ...] = field(default=())


async def receive_batch(stores: Stores, command: ReceiveBatch, *, now: datetime) -> Outcome:
    """Keep the batch; when it completes submissions, evaluate what they touch, in the same transaction."""
    touched = await stores.intake.store_rows(command.rows)
    touched |= await stores.intake.announce(command.announcements)
    return await _evaluate_settled(stores, touched, now=now)


async def park_row(stores: Stores, command: ParkRow, *, now: datetime) -> Outcome:
    """Count the parked row to its submission, which may complete it."""
    touched = await stores.intake.count_parked(command.submission_id, command.row_number)
    return await _evaluate_settled(stores, touched, now=now)


async def _evaluate_settled(stores: Stores, touched: frozenset[str], *, now: datetime) -> Outcome:
    settled = await stores.intake.settle(touched, now=now)
    if not settled:
        return Outcome()
    catalogue = await stores.plans.catalogue()
    touches = await _touches(stores, settled)
    cities = sorted({one.submission.city for one in settled} | _readers(touches, catalogue.cities))
    await stores.facts.lock(cities)
    at = await _dated(stores, settled, cities, now=now)
    verdicts: list[Verdict] = []
    for city in cities:
        evaluation = Evaluation(
            city=city,
            touches=tuple(_seen_from(city, touches)),
            triggers=tuple(trigger_of(one.submission) for one in settled),
            now=at,
            correlation_id=settled[-1].submission.correlation_id,
        )
        verdicts += await evaluate_city(stores, catalogue.of(city), evaluation)
    return Outcome(tuple(verdicts), tuple(now - one.submission.recorded_at for one in settled))


async def _dated(stores: Stores, settled: Sequence[Settled], cities: Sequence[str], *, now: datetime) -> datetime:
    """Write down the round; return its instant, from which on what the submissions say is known."""
    ids = tuple(one.submission.submission_id for one in settled)
    unparked = tuple(f"{submission_id}:{row}" for submission_id, row in stores.intake.unparked if submission_id in ids)
    correlation_id = settled[-1].submission.correlation_id
    entry = Round(cities=tuple(cities), cause="submissions", subjects=ids + unparked, correlation_id=correlation_id)
    at = await stores.journal.begin(entry, now=now)
    new = [one.submission.submission_id for one in settled if not one.again]
    if at != now and new:
        await stores.intake.date(new, at=at)
    return at


async def _touches(stores: Stores, settled: Sequence[Settled]) -> list[tuple[str, Touch]]:
    """Return what each submission touches, with its city; submissions of one report may touch the same."""
    touches = [(one.submission.city, await _touch(stores, one)) for one in settled]
    return list(dict.fromkeys(touches))


async def _touch(stores: Stores, one: Settled) -> Touch:
    submission = one.submission
    feed, submission_id = submission.feed, submission.submission_id
    is_dated = feed in (Feed.PROJECTS, Feed.ENTERPRISES)
    return Touch(
        feed=feed,
        period=submission.period,
        cells=await stores.facts.touched_cells(submission_id) if feed is Feed.INDICATORS else frozenset(),
        register=feed is Feed.ENTERPRISES and await stores.facts.moves_register(submission_id),
        superseded_from=await stores.facts.superseded_from(submission) if is_dated else None,
        parking=one.again or submission.parked > 0,
        begins=one.begins,
    )


def _seen_from(city: str, touches: Sequence[tuple[str, Touch]]) -> Iterator[Touch]:
    """Yield what concerns a city: its own submissions, and of others the published figures, which begin no period of it."""
    for owner, touch in touches:
        if owner == city:
            yield touch
        elif touch.cells:
            yield replace(touch, begins=False)


def _readers(touches: Sequence[tuple[str, Touch]], cities: Sequence[str]) -> set[str]:
    """Return the cities that may read published figures of another (the province's): all, when there are any."""
    return set(cities) if any(touch.cells for _, touch in touches) else set()
