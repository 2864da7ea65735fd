from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.domain import reasons
from services.rules.domain.evidence import Evidence
from services.rules.domain.feed import Feed
from services.rules.domain.lights import Light, Lights, ShortfallUnit
from services.rules.domain.pace import AtHorizon, BaselineLinear, Integer, Linear, Pace
from services.rules.domain.quantity import ReportedFigure
from services.rules.domain.status import Status
from services.rules.domain.target import Comparator, Direction, Reference, Target
from services.rules.domain.verdict import Verdict, judge
from tests.contracts.rules_rows import CITY, period
from tests.contracts.rules_targets import STEPPED, indicator, lights, target

DOWN: dict[str, Any] = {"comparator": Comparator.LE, "direction": Direction.DOWN}


def verdict(judged: Target, actual: str | None, when: str = "2024-06", *, reference: str | None = None) -> Verdict:
    evidence = Evidence(
        actual=None if actual is None else Fraction(actual),
        reference=None if reference is None else Fraction(reference),
    )
    return judge(judged, evidence, period=period(when))


@pytest.mark.parametrize(
    ("actual", "when", "status"),
    [
        pytest.param("30", "2024-06", Status.ON_PACE, id="exactly on pace"),
        pytest.param("31", "2024-06", Status.ON_PACE, id="ahead"),
        pytest.param("60", "2024-06", Status.MET, id="the goal reached early"),
        pytest.param("29", "2024-06", Status.BEHIND, id="one short"),
        pytest.param("12", "2024-06", Status.BEHIND, id="exactly 30 points behind"),
        pytest.param("11", "2024-06", Status.FAR_BEHIND, id="more than 30 points behind"),
        pytest.param("60", "2024-12", Status.MET, id="exactly the goal at the end"),
        pytest.param("59", "2024-12", Status.MISSED, id="one short at the end"),
    ],
)
def test_sixty_projects_a_year_judged_linearly(actual: str, when: str, status: Status) -> None:
    assert verdict(target("60"), actual, when).status is status


def test_a_verdict_says_by_how_much_in_the_targets_unit_in_points_and_in_per_cent() -> None:
    found = verdict(target("200"), "83", "2024-06")
    assert (found.expected, found.actual, found.gap) == (Decimal(100), Decimal(83), Decimal(-17))
    assert (found.gap_points, found.gap_percent) == (Decimal("-8.5"), Decimal(-17))
    assert found.reasons[0].zh == ("实际83个，序时应为100个，差17个（按目标值计落后8.5个百分点，比序时应达数少17%）")
    assert found.reasons[0].en == (
        "Actual 83 个, expected by now 100: 17 short (8.5 points of the target, 17 per cent of the expected)"
    )


def test_one_project_does_not_flip_the_light_of_a_small_integer_target() -> None:
    """10 projects of 50亿元 a year: floor(10·m/12), not 0.83 a month (trap 7)."""
    small = target("10", pace=Integer())
    assert verdict(small, "1", "2024-01/P2M").status is Status.ON_PACE
    assert verdict(small, "2", "2024-03").status is Status.ON_PACE
    assert verdict(target("10", pace=Linear()), "2", "2024-03").status is Status.BEHIND


@pytest.mark.parametrize(
    ("comparator", "actual", "status"),
    [
        pytest.param(Comparator.GE, "9", Status.MET, id="以上 includes the bound"),
        pytest.param(Comparator.GT, "9", Status.MISSED, id="超 does not"),
        pytest.param(Comparator.GT, "9.0001", Status.MET, id="超 is met by anything more"),
        pytest.param(Comparator.EQ, "9", Status.MET, id="exactly"),
        pytest.param(Comparator.EQ, "10", Status.MISSED, id="more is not equal"),
    ],
)
def test_comparators_at_the_bound(comparator: Comparator, actual: str, status: Status) -> None:
    assert verdict(target("9", pace=AtHorizon(), comparator=comparator), actual, "2024-12").status is status


# ---- zero and downward targets (T3, trap 15) ------------------------------------------------------------------------


@pytest.mark.parametrize(("actual", "status"), [("0", Status.MET), ("1", Status.MISSED)])
def test_a_target_of_zero_is_met_by_zero_and_missed_by_one(actual: str, status: Status) -> None:
    found = verdict(target("0", **DOWN), actual, "2024-12")
    assert found.status is status
    assert found.gap_percent is None
    assert found.gap_points is None


@pytest.mark.parametrize(("actual", "status"), [("0", Status.ON_PACE), ("1", Status.FAR_BEHIND)])
def test_a_target_of_zero_during_the_year(actual: str, status: Status) -> None:
    for unit in ShortfallUnit:
        assert verdict(target("0", **DOWN, grading=lights(unit)), actual, "2024-06").status is status


@pytest.mark.parametrize(
    ("actual", "when", "status"),
    [
        pytest.param("0.40", "2024-12", Status.MET, id="exactly the bound"),
        pytest.param("0.39", "2024-12", Status.MET, id="less is better"),
        pytest.param("0.41", "2024-12", Status.MISSED, id="more is missed"),
        pytest.param("0.44", "2022-12", Status.ON_PACE, id="exactly on the falling path"),
        pytest.param("0.45", "2022-12", Status.BEHIND, id="above the falling path is behind"),
        pytest.param("0.60", "2022-12", Status.FAR_BEHIND, id="far above it"),
    ],
)
def test_a_target_that_must_fall_is_judged_the_other_way_round(actual: str, when: str, status: Status) -> None:
    falling = target("0.4", pace=BaselineLinear(Decimal("0.48"), 2020), **DOWN)
    assert verdict(falling, actual, when).status is status


def test_an_upper_bound_not_yet_exceeded_is_not_met_before_the_end() -> None:
    assert verdict(target("12", **DOWN), "6", "2024-06").status is Status.ON_PACE
    assert verdict(target("12", **DOWN), "7", "2024-06").status is Status.BEHIND


def test_the_sentence_of_a_downward_target_speaks_of_excess() -> None:
    assert "超出1个" in verdict(target("12", **DOWN), "7", "2024-06").reasons[0].zh


# ---- not due, no data, cannot judge ---------------------------------------------------------------------------------


@pytest.mark.parametrize("pace", [STEPPED, AtHorizon()])
def test_a_pace_without_a_step_is_not_due_and_shows_what_there_is(pace: Pace) -> None:
    found = verdict(target("300", pace=pace), "20", "2024-11")
    assert (found.status, found.expected, found.actual) == (Status.NOT_DUE, None, Decimal(20))


def test_missing_figures_are_no_data_named_exactly() -> None:
    missing = reasons.feed_missing(Feed.PROJECTS, period("2024-01/P2M"))
    found = judge(target(), Evidence(missing=(missing,)), period=period("2024-01/P2M"))
    assert (found.status, found.actual) == (Status.NO_DATA, None)
    assert found.reasons[0].zh == "缺少2024年1—2月的项目报表"


def test_parked_rows_keep_a_target_from_being_judged() -> None:
    doubt = reasons.rows_parked(Feed.PROJECTS, 2)
    found = judge(target(), Evidence(actual=Fraction(60), doubts=(doubt,)), period=period("2024-06"))
    assert (found.status, found.reasons[0].code) == (Status.CANNOT_JUDGE, "rows_parked")


def test_lights_that_leave_a_gap_give_cannot_judge() -> None:
    gappy = Lights("gappy", ShortfallUnit.POINTS, lights().bands[::2])
    found = verdict(target("60", grading=gappy), "29", "2024-06")
    assert (found.status, found.reasons[0].code) == (Status.CANNOT_JUDGE, "lights_gap")


def test_a_relative_target_is_compared_with_its_second_figure() -> None:
    """完成省定目标 (trap 14): without the second figure there is nothing to judge."""
    derivation = ReportedFigure("level", ("year",))
    relative = target(
        None,
        pace=AtHorizon(),
        derivation=derivation,
        unit="吨标准煤/万元",
        yearly=True,
        reference=Reference(indicator(derivation, identifier="assigned", unit="吨标准煤/万元"), CITY),
        **DOWN,
    )
    assert verdict(relative, "0.41", "2024", reference="0.41").status is Status.MET
    assert verdict(relative, "0.42", "2024", reference="0.41").status is Status.MISSED
    assert verdict(relative, "0.41", "2024").status is Status.NO_DATA


@pytest.mark.parametrize(
    ("status", "light"),
    [
        (Status.MET, Light.GREEN),
        (Status.ON_PACE, Light.GREEN),
        (Status.BEHIND, Light.YELLOW),
        (Status.FAR_BEHIND, Light.RED),
        (Status.MISSED, Light.RED),
        (Status.NO_DATA, None),
        (Status.CANNOT_JUDGE, None),
        (Status.NOT_DUE, None),
    ],
)
def test_only_what_says_good_or_bad_has_a_light(status: Status, light: Light | None) -> None:
    assert status.light is light


# ---- identity -------------------------------------------------------------------------------------------------------


def test_the_same_judgement_has_the_same_id() -> None:
    assert verdict(target(), "30").verdict_id == verdict(target(), "30").verdict_id


def test_another_version_number_or_period_has_another_id() -> None:
    ids = {
        verdict(target(), "30").verdict_id,
        verdict(target(), "31").verdict_id,
        verdict(target(version=2), "30").verdict_id,
        verdict(target(), "30", "2024-07").verdict_id,
    }
    assert len(ids) == 4


# ---- exact arithmetic (E17) -----------------------------------------------------------------------------------------

amounts = st.decimals("0.0001", 10**9, places=4)


@settings(max_examples=1000)
@given(goal=amounts, parts=st.lists(st.decimals("0.0001", 10**6, places=4), min_size=1, max_size=10))
def test_a_threshold_met_exactly_is_met(goal: Decimal, parts: list[Decimal]) -> None:
    """The sum of decimals that add up to the goal meets it; a ten-thousandth less does not (0.1 + 0.2 = 0.3)."""
    actual = sum((Fraction(part) for part in parts), Fraction(0)) + Fraction(goal)
    total = sum(parts, Decimal(0)) + goal
    exact = target(str(total), pace=AtHorizon())
    assert judge(exact, Evidence(actual=actual), period=period("2024-12")).status is Status.MET
    less = Evidence(actual=actual - Fraction(1, 10_000))
    assert judge(exact, less, period=period("2024-12")).status is Status.MISSED


@settings(max_examples=1000)
@given(goal=amounts, actual=amounts, month=st.integers(3, 11))
def test_the_light_agrees_with_decimal_arithmetic(goal: Decimal, actual: Decimal, month: int) -> None:
    """Multiplied out by 12·goal, the comparison needs no division, so `decimal` is exact too."""
    found = judge(target(str(goal)), Evidence(actual=Fraction(actual)), period=period(f"2024-{month:02d}"))
    behind_in_points_times_goal = (goal * month - actual * 12) * 100
    if actual >= goal:
        expected = Status.MET
    elif behind_in_points_times_goal <= 0:
        expected = Status.ON_PACE
    elif behind_in_points_times_goal <= 30 * 12 * goal:
        expected = Status.BEHIND
    else:
        expected = Status.FAR_BEHIND
    assert found.status is expected


@settings(max_examples=1000)
@given(
    monthly=st.decimals("0.0001", 10**6, places=4),
    month=st.integers(3, 11),
    points=st.sampled_from([Decimal(0), Decimal(30)]),
    off=st.sampled_from([Decimal("-0.0001"), Decimal(0), Decimal("0.0001")]),
)
def test_at_the_exact_threshold_the_light_agrees_with_decimal_arithmetic(
    monthly: Decimal, month: int, points: Decimal, off: Decimal
) -> None:
    """A goal of 12 months expects `monthly` of each; the figure lies on a bound of the lights, or a ten-thousandth off."""
    goal = monthly * 12
    actual = monthly * month - goal * points / 100 + off
    found = judge(target(str(goal)), Evidence(actual=Fraction(actual)), period=period(f"2024-{month:02d}"))
    shortfall = monthly * month - actual
    if actual >= goal:
        expected = Status.MET
    elif shortfall <= 0:
        expected = Status.ON_PACE
    else:
        expected = Status.BEHIND if shortfall * 100 <= goal * 30 else Status.FAR_BEHIND
    assert found.status is expected
