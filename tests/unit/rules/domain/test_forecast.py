from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.domain.forecast import Forecast, Method, NotEnoughData, forecast
from services.rules.domain.pace import AtHorizon, BaselineLinear, Horizon
from services.rules.domain.quantity import (
    CountProjects,
    CountRecognitions,
    CountRegister,
    Derivation,
    FirmAmount,
    FirmsOver,
    Line,
    MeanGrowth,
    NetAboveScale,
    ProjectAmount,
    ProjectChoice,
    ProjectEvent,
    Ratio,
    ReportedFigure,
    SumFirms,
    SumProjects,
    Title,
    TitleCount,
)
from services.rules.domain.target import Comparator, Direction, Target
from shared.kernel.period import Period
from shared.simulation.scenario import STARTS_FALLING_BEHIND
from tests.contracts.rules_rows import period
from tests.contracts.rules_targets import NET, STARTS, STEPPED, target

REVENUE = SumFirms(FirmAmount.REVENUE)
STOCK = ReportedFigure("level", ("point",))
GROWTH = ReportedFigure("growth", ("ytd",))
DOWN: dict[str, Any] = {"comparator": Comparator.LE, "direction": Direction.DOWN}
REPORTS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)

Points = list[tuple[Period, Fraction]]


def year_to_date(values: Sequence[int | str | Fraction], year: int = 2024) -> Points:
    """Return the values of the year's first reports."""
    return [(Period.month(year, month), Fraction(value)) for month, value in zip(REPORTS, values, strict=False)]


def yearly(*values: int, first: int) -> Points:
    return [(Period.whole_year(first + at), Fraction(value)) for at, value in enumerate(values)]


def made(judged: Target, series: Points, when: str = "2024-11", history: Points | None = None) -> Forecast:
    found = forecast(judged, series, period=period(when), history=history or [])
    assert isinstance(found, Forecast)
    return found


def refused(judged: Target, series: Points, when: str = "2024-11", history: Points | None = None) -> NotEnoughData:
    found = forecast(judged, series, period=period(when), history=history or [])
    assert isinstance(found, NotEnoughData)
    return found


EVEN_YEAR = [20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]


# ---- too little to say anything -------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [0, 1, 2, 3])
def test_fewer_than_four_points_are_not_enough_and_their_number_is_told(known: int) -> None:
    found = refused(target("60"), year_to_date([10, 15, 17][:known]), "2024-04")
    assert found.points == known
    assert found.reason.code == "forecast_too_few_points"
    assert found.reason.zh == f"数据不足，不作预测：目前只有{known}期数据，至少需要4期"
    assert f"{known} point" in found.reason.en


def test_four_points_are_enough() -> None:
    """19 starts in 5 months, at independent moments: 19.5/5 a month, 7 months ahead, variance 27.3 · (1 + 7/5)."""
    found = made(target("60"), year_to_date([10, 15, 17, 19]), "2024-05")
    assert found == Forecast(
        period=period("2024-12"),
        point=Decimal(46),
        low=Decimal(36),
        high=Decimal(57),
        probability=Decimal("0.0623"),
        method=Method.EVENTS,
        points=4,
    )


def test_what_lies_after_the_period_is_not_known_yet() -> None:
    whole = year_to_date(STARTS_FALLING_BEHIND.above_1_billion)
    assert made(target("60"), whole, "2024-05") == made(target("60"), whole[:4], "2024-05")
    assert refused(target("60"), whole, "2024-04").points == 3


@pytest.mark.parametrize(
    ("judged", "code"),
    [
        pytest.param(target("300", derivation=NET, pace=STEPPED), "forecast_comes_in_steps", id="net above-scale"),
        pytest.param(target("300", derivation=NET), "forecast_comes_in_steps", id="whatever its pace"),
        pytest.param(
            target("9", derivation=CountRegister(), pace=STEPPED), "forecast_comes_in_steps", id="a stepped register"
        ),
        pytest.param(target("9", derivation=FirmsOver(Line(1, inclusive=True), newly=True)), "forecast_reached_late",
                     id="firms over a line"),
        pytest.param(target("9", derivation=CountRecognitions(count=TitleCount.GRANTS, titles=(Title("x"),))),
                     "forecast_comes_in_batches", id="titles"),
        pytest.param(target(None, derivation=GROWTH), "forecast_goal_is_a_figure", id="a relative target"),
        pytest.param(target("9", derivation=REVENUE), "forecast_season_unknown", id="an amount without earlier years"),
        pytest.param(target("9", derivation=Ratio(NetAboveScale(None), CountRegister(), Fraction(1))),
                     "forecast_comes_in_steps", id="a ratio of what comes in steps"),
    ],
)  # fmt: skip
def test_what_cannot_be_extrapolated_from_months_says_why(judged: Target, code: str) -> None:
    found = refused(judged, year_to_date(EVEN_YEAR[:8]))
    assert found.reason.code == code
    assert found.reason.zh
    assert found.reason.en


def test_yearly_targets_of_a_few_years_are_not_extrapolated() -> None:
    judged = replace(
        target("500", derivation=STOCK, yearly=True, year=2025, pace=BaselineLinear(Decimal(300), 2020)),
        first=period("2021"),
    )
    assert refused(judged, yearly(310, 330, 360, first=2021), "2023").points == 3
    found = made(judged, yearly(310, 330, 360, 390, first=2021), "2024")
    assert (found.method, found.period) == (Method.DRIFT, period("2025"))
    assert found.low < 416 < found.high


# ---- each shape of a figure -----------------------------------------------------------------------------------------


def test_an_amount_takes_the_shares_of_the_months_from_earlier_years() -> None:
    shape = [8, 15, 22, 29, 37, 44, 52, 60, 69, 79, 100]
    earlier = [*year_to_date([7, 15, 21, 30, 37, 43, 52, 61, 69, 80, 100], 2022), *year_to_date(shape, 2023)]
    found = made(target("105", derivation=REVENUE), year_to_date([9, 16, 24, 32]), "2024-05", earlier)
    assert (found.method, found.points) == (Method.SEASONAL, 26)
    assert Decimal(106) < found.point < Decimal(110)
    assert found.probability > Decimal("0.5")


def test_a_single_earlier_year_serves_from_the_fifth_report_on() -> None:
    judged, own = target("130", derivation=REVENUE), year_to_date([22, 31, 42, 50, 61])
    earlier = year_to_date(EVEN_YEAR, 2023)
    assert refused(judged, own[:4], "2024-05", earlier).reason.code == "forecast_season_unknown"
    assert made(judged, own, "2024-06", earlier).points == 16


def test_two_earlier_years_of_events_serve_from_the_first_report_on() -> None:
    earlier = [*year_to_date(EVEN_YEAR, 2022), *year_to_date([22, 31, 39, 52, 60, 71, 80, 93, 100, 112, 121], 2023)]
    found = made(target("120"), year_to_date([20]), "2024-01/P2M", earlier)
    assert (found.method, found.points) == (Method.SEASONAL_EVENTS, 23)
    assert found.low < 120 < found.high


def test_series_may_hold_the_earlier_years_itself() -> None:
    earlier = [*year_to_date(EVEN_YEAR, 2022), *year_to_date(EVEN_YEAR, 2023)]
    own = year_to_date([22, 31, 42, 50])
    judged = replace(target("120", derivation=REVENUE), first=period("2022-01/P2M"))
    assert made(judged, [*earlier, *own], "2024-05") == made(judged, own, "2024-05", earlier)


def test_growth_to_date_is_the_mean_of_its_months() -> None:
    """7 % to October and about 4 % a month of what is left give 6.5 %, not the last value carried on."""
    found = made(
        target("6", derivation=GROWTH), year_to_date([8, "8.5", 8, 8, "7.5", "7.3", "7.2", "7.1", 7]), "2024-10"
    )
    assert found.method is Method.MEAN
    assert found.point == 7
    assert found.high - found.low < Decimal("0.8")


def test_a_level_moves_on_with_its_drift_to_the_same_digits_everywhere() -> None:
    """Gains of 3, 2, 3, 2: 2.5 a month, variance 1/3; 6 months ahead after 4: √(1/3 · (6 + 36/4)) = √5, and t of 3 degrees."""
    found = made(target("130", derivation=STOCK), year_to_date([100, 103, 105, 108, 110]), "2024-06")
    assert found == Forecast(
        period=period("2024-12"),
        point=Decimal(125),
        low=Decimal("121.337892"),
        high=Decimal("128.662108"),
        probability=Decimal("0.0557"),
        method=Method.DRIFT,
        points=5,
    )


def test_the_register_of_another_year_does_not_join_on() -> None:
    """The annual batch enters with the 1–2月 report: 300 firms at once are no drift."""
    judged = target("2000", derivation=CountRegister(), pace=AtHorizon())
    last_year = year_to_date([1500, 1502, 1504, 1506, 1508], 2023)
    found = made(judged, year_to_date([1800, 1803, 1805, 1808]), "2024-05", last_year)
    assert found.points == 4
    assert found.high < 1850


def test_five_years_add_up_to_a_goal_of_all_of_them() -> None:
    judged = target("500", year=2025, since=2021)
    found = made(judged, [*year_to_date(EVEN_YEAR, 2021), (period("2022-03"), Fraction(150))], "2022-03")
    assert Decimal(560) < found.point < Decimal(640)
    assert found.probability > Decimal("0.8")


def test_a_mean_of_yearly_growth_needs_four_years() -> None:
    judged = target("8", derivation=MeanGrowth(("year",), 2020), yearly=True, year=2026, since=2021)
    assert refused(judged, yearly(9, 9, 8, first=2021), "2023").points == 3
    assert made(judged, yearly(9, 9, 8, 9, first=2021), "2024").method is Method.MEAN


def test_an_amount_of_several_years_judged_yearly_adds_up() -> None:
    invested = SumProjects(ProjectChoice(event=ProjectEvent.STARTED), ProjectAmount.COMPLETED)
    judged = target("500", derivation=invested, yearly=True, year=2025, since=2021)
    found = made(judged, yearly(100, 195, 305, 400, first=2021), "2024")
    assert (found.method, found.point) == (Method.DRIFT, Decimal(500))


def test_zero_is_a_legal_goal_and_a_still_figure_stays() -> None:
    found = made(target("0", derivation=STOCK, **DOWN), year_to_date([0, 0, 0, 0]), "2024-05")
    assert found.point == found.low == found.high == 0
    assert found.probability == Decimal("0.9999")


# ---- what is decided ------------------------------------------------------------------------------------------------


def test_a_goal_reached_early_is_certain() -> None:
    found = made(target("60"), year_to_date([10, 30, 50, 60]), "2024-05")
    assert found.probability == 1
    assert found.is_decided
    assert found.low >= 60


def test_a_bound_passed_early_is_lost() -> None:
    assert made(target("60", **DOWN), year_to_date([10, 30, 50, 61]), "2024-05").probability == 0


def test_a_level_above_its_goal_is_not_certain_before_the_end() -> None:
    found = made(target("100", derivation=STOCK), year_to_date([150, 150, 151, 151, 152]), "2024-06")
    assert found.probability == Decimal("0.9999")


@pytest.mark.parametrize(
    ("judged", "probability"),
    [
        pytest.param(target("120"), 1, id="exactly the goal"),
        pytest.param(target("120", comparator=Comparator.GT), 0, id="超 is not met by it"),
        pytest.param(target("121"), 0, id="one short"),
        pytest.param(target("120", **DOWN), 1, id="at most"),
        pytest.param(target("121", derivation=REVENUE), 0, id="an amount without earlier years"),
    ],
)
def test_the_last_figure_decides(judged: Target, probability: int) -> None:
    found = made(judged, year_to_date(EVEN_YEAR), "2024-12")
    assert (found.probability, found.method) == (Decimal(probability), Method.KNOWN)
    assert found.low == found.point == found.high == 120


def test_a_stepped_target_is_decided_by_its_own_last_report() -> None:
    judged = target("300", derivation=NET, pace=STEPPED)
    assert made(judged, [(period("2025-01/P2M"), Fraction(287))], "2025-01/P2M").probability == 0


# ---- properties -----------------------------------------------------------------------------------------------------

FIGURES: list[Derivation] = [STARTS, REVENUE, STOCK, GROWTH]
gains = st.lists(st.integers(0, 30).map(Fraction), min_size=4, max_size=10)
amounts = st.lists(st.decimals("-50", "500", places=2).map(Fraction), min_size=4, max_size=10)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Target, Points, Points]:
    """Return a target, the year so far, and the years before."""
    figure = draw(st.sampled_from(FIGURES))
    goal = draw(st.integers(1, 400))
    so_far: list[Fraction] = draw(gains if isinstance(figure, CountProjects) else amounts)
    series = year_to_date([sum(so_far[: at + 1], Fraction(0)) for at in range(len(so_far))])
    earlier: Points = []
    for year in (2022, 2023):
        months = draw(st.lists(st.integers(1, 40), min_size=11, max_size=11))
        earlier += year_to_date([sum(months[: at + 1]) for at in range(11)], year)
    return target(str(goal), derivation=figure), series, earlier


@settings(max_examples=60, deadline=None)
@given(situations())
def test_a_probability_lies_between_0_and_1_and_the_interval_holds_the_point(
    situation: tuple[Target, Points, Points],
) -> None:
    judged, series, earlier = situation
    found = made(judged, series, history=earlier)
    assert 0 <= found.probability <= 1
    assert found.low <= found.point <= found.high


@settings(max_examples=60, deadline=None)
@given(situations(), st.integers(1, 300))
def test_a_higher_goal_is_never_more_probable(situation: tuple[Target, Points, Points], more: int) -> None:
    judged, series, earlier = situation
    assert judged.goal is not None
    higher = replace(judged, goal=judged.goal + more)
    assert made(higher, series, history=earlier).probability <= made(judged, series, history=earlier).probability


@settings(max_examples=40, deadline=None)
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_the_points_changes_nothing(situation: tuple[Target, Points, Points], chance: Any) -> None:
    judged, series, earlier = situation
    expected = made(judged, series, history=earlier)
    shuffled, shuffled_earlier = list(series), list(earlier)
    chance.shuffle(shuffled)
    chance.shuffle(shuffled_earlier)
    assert made(judged, shuffled, history=shuffled_earlier) == expected


@settings(max_examples=40, deadline=None)
@given(situations(), st.integers(0, 400))
def test_the_final_actual_decides(situation: tuple[Target, Points, Points], actual: int) -> None:
    judged, series, earlier = situation
    assert judged.goal is not None
    found = made(judged, [*series, (period("2024-12"), Fraction(actual))], "2024-12", earlier)
    assert found.probability == (1 if actual >= judged.goal else 0)


@settings(max_examples=40, deadline=None)
@given(situations(), st.integers(1, 10))
def test_gaps_leave_a_forecast_or_a_reason(situation: tuple[Target, Points, Points], left_out: int) -> None:
    judged, series, earlier = situation
    kept = [point for at, point in enumerate(series) if at % left_out]
    found = forecast(judged, kept, period=period("2024-11"), history=earlier)
    assert found.points <= len(kept) + len(earlier)


def test_the_horizon_may_end_years_later() -> None:
    judged = replace(target("900", derivation=STOCK), horizon=Horizon(2026, 2026))
    near = made(target("900", derivation=STOCK), year_to_date([700, 705, 702, 710, 715]))
    far = made(judged, year_to_date([700, 705, 702, 710, 715]))
    assert far.high - far.low > near.high - near.low
