from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.domain.alerting import Alerting, Binding, Severity
from services.rules.domain.in_force import InForce
from services.rules.domain.judged import VerdictHead
from services.rules.domain.lagging import standing_by_lights
from services.rules.domain.lights import ShortfallUnit
from services.rules.domain.runs import Run
from services.rules.domain.status import UNKNOWN, Status
from services.rules.domain.target import Direction, Target
from services.rules.domain.target_history import TargetHistory
from shared.kernel.period import Period
from tests.contracts.rules_targets import lights, target

MONTHS = [Period.month(2024, month) for month in (1, *range(3, 13))]
JANUARY, MARCH, APRIL, MAY, JUNE = MONTHS[:5]
YELLOW, RED = Severity.YELLOW, Severity.RED
BEHIND, FAR, MISSED = Status.BEHIND, Status.FAR_BEHIND, Status.MISSED
ON_PACE, MET = Status.ON_PACE, Status.MET
NO_DATA, CANNOT, NOT_DUE = UNKNOWN


def heads(statuses: Sequence[Status], *points: int) -> dict[Period, VerdictHead]:
    gaps = [*points, *([None] * len(statuses))]
    return {
        period: VerdictHead(
            verdict_id=f"verdict_{period}",
            target_version=1,
            status=status,
            gap_points=None if gap is None else Decimal(gap),
        )
        for period, status, gap in zip(MONTHS, statuses, gaps, strict=False)
    }


def history(judged: Target | None = None) -> TargetHistory:
    return TargetHistory((judged or target(),))


def spans(statuses: Sequence[Status], judged: Target | None = None, *points: int) -> list[tuple[str, ...]]:
    standing = standing_by_lights(history(judged), heads(statuses, *points))
    return [(str(run.since), str(run.until), str(run.ended_by or "goes on"), run.worst.value) for run in standing.runs]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        pytest.param([ON_PACE, MET], [], id="never in breach"),
        pytest.param([BEHIND], [("2024-01/P2M", "2024-01/P2M", "goes on", "yellow")], id="one period"),
        pytest.param([BEHIND, FAR], [("2024-01/P2M", "2024-03", "goes on", "red")], id="worse in the same run"),
        pytest.param([FAR, BEHIND], [("2024-01/P2M", "2024-03", "goes on", "red")], id="better, and the worst stays"),
        pytest.param([BEHIND, ON_PACE], [("2024-01/P2M", "2024-01/P2M", "2024-03", "yellow")], id="recovered"),
        pytest.param(
            [BEHIND, ON_PACE, FAR],
            [("2024-01/P2M", "2024-01/P2M", "2024-03", "yellow"), ("2024-04", "2024-04", "goes on", "red")],
            id="again",
        ),
        pytest.param(
            [BEHIND, NO_DATA], [("2024-01/P2M", "2024-01/P2M", "goes on", "yellow")], id="silence ends nothing"
        ),
        pytest.param(
            [BEHIND, CANNOT, NOT_DUE, BEHIND], [("2024-01/P2M", "2024-05", "goes on", "yellow")], id="silence within"
        ),
        pytest.param([NOT_DUE, NOT_DUE, MISSED], [("2024-04", "2024-04", "goes on", "red")], id="missed at the end"),
    ],
)
def test_a_run_is_an_uninterrupted_breach(statuses: list[Status], expected: list[tuple[str, ...]]) -> None:
    assert spans(statuses) == expected


def holding(hold: int) -> Target:
    return target(grading=lights(alerting=Alerting(hold=hold)))


@pytest.mark.parametrize(
    ("statuses", "fired"),
    [
        pytest.param([BEHIND], None, id="one period is not enough"),
        pytest.param([BEHIND, ON_PACE, BEHIND], None, id="a good one between starts anew"),
        pytest.param([BEHIND, BEHIND], MARCH, id="two in a row"),
        pytest.param([BEHIND, NO_DATA, FAR], APRIL, id="silence between neither counts nor breaks"),
        pytest.param([ON_PACE, MISSED], MARCH, id="missed for good does not wait"),
    ],
)
def test_a_breach_must_hold_before_it_is_told(statuses: list[Status], fired: Period | None) -> None:
    runs = standing_by_lights(history(holding(2)), heads(statuses)).runs
    assert [run.fired for run in runs] == ([] if fired is None else [fired])


def test_a_breach_that_held_began_with_its_first_period() -> None:
    (run,) = standing_by_lights(history(holding(3)), heads([ON_PACE, BEHIND, BEHIND, BEHIND])).runs
    assert (run.since, run.fired, run.until) == (MARCH, MAY, MAY)


def recovering(
    bound: str, *, unit: ShortfallUnit = ShortfallUnit.POINTS, direction: Direction = Direction.UP
) -> Target:
    return target(grading=lights(unit, alerting=Alerting(recover=Decimal(bound))), direction=direction)


@pytest.mark.parametrize(
    ("gap", "ended"),
    [
        pytest.param(4, False, id="green, but not by as much as recovery asks"),
        pytest.param(5, True, id="the bound met exactly is met"),
        pytest.param(6, True, id="beyond it"),
    ],
)
def test_a_breach_ends_only_beyond_the_recovery_bound(gap: int, *, ended: bool) -> None:
    (run,) = standing_by_lights(history(recovering("-5")), heads([BEHIND, ON_PACE], -9, gap)).runs
    assert (run.ended_by == MARCH) is ended


def test_a_goal_that_is_met_ends_a_breach_whatever_the_bound() -> None:
    (run,) = standing_by_lights(history(recovering("-50")), heads([BEHIND, MET], -9, 1)).runs
    assert run.ended_by == MARCH


def test_of_a_target_that_must_stay_below_more_is_behind() -> None:
    (run,) = standing_by_lights(
        history(recovering("-5", direction=Direction.DOWN)), heads([BEHIND, ON_PACE], 9, -5)
    ).runs
    assert run.ended_by == MARCH


def test_green_that_is_not_recovery_leaves_the_breach_as_it_was() -> None:
    standing = standing_by_lights(history(recovering("-5")), heads([FAR, ON_PACE, BEHIND], -40, 1, -3))
    (run,) = standing.runs
    assert (run.since, run.until, run.severity, run.worst, standing.governing) == (JANUARY, APRIL, YELLOW, RED, APRIL)


def test_a_yellow_light_of_a_binding_target_is_as_severe_as_the_lights_say() -> None:
    severities = {Binding.BINDING: {YELLOW: RED, RED: RED}, Binding.EXPECTED: {YELLOW: YELLOW, RED: RED}}
    grading = lights(alerting=Alerting(severities=severities))
    found = {
        binding: standing_by_lights(history(target(grading=grading, binding=binding)), heads([BEHIND])).runs[0].severity
        for binding in Binding
    }
    assert found == {Binding.BINDING: RED, Binding.EXPECTED: YELLOW}


@pytest.mark.parametrize(
    ("statuses", "governing", "stale_since"),
    [
        pytest.param([BEHIND], JANUARY, None, id="fresh"),
        pytest.param([BEHIND, NO_DATA, CANNOT], JANUARY, MARCH, id="silent since March"),
        pytest.param([BEHIND, NO_DATA, BEHIND], APRIL, None, id="figures again"),
        pytest.param([BEHIND, NOT_DUE], JANUARY, None, id="nothing was due"),
        pytest.param([ON_PACE, NO_DATA], JANUARY, None, id="no breach, no staleness"),
        pytest.param([NO_DATA], None, None, id="nothing ever said"),
    ],
)
def test_the_latest_verdict_that_says_good_or_bad_governs_and_silence_makes_a_breach_stale(
    statuses: list[Status], governing: Period | None, stale_since: Period | None
) -> None:
    standing = standing_by_lights(history(), heads(statuses))
    assert (standing.governing, standing.stale_since) == (governing, stale_since)


def test_verdicts_of_another_version_than_the_one_that_judges_the_period_say_nothing() -> None:
    amended = TargetHistory(
        (
            target(in_force=InForce(until=date(2024, 4, 1))),
            target(version=2, in_force=InForce(since=date(2024, 4, 1))),
        )
    )
    judged = heads([BEHIND, BEHIND, BEHIND])
    assert standing_by_lights(amended, judged).runs[0].until == MARCH
    judged[APRIL] = replace(judged[APRIL], target_version=2)
    assert standing_by_lights(amended, judged).runs[0].until == APRIL


def test_what_a_plan_demands_no_more_is_no_breach_that_goes_on() -> None:
    dropped = target(in_force=InForce(until=date(2024, 6, 1)))
    runs = standing_by_lights(TargetHistory((dropped,)), heads([BEHIND, ON_PACE, FAR])).runs
    assert [(run.since, run.ended_by) for run in runs] == [(JANUARY, MARCH)]


@pytest.mark.parametrize(
    ("since", "until", "shared"),
    [
        pytest.param(JANUARY, JANUARY, False, id="before"),
        pytest.param(JANUARY, MARCH, True, id="into its first period"),
        pytest.param(MAY, JUNE, True, id="from its last period"),
        pytest.param(JUNE, JUNE, False, id="after"),
        pytest.param(JANUARY, JUNE, True, id="around it"),
    ],
)
def test_runs_are_the_same_breach_when_they_share_a_period(since: Period, until: Period, *, shared: bool) -> None:
    run = Run(since=MARCH, until=MAY, fired=MARCH, severity=YELLOW, worst=YELLOW)
    assert run.shares_period(since, until) is shared


@given(st.lists(st.sampled_from(list(Status)), max_size=11), st.integers(1, 3))
def test_runs_follow_each_other_and_only_the_last_may_go_on(statuses: list[Status], hold: int) -> None:
    standing = standing_by_lights(history(holding(hold)), heads(statuses))
    for run, following in zip(standing.runs, standing.runs[1:], strict=False):
        assert run.ended_by is not None
        assert run.until.end < run.ended_by.end < following.since.end
    for run in standing.runs:
        assert run.since.end <= run.fired.end <= run.until.end
        assert run.severity.rank <= run.worst.rank
