"""A plan amended in mid-year: what was judged stays, what follows is judged by the new text."""

from dataclasses import replace
from datetime import date

from services.rules.application.catalogue import Catalogue
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.receive_batch import ReceiveBatch, receive_batch
from services.rules.domain.feed import Feed
from services.rules.domain.finding import Finding
from services.rules.domain.in_force import NEVER, InForce
from services.rules.domain.status import Status
from services.rules.domain.target import Target
from services.rules.domain.verdict import Verdict
from tests.contracts.rules_rows import T0, YI, Push, project, push
from tests.contracts.rules_targets import amended_targets, plan_of, target
from tests.fakes.rules import InMemoryDatabase
from tests.fakes.rules_facts import State

AMENDED, DROPPED = "example-plan/m1/amended@2024", "example-plan/m1/dropped@2024"
BEFORE = (
    target("120", identifier="example-plan/m1/amended"),
    target("120", identifier="example-plan/m1/dropped"),
)


def starts(when: str, count: int, sequence: int) -> Push:
    rows = [project(f"{when}-{number}", planned_total_yuan=12 * YI) for number in range(count)]
    return push(Feed.PROJECTS, when, rows, sequence=sequence)


MARCH, APRIL, MAY = starts("2024-03", 5, 1), starts("2024-04", 0, 2), starts("2024-05", 0, 3)


async def feed(state: State, targets: tuple[Target, ...], *pushes: Push) -> State:
    """Receive submissions while the plan demands these targets; return what is kept then."""
    state, _ = await load(state, *targets)
    database = InMemoryDatabase(Catalogue(targets, ()))
    database.state = state
    for one in pushes:
        async with database.transaction() as stores:
            await receive_batch(stores, ReceiveBatch(rows=one.rows, announcements=(one.announcement,)), now=T0)
    return database.state


async def load(state: State, *targets: Target) -> tuple[State, tuple[Verdict, ...]]:
    database = InMemoryDatabase(Catalogue(targets, ()))
    database.state = state
    async with database.transaction() as stores:
        loaded = await load_plans(stores, LoadPlans(plans=(plan_of(targets),), correlation_id="load"), now=T0)
    return database.state, loaded.verdicts


def judged(state: State, target_id: str) -> dict[str, tuple[int, Status]]:
    verdicts = [one for one in state.verdicts if one.target.id == target_id]
    return {str(one.period): (one.target.version, one.status) for one in verdicts}


def told(state: State, target_id: str) -> list[Finding]:
    return [finding for _, finding in state.findings if finding.key.target_id == target_id]


async def test_an_amendment_judges_periods_that_end_on_its_day_or_later_and_leaves_the_others() -> None:
    state = await feed(State(), BEFORE, MARCH, APRIL)
    assert judged(state, AMENDED)["2024-04"] == (1, Status.BEHIND)
    march = [one for one in state.verdicts if one.target.id == AMENDED and str(one.period) == "2024-03"]
    state, verdicts = await load(state, *amended_targets())
    assert [(one.target.id, one.target.version, str(one.period)) for one in verdicts] == [(AMENDED, 2, "2024-04")]
    assert judged(state, AMENDED)["2024-03"] == (1, Status.BEHIND)
    assert judged(state, AMENDED)["2024-04"] == (2, Status.ON_PACE)
    assert [one for one in state.verdicts if one.target.id == AMENDED and str(one.period) == "2024-03"] == march


async def test_loading_the_amended_plan_again_changes_nothing() -> None:
    state, _ = await load(await feed(State(), BEFORE, MARCH, APRIL), *amended_targets())
    counts = (len(state.verdicts), len(state.findings))
    state, verdicts = await load(state, *amended_targets())
    assert (verdicts, (len(state.verdicts), len(state.findings))) == ((), counts)


async def test_a_correction_of_an_old_month_is_judged_by_the_text_of_that_month() -> None:
    state = await feed(State(), amended_targets(), MARCH, APRIL)
    state = await feed(state, amended_targets(), starts("2024-03", 120, 4))
    assert judged(state, AMENDED)["2024-03"] == (1, Status.MET)
    assert judged(state, AMENDED)["2024-04"] == (2, Status.MET)


async def test_a_breach_of_the_old_text_stands_until_the_new_text_is_judged() -> None:
    state = await feed(State(), BEFORE, MARCH)
    state, _ = await load(state, *amended_targets())
    assert [one.is_breach for one in told(state, AMENDED)] == [True]
    state = await feed(state, amended_targets(), APRIL)
    assert [(one.is_breach, one.value) for one in told(state, AMENDED)] == [(True, "≥120个"), (False, "≥12个")]


async def test_a_run_of_breaches_goes_on_across_an_amendment() -> None:
    state = await feed(State(), amended_targets(), starts("2024-03", 0, 1), starts("2024-04", 0, 2))
    assert [(str(one.period), str(one.since)) for one in told(state, AMENDED)] == [
        ("2024-03", "2024-03"),
        ("2024-04", "2024-03"),
    ]


async def test_a_target_that_the_plan_dropped_is_not_judged_from_then_on_and_its_breach_ends_with_the_reason() -> None:
    state = await feed(State(), BEFORE, MARCH)
    state, _ = await load(state, *amended_targets())
    breach, cleared = told(state, DROPPED)
    assert (breach.is_breach, cleared.is_breach, str(cleared.period)) == (True, False, "2024-03")
    assert cleared.judged is not None
    assert breach.judged is not None
    assert cleared.judged.verdict_id == breach.judged.verdict_id
    assert cleared.judged.reasons[0].zh == "计划已调整，自2024-04-01起不再有此目标"
    state = await feed(state, amended_targets(), APRIL, MAY)
    assert set(judged(state, DROPPED)) == {"2024-01/P2M", "2024-03"}
    assert len(told(state, DROPPED)) == 2


async def test_late_figures_of_a_dropped_target_are_judged_for_its_months_and_alert_nobody() -> None:
    state = await feed(State(), amended_targets(), MARCH)
    assert judged(state, DROPPED)["2024-03"] == (1, Status.BEHIND)
    assert told(state, DROPPED) == []


async def test_a_target_that_a_correction_took_out_is_judged_no_more_and_its_breach_ends() -> None:
    state = await feed(State(), BEFORE, MARCH)
    gone = replace(BEFORE[1], in_force=NEVER)
    state, verdicts = await load(state, BEFORE[0], gone)
    assert verdicts == ()
    cleared = told(state, DROPPED)[-1]
    assert not cleared.is_breach
    assert cleared.judged is not None
    assert cleared.judged.reasons[0].zh == "计划文本订正后已无此目标"
    state = await feed(state, (BEFORE[0], gone), APRIL)
    assert "2024-04" not in judged(state, DROPPED)


async def test_a_target_dropped_after_its_year_was_demanded_to_the_end_and_is_told() -> None:
    ended = replace(BEFORE[1], in_force=InForce(until=date(2025, 1, 1)))
    state = await feed(State(), (ended,), starts("2024-12", 3, 1))
    assert [(one.is_breach, str(one.period)) for one in told(state, DROPPED)] == [(True, "2024-12")]
    assert judged(state, DROPPED)["2024-12"] == (1, Status.MISSED)


async def test_a_target_that_an_amendment_brings_begins_with_it() -> None:
    brought = replace(target(identifier="example-plan/m1/brought"), in_force=InForce(since=date(2024, 4, 1)))
    state = await feed(State(), (brought,), MARCH, APRIL)
    assert set(judged(state, "example-plan/m1/brought@2024")) == {"2024-04"}


async def test_whether_the_amendment_or_the_figures_came_first_the_same_is_open_in_the_end() -> None:
    pushes = (MARCH, APRIL, starts("2024-05", 1, 3))
    figures_first, _ = await load(await feed(State(), BEFORE, *pushes), *amended_targets())
    amendment_first = await feed(State(), amended_targets(), *pushes)
    for target_id in (AMENDED, DROPPED):
        last = [told(state, target_id)[-1:] for state in (figures_first, amendment_first)]
        assert [[one.is_breach for one in findings] for findings in last] in ([[False], []], [[False], [False]])
    assert judged(figures_first, AMENDED) == judged(amendment_first, AMENDED)
