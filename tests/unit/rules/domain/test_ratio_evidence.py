"""Figures that are one quantity divided by another."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from services.rules.domain.feed import Feed
from services.rules.domain.quantity import (
    CountProjects,
    CountRegister,
    FirmAmount,
    FirmsOver,
    Line,
    ProjectChoice,
    ProjectEvent,
    Ratio,
    SumFirms,
)
from services.rules.domain.status import Status
from services.rules.domain.verdict import judge
from tests.contracts.rules_rows import YI, firm, period, project, push
from tests.contracts.rules_targets import target
from tests.fakes.rules_feed import evidence_from

RD_SHARE = target(
    "2", derivation=Ratio(SumFirms(FirmAmount.RD), SumFirms(FirmAmount.REVENUE), Fraction(100)), unit="%", year=2024
)
PER_FIRM = Ratio(CountProjects(ProjectChoice(event=ProjectEvent.LISTED)), CountRegister(), Fraction(1))


async def test_a_ratio_is_exact_and_shows_both_figures() -> None:
    rows = [firm("a", revenue_ytd_yuan=2 * YI, rd_ytd_yuan=YI // 10), firm("b", revenue_ytd_yuan=YI, rd_ytd_yuan=0)]
    found = await evidence_from(RD_SHARE, "2024-12", push(Feed.ENTERPRISES, "2024-12", rows, sequence=1))
    assert found.actual == Fraction(10, 3)
    assert [(figure.label.zh, str(figure.value), figure.unit) for figure in found.figures] == [
        ("规模以上工业企业研发费用合计", "1000", "万元"),
        ("规模以上工业企业营业收入合计", "30000", "万元"),
    ]
    assert [source.name for source in found.inputs] == ["register_rd", "register_revenue"]


@pytest.mark.parametrize(
    ("rd", "status"),
    [
        pytest.param(2, Status.MET, id="exactly 2 %"),
        pytest.param(1, Status.MISSED, id="less"),
    ],
)
async def test_a_ratio_met_exactly_is_met(rd: int, status: Status) -> None:
    rows = [firm("a", revenue_ytd_yuan=100, rd_ytd_yuan=rd)]
    found = await evidence_from(RD_SHARE, "2024-12", push(Feed.ENTERPRISES, "2024-12", rows, sequence=1))
    assert judge(RD_SHARE, found, period=period("2024-12")).status is status


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="nobody is in the register"),
        pytest.param([firm("a", revenue_ytd_yuan=0, rd_ytd_yuan=5)], id="no revenue at all"),
    ],
)
async def test_against_zero_there_is_no_ratio_and_it_cannot_be_judged(rows: list[object]) -> None:
    found = await evidence_from(RD_SHARE, "2024-06", push(Feed.ENTERPRISES, "2024-06", rows, sequence=1))  # type: ignore[arg-type]
    verdict = judge(RD_SHARE, found, period=period("2024-06"))
    assert (verdict.status, verdict.actual) == (Status.CANNOT_JUDGE, None)
    assert verdict.reasons[0].zh == "“规模以上工业企业营业收入合计”为零，比值无法计算"


async def test_zero_above_is_a_ratio_of_zero() -> None:
    rows = [firm("a", revenue_ytd_yuan=5, rd_ytd_yuan=0)]
    found = await evidence_from(RD_SHARE, "2024-06", push(Feed.ENTERPRISES, "2024-06", rows, sequence=1))
    assert found.actual == 0


async def test_both_feeds_of_a_ratio_must_be_known() -> None:
    judged = target("1", derivation=PER_FIRM)
    projects = push(Feed.PROJECTS, "2024-06", [project("p", listed_on=date(2024, 5, 1))], sequence=1)
    firms = push(Feed.ENTERPRISES, "2024-06", [firm("a"), firm("b")], sequence=2)
    assert (await evidence_from(judged, "2024-06", projects, firms)).actual == Fraction(1, 2)
    for known, missing in ((projects, "缺少2024年6月的企业报表"), (firms, "缺少2024年6月的项目报表")):
        found = await evidence_from(judged, "2024-06", known)
        assert (found.actual, [reason.zh for reason in found.missing]) == (None, [missing])


async def test_a_firm_without_a_figure_leaves_the_ratio_unknown() -> None:
    rows = [firm("a", revenue_ytd_yuan=5, rd_ytd_yuan=1), firm("b", revenue_ytd_yuan=5)]
    found = await evidence_from(RD_SHARE, "2024-06", push(Feed.ENTERPRISES, "2024-06", rows, sequence=1))
    assert [reason.code for reason in found.missing] == ["amount_untold"]
    assert judge(RD_SHARE, found, period=period("2024-06")).status is Status.NO_DATA


async def test_energy_by_output_is_found_in_the_units_that_the_factor_expects() -> None:
    """吨标准煤/万元: tonnes divided by yuan, times 10,000."""
    intensity = Ratio(SumFirms(FirmAmount.ENERGY), SumFirms(FirmAmount.OUTPUT), Fraction(10_000))
    rows = [firm("a", energy_ytd_tce=Decimal("12.5"), output_ytd_yuan=1_000_000)]
    found = await evidence_from(
        target(derivation=intensity), "2024-06", push(Feed.ENTERPRISES, "2024-06", rows, sequence=1)
    )
    assert found.actual == Fraction("0.125")
    assert [figure.unit for figure in found.figures] == ["吨标准煤", "万元"]


async def test_the_share_of_firms_over_a_line_takes_both_counts_from_one_report() -> None:
    share = Ratio(FirmsOver(Line(YI, inclusive=True), newly=False), CountRegister(), Fraction(100))
    rows = [firm("a", revenue_ytd_yuan=YI), *(firm(key, revenue_ytd_yuan=YI - 1) for key in "bcd")]
    found = await evidence_from(
        target(derivation=share), "2024-06", push(Feed.ENTERPRISES, "2024-06", rows, sequence=1)
    )
    assert found.actual == 25
    assert [figure.label.zh for figure in found.figures] == ["营业收入达到1亿元的企业数", "规模以上工业企业数"]
