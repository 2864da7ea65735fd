from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from services.rules.domain.derivation import evidence_of, questions_of
from services.rules.domain.facts import (
    Facts,
    FigureFact,
    FiguresQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.pace import AtHorizon
from services.rules.domain.quantity import MeanGrowth, ReportedFigure
from services.rules.domain.status import Status
from services.rules.domain.target import Comparator, Direction, Reference, Target
from services.rules.domain.verdict import Verdict, judge
from tests.contracts.rules_figures import published
from tests.contracts.rules_rows import CITY, cell, period
from tests.contracts.rules_targets import indicator, ledger, target

NATION = "100000"

JULY = period("2018-07")
LEVEL = ReportedFigure("level", ("ytd",))
GROWTH = ReportedFigure("growth", ("month", "ytd"))


def figures(*facts: FigureFact) -> Facts:
    answers = Facts.empty()
    for fact in facts:
        answers.figures[fact.cell] = (*answers.figures.get(fact.cell, ()), fact)
    return answers


def growth_target() -> Target:
    made = target("10", derivation=GROWTH, unit="%", year=2018, pace=AtHorizon())
    return replace(made, indicator=replace(made.indicator, id="profit-growth"))


def test_growth_is_the_published_one_and_not_the_ratio_of_levels() -> None:
    """全国规上利润 2018 1–7月: levels 42481.2 → 39038.1 say −8.1 %, the published growth is +17.1 % (trap 3)."""
    last_year = cell("profit", "2017-07", measure="level", basis="ytd")
    this_year = cell("profit", "2018-07", measure="level", basis="ytd")
    growth = cell("profit-growth", "2018-07", measure="growth", basis="ytd")
    levels = (published(last_year, "42481.2", unit="亿元"), published(this_year, "39038.1", unit="亿元"))
    known = ledger(Feed.INDICATORS, "2018-07")
    assert round((Decimal("39038.1") / Decimal("42481.2") - 1) * 100, 1) == Decimal("-8.1")

    with_growth = evidence_of(growth_target(), JULY, figures(*levels, published(growth, "17.1")), known)
    assert with_growth.actual == Fraction("17.1")
    from_levels_alone = evidence_of(growth_target(), JULY, figures(*levels), known)
    assert from_levels_alone.actual is None
    assert "增速" in from_levels_alone.missing[0].zh


def test_a_growth_target_is_met_by_the_published_growth_though_levels_fell() -> None:
    december = cell("profit-growth", "2018-12", measure="growth", basis="ytd")
    evidence = evidence_of(
        growth_target(), period("2018-12"), figures(published(december, "17.1")), ledger(Feed.INDICATORS)
    )
    assert judge(growth_target(), evidence, period=period("2018-12")).status is Status.MET


def test_a_months_figure_never_stands_for_the_year_to_date() -> None:
    """Trap 4: the indicator knows both bases; the target uses the cumulative one throughout, and names it when missing."""
    month = cell("profit-growth", "2018-07", measure="growth", basis="month")
    evidence = evidence_of(growth_target(), JULY, figures(published(month, "3.0")), ledger(Feed.INDICATORS))
    assert evidence.actual is None
    assert evidence.missing[0].zh == (
        f"缺少“{growth_target().indicator.name.zh}”数据（区域{CITY}，2018年7月，增速，累计）"
    )


def test_the_year_to_date_of_the_month_before_never_stands_for_this_month() -> None:
    june = cell("profit-growth", "2018-06", measure="growth", basis="ytd")
    assert evidence_of(growth_target(), JULY, figures(published(june, "17.2")), ledger(Feed.INDICATORS)).actual is None


def test_a_provisional_figure_is_marked() -> None:
    july = cell("profit-growth", "2018-07", measure="growth", basis="ytd")
    evidence = evidence_of(
        growth_target(), JULY, figures(published(july, "17.1", status="provisional")), ledger(Feed.INDICATORS)
    )
    assert [remark.code for remark in evidence.remarks] == ["published_figure", "provisional"]


def test_a_figure_that_left_is_missing() -> None:
    july = published(cell("profit-growth", "2018-07", measure="growth", basis="ytd"), "17.1")
    gone = replace(july, version=replace(july.version, removed=True))
    assert evidence_of(growth_target(), JULY, figures(gone), ledger(Feed.INDICATORS)).actual is None


def test_a_figure_in_another_unit_cannot_be_judged() -> None:
    july = published(cell("profit-growth", "2018-07", measure="growth", basis="ytd"), "17.1", unit="亿元")
    evidence = evidence_of(growth_target(), JULY, figures(july), ledger(Feed.INDICATORS))
    assert [doubt.code for doubt in evidence.doubts] == ["unit_mismatch"]


# ---- sources that differ --------------------------------------------------------------------------------------------

DECEMBER = period("2018-12")
OF_YEAR = cell("profit-growth", "2018-12", measure="growth", basis="ytd")
BUREAU = published(OF_YEAR, "17.1")
PRESS = published(OF_YEAR, "9.80", source="press", authority="示例日报", rank=170, status="provisional", sequence=2)


def judged(*facts: FigureFact, of: Target | None = None) -> Verdict:
    """Judge “增长10%以上” of 2018 by what sources state of it."""
    evidence = evidence_of(of or growth_target(), DECEMBER, figures(*facts), ledger(Feed.INDICATORS))
    return judge(of or growth_target(), evidence, period=DECEMBER)


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def accepting_final_only() -> Target:
    made = growth_target()
    return replace(made, indicator=replace(made.indicator, derivation=replace(GROWTH, final_only=True)))


def test_a_figure_that_a_better_authority_contradicts_is_told_and_not_judged_by() -> None:
    verdict = judged(BUREAU, PRESS)
    assert (verdict.status, verdict.actual) == (Status.MET, Decimal("17.1"))
    (figure,) = verdict.figures
    assert (figure.value, figure.submissions) == (Fraction("17.1"), ("sub_000001",))
    (told,) = [reason for reason in verdict.reasons if reason.code == "sources_conflict"]
    assert told.zh == (
        f"“{growth_target().indicator.name.zh}”（2018年12月）各来源不一致：采用国家统计局17.1%（最终数，报送方bureau）；"
        "另有示例日报9.8%（初步数，报送方press）"
    )
    assert told.en == (
        f"Sources differ on “{growth_target().indicator.name.en}” (2018-12): 17.1 % of 国家统计局 (final, fed by bureau)"
        " is used; others say 9.8 % of 示例日报 (provisional, fed by press)"
    )


def test_sources_that_state_the_same_value_do_not_conflict() -> None:
    assert "sources_conflict" not in codes(judged(BUREAU, replace(PRESS, value=Decimal("17.10"))))


def test_values_that_differ_beyond_the_second_decimal_are_shown_with_every_digit() -> None:
    (told,) = [one for one in judged(BUREAU, replace(PRESS, value=Decimal("17.1004"))).reasons if "17.1004" in one.zh]
    assert told.code == "sources_conflict"


def test_a_provisional_figure_that_governs_stays_marked_beside_the_conflict() -> None:
    early = replace(BUREAU, status="provisional")
    assert codes(judged(early, PRESS))[1:4] == ["published_figure", "provisional", "sources_conflict"]


def test_an_authority_that_nobody_ranked_is_named() -> None:
    assert "authority_unranked" not in codes(judged(BUREAU, PRESS))
    verdict = judged(BUREAU, replace(PRESS, rank=None, value=BUREAU.value))
    assert [reason.zh for reason in verdict.reasons if reason.code == "authority_unranked"] == [
        "“示例日报”未列入数据来源位次表，按最后位次处理"
    ]


def test_every_statement_counts_for_the_identity_of_a_verdict_and_removals_do_too() -> None:
    gone = replace(PRESS, version=replace(PRESS.version, removed=True))
    states = [judged(*facts) for facts in ((BUREAU,), (BUREAU, PRESS), (BUREAU, gone))]
    assert len({verdict.verdict_id for verdict in states}) == 3
    assert [verdict.inputs[0].considered for verdict in states] == [1, 2, 2]
    assert judged(PRESS, BUREAU).verdict_id == judged(BUREAU, PRESS).verdict_id


def test_other_ranks_change_the_identity_only_where_they_change_what_is_told() -> None:
    assert judged(BUREAU, replace(PRESS, rank=160)).verdict_id == judged(BUREAU, PRESS).verdict_id
    turned = judged(BUREAU, replace(PRESS, rank=1))
    assert (turned.actual, turned.status) == (Decimal("9.8"), Status.MISSED)
    assert judged(BUREAU, replace(PRESS, rank=None)).verdict_id != judged(BUREAU, PRESS).verdict_id


def test_a_provisional_figure_alone_is_no_data_where_only_final_ones_are_accepted() -> None:
    early = replace(BUREAU, status="provisional")
    verdict = judged(early, of=accepting_final_only())
    assert (verdict.status, verdict.actual, verdict.figures) == (Status.NO_DATA, None, ())
    assert verdict.reasons[0].code == "only_provisional"
    assert "17.1%（初步数，报送方bureau）；该指标只认最终数" in verdict.reasons[0].zh
    assert verdict.inputs[0].considered == 1
    assert judged(replace(early, value=Decimal(18)), of=accepting_final_only()).verdict_id != verdict.verdict_id


def test_a_final_figure_of_another_source_is_judged_by_where_only_final_ones_are_accepted() -> None:
    early, final = replace(BUREAU, status="provisional"), replace(PRESS, status="final")
    verdict = judged(early, final, of=accepting_final_only())
    assert (verdict.status, verdict.actual) == (Status.MISSED, Decimal("9.8"))
    assert "sources_conflict" in codes(verdict)


def test_where_only_final_figures_are_accepted_a_removed_one_is_missing_and_not_provisional() -> None:
    gone = replace(PRESS, version=replace(PRESS.version, removed=True))
    assert judged(gone, of=accepting_final_only()).reasons[0].code == "figure_missing"


# ---- cells and second figures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "value_period", "found"),
    [
        pytest.param("year", "2025", True, id="the year's figure"),
        pytest.param("ytd", "2025-12", True, id="else January to December"),
        pytest.param("ytd", "2025-11", False, id="but not January to November"),
        pytest.param("month", "2025-12", False, id="nor December alone"),
    ],
)
def test_a_yearly_target_takes_the_whole_years_figure(basis: str, value_period: str, *, found: bool) -> None:
    yearly = target("39", derivation=ReportedFigure("share", ("ytd", "year")), unit="%", year=2025, yearly=True)
    fact = published(cell(yearly.indicator.id, value_period, measure="share", basis=basis), "39")
    evidence = evidence_of(yearly, period("2025"), figures(fact), ledger(Feed.INDICATORS))
    assert (evidence.actual == 39) is found


def test_a_relative_target_asks_for_both_figures_and_names_the_missing_one() -> None:
    """单位地区生产总值能耗完成省定目标: the assigned target is a figure of its own (trap 14)."""
    energy = ReportedFigure("level", ("year",))
    assigned = indicator(energy, identifier="energy-assigned", unit="吨标准煤/万元")
    relative = target(
        None,
        derivation=energy,
        pace=AtHorizon(),
        unit="吨标准煤/万元",
        yearly=True,
        reference=Reference(assigned, NATION),
        comparator=Comparator.LE,
        direction=Direction.DOWN,
    )
    (question,) = questions_of(relative, period("2024"), Ledger(()))
    assert isinstance(question, FiguresQuestion)
    assert [(one.indicator, one.area) for one in question.cells] == [
        (relative.indicator.id, CITY),
        ("energy-assigned", NATION),
    ]
    own = published(cell(relative.indicator.id, "2024", measure="level", basis="year"), "0.41", unit="吨标准煤/万元")
    alone = evidence_of(relative, period("2024"), figures(own), ledger(Feed.INDICATORS))
    assert [reason.code for reason in alone.missing] == ["figure_missing"]
    assert NATION in alone.missing[0].zh
    assert judge(relative, alone, period=period("2024")).status is Status.NO_DATA


# ---- mean growth over several years ---------------------------------------------------------------------------------


def mean_of(*growths: str, goal: str = "8", years: tuple[int, ...] = (2021, 2022, 2023)) -> Verdict:
    """Judge “年均增长” from 2020 to 2023 by the published growth of these years."""
    judged = target(goal, derivation=MeanGrowth(("year",), 2020), unit="%", year=2023, since=2020, yearly=True)
    judged = replace(judged, pace=AtHorizon(), first=period("2021"))
    facts = [
        published(cell(judged.indicator.id, f"{year}", measure="growth", basis="year"), growth)
        for year, growth in zip(years, growths, strict=True)
    ]
    evidence = evidence_of(judged, period("2023"), figures(*facts), ledger(Feed.INDICATORS))
    return judge(judged, evidence, period=period("2023"))


@pytest.mark.parametrize(
    ("growths", "status", "shown"),
    [
        pytest.param(("8", "8", "8"), Status.MET, "8", id="the same every year: met exactly"),
        pytest.param(("8", "8", "7.9"), Status.MISSED, "7.9667", id="a little less in one year"),
        pytest.param(("16.64", "0", "8"), Status.MET, "8", id="1.1664 = 1.08 ²: met exactly"),
        pytest.param(("16.63", "0", "8"), Status.MISSED, "7.9969", id="not quite"),
        pytest.param(("-10", "30", "10"), Status.MET, "8.7743", id="a year of decline"),
        pytest.param(("7.99999", "8", "8"), Status.MISSED, "8", id="less than can be shown is less"),
        pytest.param(("-100", "8", "8"), Status.MISSED, "-100", id="nothing is left"),
    ],
)
def test_mean_growth_is_compared_by_the_products_of_the_years(
    growths: tuple[str, ...], status: Status, shown: str
) -> None:
    verdict = mean_of(*growths)
    assert (verdict.status, verdict.actual) == (status, Decimal(shown))


def test_mean_growth_is_no_mean_of_the_rates() -> None:
    """10 and 6 have the mean 8, and grow less than twice 8."""
    assert mean_of("10", "6", "8").status is Status.MISSED


def test_growth_below_minus_100_per_cent_cannot_be_judged() -> None:
    verdict = mean_of("8", "-100.1", "8")
    assert (verdict.status, verdict.reasons[0].code) == (Status.CANNOT_JUDGE, "growth_impossible")


def test_every_year_without_its_growth_is_named() -> None:
    verdict = mean_of("8", years=(2022,))
    assert (verdict.status, verdict.actual) == (Status.NO_DATA, None)
    assert [reason.zh for reason in verdict.reasons if reason.code == "figure_missing"] == [
        f"缺少“{target().indicator.name.zh}”数据（区域{CITY}，2021年，增速，全年）",
        f"缺少“{target().indicator.name.zh}”数据（区域{CITY}，2023年，增速，全年）",
    ]


def test_before_its_last_year_the_mean_so_far_is_shown_and_not_judged() -> None:
    judged = target("8", derivation=MeanGrowth(("year",), 2020), unit="%", year=2023, since=2020, yearly=True)
    judged = replace(judged, pace=AtHorizon(), first=period("2021"))
    fact = published(cell(judged.indicator.id, "2021", measure="growth", basis="year"), "5")
    evidence = evidence_of(judged, period("2021"), figures(fact), ledger(Feed.INDICATORS))
    verdict = judge(judged, evidence, period=period("2021"))
    assert (verdict.status, verdict.actual) == (Status.NOT_DUE, Decimal(5))
