import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.receive_batch import ParkRow, ReceiveBatch, park_row, receive_batch
from services.rules.domain.feed import Feed
from services.rules.domain.finding import Finding
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import FeedRow
from services.rules.domain.signal import SignalKind
from services.rules.domain.status import Status
from services.rules.domain.verdict import Verdict
from tests.contracts.rules_rows import T0, YI, Push, figure, firm, gone_figure, gone_project, period, project, push
from tests.contracts.rules_scenario import CATALOGUE, GROWTH, Outcome, random_submissions, submissions
from tests.contracts.rules_sources import RANKS
from tests.contracts.rules_targets import plan_of
from tests.fakes.rules import InMemoryDatabase

STARTS = "example-plan/m1/starts-10yi@2024"
BIG = {"planned_total_yuan": 12 * YI}
Event = FeedRow | Announcement


@pytest.fixture
async def database() -> InMemoryDatabase:
    return await loaded()


async def loaded() -> InMemoryDatabase:
    """The catalogue of the scenario, loaded: every target has its first verdict."""
    database = InMemoryDatabase(CATALOGUE)
    async with database.transaction() as stores:
        await load_plans(stores, LoadPlans(plans=(plan_of(CATALOGUE.targets),), correlation_id="load"), now=T0)
    return database


def events_of(pushes: Iterable[Push]) -> list[Event]:
    return [event for one in pushes for event in (*one.rows, one.announcement)]


async def receive(database: InMemoryDatabase, *events: Event) -> tuple[Verdict, ...]:
    command = ReceiveBatch(
        rows=tuple(event for event in events if not isinstance(event, Announcement)),
        announcements=tuple(event for event in events if isinstance(event, Announcement)),
    )
    async with database.transaction() as stores:
        return (await receive_batch(stores, command, now=T0)).verdicts


def outcome_of(database: InMemoryDatabase) -> Outcome:
    state = database.state
    findings = {finding.key: finding for _, finding in state.findings}
    signals = {signal.signal_id: (signal.fingerprint, active) for signal, active in state.signals}
    stated = {one.target.id: one for one in state.forecasts}
    return Outcome(
        rows=frozenset(state.rows),
        verdicts={(one.target.id, str(one.period)): (one.verdict_id, one.status) for one in state.verdicts},
        forecasts=frozenset((key, one.fingerprint) for key, one in stated.items() if not one.is_empty),
        signals=frozenset((key, fingerprint) for key, (fingerprint, active) in signals.items() if active),
        breaches=frozenset(
            (f"{key}", f"{one.severity}", one.fingerprint) for key, one in findings.items() if one.is_breach
        ),
    )


def current(database: InMemoryDatabase, target_id: str, when: str) -> Verdict:
    found = [one for one in database.state.verdicts if one.target.id == target_id and str(one.period) == when]
    return found[-1]


def told(database: InMemoryDatabase) -> list[tuple[int, Finding]]:
    """What was told of project starts, with its sequence."""
    return [(sequence, one) for sequence, one in database.state.findings if one.key.target_id == STARTS]


def entries(database: InMemoryDatabase) -> list[str]:
    """The firms with an active signal of an entry."""
    signals = {signal.signal_id: (signal, active) for signal, active in database.state.signals}
    return [
        signal.entity
        for signal, active in signals.values()
        if active and signal.rule.kind is SignalKind.ABOVE_SCALE_ENTRY
    ]


async def deliver(batches: Sequence[Sequence[Event]]) -> Outcome:
    database = await loaded()
    database.state.authorities = RANKS
    for batch in batches:
        await receive(database, *batch)
    return outcome_of(database)


IN_ORDER = asyncio.run(deliver([events_of(submissions())]))


# ---- order and repetition -------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), repeats=st.integers(0, 20), size=st.integers(1, 12))
def test_any_order_and_repetition_of_the_same_events_ends_in_the_same_state(seed: int, repeats: int, size: int) -> None:
    events = events_of(submissions())
    dice = random.Random(seed)  # noqa: S311  a test's dice
    shuffled = [*events, *dice.choices(events, k=repeats)]
    dice.shuffle(shuffled)
    batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    assert asyncio.run(deliver(batches)) == IN_ORDER


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 14), size=st.integers(1, 9))
def test_any_reports_corrections_and_removals_end_in_the_same_state_in_any_order(
    seed: int, count: int, size: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  a test's dice
    pushes = random_submissions(dice, count)
    straight = asyncio.run(deliver([events_of([one]) for one in pushes]))
    events = [*events_of(pushes), *dice.choices(events_of(pushes), k=3)]
    dice.shuffle(events)
    assert asyncio.run(deliver([events[start : start + size] for start in range(0, len(events), size)])) == straight


def test_the_scenario_shows_something_of_everything() -> None:
    statuses = {status for _, status in IN_ORDER.verdicts.values()}
    assert {Status.NOT_DUE, Status.NO_DATA, Status.MISSED} <= statuses
    assert statuses & {Status.BEHIND, Status.FAR_BEHIND, Status.ON_PACE}
    assert len(IN_ORDER.signals) > 10
    assert any("rating_d" in key for key, _, _ in IN_ORDER.breaches)
    assert any("lagging" in key for key, _, _ in IN_ORDER.breaches)


async def test_the_same_events_twice_change_nothing(database: InMemoryDatabase) -> None:
    await receive(database, *events_of(submissions()))
    before = database.state
    assert await receive(database, *events_of(submissions())) == ()
    assert (len(database.state.verdicts), len(database.state.findings)) == (len(before.verdicts), len(before.findings))


async def test_a_day_that_was_yet_to_come_is_an_entry_once_a_report_covers_it(database: InMemoryDatabase) -> None:
    early = push(Feed.ENTERPRISES, "2024-12", [firm("early", entered_on=date(2025, 1, 5))], sequence=1)
    await receive(database, *events_of([early]))
    assert entries(database) == []
    await receive(database, *events_of([push(Feed.ENTERPRISES, "2025-01/P2M", [], sequence=2)]))
    assert entries(database) == ["early"]


async def test_a_report_known_from_another_submission_makes_another_verdict(database: InMemoryDatabase) -> None:
    """The December before was first known by real figures; simulated ones that came before them arrive late."""
    crossing = "example-plan/m18/crossing@2024"
    end, real = push(Feed.ENTERPRISES, "2024-12", [], sequence=3), push(Feed.ENTERPRISES, "2023-12", [], sequence=2)
    await receive(database, *events_of([real, end]))
    before = current(database, crossing, "2024-12")
    await receive(database, *events_of([push(Feed.ENTERPRISES, "2023-12", [], sequence=1, simulated=True)]))
    after = current(database, crossing, "2024-12")
    assert (before.simulated, after.simulated, before.actual) == (False, True, after.actual)
    assert after.verdict_id != before.verdict_id


# ---- completeness ---------------------------------------------------------------------------------------------------

MARCH = push(Feed.PROJECTS, "2024-03", [project(f"p{number}", **BIG) for number in range(3)], sequence=1)


async def test_a_half_read_month_is_not_judged(database: InMemoryDatabase) -> None:
    assert await receive(database, MARCH.announcement, *MARCH.rows[:2]) == ()
    verdicts = {verdict.target.id: verdict for verdict in await receive(database, MARCH.rows[2])}
    assert verdicts[STARTS].actual == 3


async def test_a_half_read_correction_leaves_the_verdict_as_it_was(database: InMemoryDatabase) -> None:
    await receive(database, *events_of([MARCH]))
    correction = push(Feed.PROJECTS, "2024-03", [gone_project("p0"), gone_project("p1")], sequence=2)
    other = push(Feed.PROJECTS, "2024-04", [], sequence=3)
    await receive(database, correction.rows[0], correction.announcement)
    await receive(database, *events_of([other]))
    assert current(database, STARTS, "2024-04").actual == 3
    await receive(database, correction.rows[1])
    assert current(database, STARTS, "2024-03").actual == 1
    assert current(database, STARTS, "2024-04").actual == 1


async def test_a_month_first_seen_gives_every_target_of_the_city_a_verdict(database: InMemoryDatabase) -> None:
    verdicts = await receive(database, *events_of([MARCH]))
    at_march = {verdict.target.id: verdict.status for verdict in verdicts if verdict.period == period("2024-03")}
    monthly = {target.id for target in CATALOGUE.targets if target.horizon.year == 2024 and not target.yearly}
    assert set(at_march) == monthly
    assert at_march["example-plan/t/growth@2024"] is Status.NO_DATA
    assert at_march["example-plan/m20/net@2024"] is Status.NOT_DUE


async def test_only_what_a_submission_touches_is_judged_again(database: InMemoryDatabase) -> None:
    await receive(database, *events_of([MARCH, push(Feed.ENTERPRISES, "2024-03", [firm("a")], sequence=2)]))
    ids = {one.target.id: one.verdict_id for one in database.state.verdicts}
    verdicts = await receive(database, *events_of([push(Feed.PROJECTS, "2024-03", [gone_project("p0")], sequence=3)]))
    touched = {verdict.target.id for verdict in verdicts}
    assert touched == {STARTS, "example-plan/m1/amended@2024", "example-plan/m1/dropped@2024"}
    kept = {one.target.id: one.verdict_id for one in database.state.verdicts if one.target.id not in touched}
    assert kept == {key: value for key, value in ids.items() if key not in touched}


async def test_an_empty_submission_makes_zero_known(database: InMemoryDatabase) -> None:
    await receive(database, push(Feed.PROJECTS, "2024-03", [], sequence=1).announcement)
    verdict = current(database, STARTS, "2024-03")
    assert (verdict.actual, verdict.status) == (Decimal(0), Status.BEHIND)


# ---- parked rows ----------------------------------------------------------------------------------------------------


async def test_a_parked_row_makes_its_targets_cannot_judge_until_it_is_sent_again(database: InMemoryDatabase) -> None:
    await receive(database, MARCH.announcement, *MARCH.rows[:2])
    async with database.transaction() as stores:
        outcome = await park_row(stores, ParkRow(submission_id=MARCH.submission_id, row_number=3), now=T0)
    assert outcome.lags == (timedelta(0),)
    verdict = current(database, STARTS, "2024-03")
    assert (verdict.status, verdict.reasons[0].code) == (Status.CANNOT_JUDGE, "rows_parked")
    await receive(database, MARCH.rows[2])
    assert current(database, STARTS, "2024-03").actual == 3


async def test_a_verdict_that_cannot_be_judged_neither_opens_nor_ends_an_alert(database: InMemoryDatabase) -> None:
    await receive(database, push(Feed.PROJECTS, "2024-03", [], sequence=1).announcement)
    april = push(Feed.PROJECTS, "2024-04", [project(f"q{number}", **BIG) for number in range(30)], sequence=2)
    await receive(database, april.announcement, *april.rows[1:])
    async with database.transaction() as stores:
        await park_row(stores, ParkRow(submission_id=april.submission_id, row_number=1), now=T0)
    (sequence, finding) = told(database)[-1]
    assert (finding.is_breach, sequence, str(finding.period), str(finding.stale_since)) == (
        True,
        2,
        "2024-03",
        "2024-04",
    )
    await receive(database, april.rows[0])
    (sequence, finding) = told(database)[-1]
    assert (finding.is_breach, sequence, str(finding.period)) == (False, 3, "2024-04")


async def test_a_verdict_that_holds_again_is_written_again_with_its_id(database: InMemoryDatabase) -> None:
    await receive(database, *events_of([MARCH]))
    first = current(database, STARTS, "2024-03")
    small = push(Feed.PROJECTS, "2024-03", [project("small", planned_total_yuan=YI)], sequence=2)
    await receive(database, small.announcement)
    async with database.transaction() as stores:
        await park_row(stores, ParkRow(submission_id=small.submission_id, row_number=1), now=T0)
    assert current(database, STARTS, "2024-03").status is Status.CANNOT_JUDGE
    await receive(database, small.rows[0])
    again = [
        one.verdict_id for one in database.state.verdicts if one.target.id == STARTS and one.period == first.period
    ]
    assert (again[0], again[-1], len(again)) == (first.verdict_id, first.verdict_id, 3)


# ---- findings -------------------------------------------------------------------------------------------------------


async def test_a_correction_of_an_older_month_moves_since_and_is_told(database: InMemoryDatabase) -> None:
    """March was on pace, April behind; the correction makes March behind too: the run began in March."""
    march = push(Feed.PROJECTS, "2024-03", [project(f"p{number}", **BIG) for number in range(15)], sequence=1)
    april = push(Feed.PROJECTS, "2024-04", [], sequence=2)
    await receive(database, *events_of([march, april]))
    assert [(str(one.period), str(one.since)) for _, one in told(database)] == [("2024-04", "2024-04")]
    await receive(database, *events_of([push(Feed.PROJECTS, "2024-03", [gone_project("p0")], sequence=3)]))
    (sequence, finding) = told(database)[-1]
    assert (sequence, str(finding.period), str(finding.since)) == (2, "2024-04", "2024-03")


async def test_a_breach_whose_figure_is_withdrawn_is_cleared_and_later_silence_does_not_end_one(
    database: InMemoryDatabase,
) -> None:
    await receive(database, *events_of([push(Feed.INDICATORS, "2024-03", [figure(GROWTH, "1.0")], sequence=1)]))
    await receive(database, *events_of([push(Feed.PROJECTS, "2024-04", [], sequence=2)]))
    growth = "example-plan/t/growth@2024"
    assert current(database, growth, "2024-04").status is Status.NO_DATA
    findings = [one for _, one in database.state.findings if one.key.target_id == growth]
    assert [(one.is_breach, one.stale_since) for one in findings] == [(True, None), (True, period("2024-04"))]
    await receive(database, *events_of([push(Feed.INDICATORS, "2024-03", [gone_figure(GROWTH)], sequence=3)]))
    (*_, cleared) = [one for _, one in database.state.findings if one.key.target_id == growth]
    assert (cleared.is_breach, [str(one.since) for one in cleared.corrected]) == (False, ["2024-03"])


async def test_a_breach_of_a_ratio_is_cleared_when_a_correction_leaves_nothing_to_divide_by(
    database: InMemoryDatabase,
) -> None:
    """Whether the correction came before or after the breach, nothing is open in the end."""
    share = "example-plan/t/share@2024"
    await receive(
        database, *events_of([push(Feed.ENTERPRISES, "2024-03", [firm("a", revenue_ytd_yuan=1)], sequence=1)])
    )
    assert current(database, share, "2024-03").status in {Status.BEHIND, Status.FAR_BEHIND}
    await receive(database, *events_of([push(Feed.ENTERPRISES, "2024-03", [firm("a", above_scale=False)], sequence=2)]))
    assert current(database, share, "2024-03").status is Status.CANNOT_JUDGE
    assert [one.is_breach for _, one in database.state.findings if one.key.target_id == share] == [True, False]


async def test_figures_of_a_simulated_source_mark_verdict_and_finding(database: InMemoryDatabase) -> None:
    await receive(database, *events_of([push(Feed.PROJECTS, "2024-03", [], sequence=1, simulated=True)]))
    assert current(database, STARTS, "2024-03").simulated
    assert all(finding.simulated for _, finding in database.state.findings)


# ---- plans ----------------------------------------------------------------------------------------------------------


async def test_every_target_has_a_verdict_before_anything_was_fed(database: InMemoryDatabase) -> None:
    verdicts = database.state.verdicts
    assert {verdict.target.id for verdict in verdicts} == {target.id for target in CATALOGUE.targets}
    assert {verdict.status for verdict in verdicts} <= {Status.NO_DATA, Status.NOT_DUE}
    assert database.state.findings == []


async def test_a_new_version_of_a_target_is_judged_for_every_known_period(database: InMemoryDatabase) -> None:
    await receive(database, *events_of([MARCH]))
    targets = tuple(replace(target, version=2) if target.id == STARTS else target for target in CATALOGUE.targets)
    changed = InMemoryDatabase(replace(CATALOGUE, targets=targets))
    changed.state = database.state
    async with changed.transaction() as stores:
        loaded = await load_plans(stores, LoadPlans(plans=(plan_of(targets),), correlation_id="load"), now=T0)
    assert [(one.target.id, one.target.version, str(one.period)) for one in loaded.verdicts] == [
        (STARTS, 2, "2024-01/P2M"),
        (STARTS, 2, "2024-03"),
    ]
