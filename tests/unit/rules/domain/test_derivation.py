from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from services.rules.domain.derivation import evidence_of, questions_of, starts_question
from services.rules.domain.facts import Facts, FigureFact, FiguresQuestion, ProjectFact, Version
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.pace import AtHorizon
from services.rules.domain.rows import FigureCell
from services.rules.domain.target import Comparator, Direction, ProjectStarts, Reference, ReportedFigure, Target
from services.rules.domain.verdict import Status, judge
from tests.contracts.rules_rows import CITY, COUNTY, YI, cell, period
from tests.contracts.rules_targets import indicator, ledger, submission, target

MAY = period("2024-05")
KNOWN = ledger(Feed.PROJECTS, "2024-05")
NATION = "100000"


def started(code: str, yi: int, **changes: object) -> ProjectFact:
    fact = ProjectFact(
        version=Version(key=code, period=MAY, sequence=1, submission_id="sub_000001", removed=False),
        name=f"示例项目{code}",
        area=COUNTY,
        planned_total_yuan=yi * YI,
        largest_total_yuan=yi * YI,
        started_on=date(2024, 4, 1),
        start_evidence="accepted",
    )
    return replace(fact, **changes)  # type: ignore[arg-type]


def starts(judged: Target, *facts: ProjectFact, known: Ledger = KNOWN) -> Fraction | None:
    answers = Facts.empty()
    answers.starts[starts_question(judged, MAY)] = facts
    return evidence_of(judged, MAY, answers, known).actual


# ---- project starts (trap 5) ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tier_yi", "counted"), [(1, 1), (10, 1), (50, 1), (100, 0)])
def test_a_project_of_60_yi_counts_for_every_tier_below_it(tier_yi: int, counted: int) -> None:
    assert starts(target(derivation=ProjectStarts(tier_yi * YI)), started("p", 60)) == counted


def test_a_tier_includes_its_bound() -> None:
    exact, short = started("exact", 10), started("short", 10, planned_total_yuan=10 * YI - 1)
    assert starts(target(derivation=ProjectStarts(10 * YI)), exact, short) == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"start_evidence": "pending"}, id="evidence not yet accepted"),
        pytest.param({"start_evidence": "none"}, id="no evidence (签约 and 备案 are no start)"),
        pytest.param({"started_on": None}, id="no date of start"),
        pytest.param({"started_on": date(2023, 12, 31)}, id="started the year before"),
        pytest.param({"started_on": date(2024, 6, 1)}, id="started after the period"),
        pytest.param({"area": "320623"}, id="in another city's county"),
    ],
)
def test_what_is_no_start_of_the_year(changes: dict[str, object]) -> None:
    assert starts(target(), started("p", 60, **changes)) == 0


def test_a_removed_project_does_not_count() -> None:
    gone = started("p", 60)
    assert starts(target(), replace(gone, version=replace(gone.version, removed=True))) == 0


def test_no_project_is_zero_when_the_report_is_known_and_no_data_when_it_is_not() -> None:
    assert starts(target()) == 0
    unknown = evidence_of(target(), MAY, Facts.empty(), Ledger(()))
    assert [reason.code for reason in unknown.missing] == ["feed_missing"]
    assert questions_of(target(), MAY, Ledger(())) == ()


def test_a_parked_row_of_any_report_up_to_the_period_is_a_doubt() -> None:
    earlier = ledger(Feed.PROJECTS, "2024-05", others=[submission(Feed.PROJECTS, "2024-03", sequence=8, parked=2)])
    later = ledger(Feed.PROJECTS, "2024-05", others=[submission(Feed.PROJECTS, "2024-06", sequence=8, parked=2)])
    for known, doubts in ((earlier, ["rows_parked"]), (later, [])):
        answers = Facts.empty()
        answers.starts[starts_question(target(), MAY)] = ()
        assert [doubt.code for doubt in evidence_of(target(), MAY, answers, known).doubts] == doubts


def test_inputs_name_the_rows_behind_a_count() -> None:
    answers = Facts.empty()
    answers.starts[starts_question(target(), MAY)] = (started("a", 10), started("b", 10, start_evidence="pending"))
    (source,) = evidence_of(target(), MAY, answers, KNOWN).inputs
    assert (source.considered, source.matched, source.entities) == (2, 1, ("a",))
    assert (source.submissions, source.known_by) == (("sub_000001",), "sub_000001")


def test_another_version_of_a_row_changes_the_digest_though_the_number_stays() -> None:
    def digest(sequence: int) -> str:
        fact = started("a", 10)
        answers = Facts.empty()
        answers.starts[starts_question(target(), MAY)] = (
            replace(fact, version=replace(fact.version, sequence=sequence)),
        )
        return evidence_of(target(), MAY, answers, KNOWN).inputs[0].digest

    assert digest(1) != digest(2)


def test_a_project_below_the_tier_in_every_version_leaves_the_digest_alone() -> None:
    """So the verdict of the 50亿元 tier keeps its id when a project of 2亿元 changes."""

    def digest(*facts: ProjectFact) -> str:
        answers = Facts.empty()
        answers.starts[starts_question(target(), MAY)] = facts
        return evidence_of(target(), MAY, answers, KNOWN).inputs[0].digest

    assert digest(started("a", 60)) == digest(started("a", 60), started("b", 2))


# ---- published figures (traps 3, 4, 14) -----------------------------------------------------------------------------

JULY = period("2018-07")
LEVEL = ReportedFigure("level", ("ytd",))
GROWTH = ReportedFigure("growth", ("month", "ytd"))


def published(of: FigureCell, value: str, *, status: str = "final", unit: str = "%") -> FigureFact:
    return FigureFact(
        version=Version(
            key=of.indicator, period=of.value_period, sequence=1, submission_id="sub_000001", removed=False
        ),
        cell=of,
        value=Decimal(value),
        unit=unit,
        status=status,
        authority="国家统计局",
    )


def figures(*facts: FigureFact) -> Facts:
    answers = Facts.empty()
    answers.figures.update({fact.cell: fact for fact in facts})
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
