"""The above-scale register at the end of a period: counted, and summed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from services.rules.domain.feed import Feed
from services.rules.domain.pace import AtHorizon
from services.rules.domain.quantity import CountRegister, FirmAmount, SumFirms
from services.rules.domain.status import Status
from services.rules.domain.target import Target
from services.rules.domain.verdict import judge
from tests.contracts.rules_rows import COUNTY, YI, MakeRow, Push, firm, gone_firm, period, push
from tests.contracts.rules_targets import target
from tests.fakes.rules_feed import evidence_from

COUNT = target("3", derivation=CountRegister(), unit="户")
YUAN = target("100", derivation=SumFirms(FirmAmount.OUTPUT), unit="元")


def june(*rows: MakeRow, sequence: int = 1, simulated: bool = False) -> Push:
    return push(Feed.ENTERPRISES, "2024-06", rows, sequence=sequence, simulated=simulated)


@pytest.mark.parametrize(
    ("row", "counted"),
    [
        pytest.param(firm("x"), 1, id="in the register"),
        pytest.param(firm("x", above_scale=False), 0, id="outside it"),
        pytest.param(firm("x", exited_on=date(2024, 6, 30)), 0, id="left on the last day"),
        pytest.param(firm("x", exited_on=date(2024, 7, 1)), 1, id="leaves the day after"),
        pytest.param(firm("x", operating_status="suspended"), 1, id="suspended, and still in it"),
        pytest.param(firm("x", area="320623"), 0, id="of another city's county"),
        pytest.param(gone_firm("x"), 0, id="its row left"),
    ],
)
async def test_who_is_in_the_register_at_the_end_of_the_period(row: MakeRow, counted: int) -> None:
    found = await evidence_from(COUNT, "2024-06", june(row))
    assert found.actual == counted


async def test_the_register_is_that_of_the_periods_own_report() -> None:
    pushes = (
        push(Feed.ENTERPRISES, "2024-05", [firm("a"), firm("b")], sequence=1),
        push(Feed.ENTERPRISES, "2024-06", [firm("a")], sequence=2),
    )
    assert (await evidence_from(COUNT, "2024-05", *pushes)).actual == 2
    assert (await evidence_from(COUNT, "2024-06", *pushes)).actual == 1
    unknown = await evidence_from(COUNT, "2024-07", *pushes)
    assert [reason.zh for reason in unknown.missing] == ["缺少2024年7月的企业报表"]


async def test_january_and_february_are_one_report_and_the_year_ends_with_december() -> None:
    pushes = (
        push(Feed.ENTERPRISES, "2024-01/P2M", [firm("a", output_ytd_yuan=7)], sequence=1),
        push(Feed.ENTERPRISES, "2024-12", [firm("a", output_ytd_yuan=90)], sequence=2),
    )
    assert (await evidence_from(YUAN, "2024-01/P2M", *pushes)).actual == 7
    yearly = target("100", derivation=YUAN.indicator.derivation, unit="元", yearly=True)
    assert (await evidence_from(yearly, "2024", *pushes)).actual == 90


@pytest.mark.parametrize(
    ("amount", "column", "value"),
    [
        (FirmAmount.REVENUE, "revenue_ytd_yuan", 11),
        (FirmAmount.OUTPUT, "output_ytd_yuan", 12),
        (FirmAmount.PROFIT, "profit_ytd_yuan", -13),
        (FirmAmount.TAX, "tax_ytd_yuan", 14),
        (FirmAmount.RD, "rd_ytd_yuan", 15),
        (FirmAmount.ENERGY, "energy_ytd_tce", Decimal("16.5")),
    ],
)
async def test_each_amount_is_summed_over_the_register_alone(
    amount: FirmAmount, column: str, value: Decimal | int
) -> None:
    rows = [
        firm("a", **{column: value}),
        firm("b", **{column: 1}),
        firm("outside", above_scale=False, **{column: 1000}),
    ]
    found = await evidence_from(target(derivation=SumFirms(amount)), "2024-06", june(*rows))
    assert found.actual == Fraction(value) + 1
    assert (found.inputs[0].name, found.inputs[0].matched) == (f"register_{amount}", 2)


@pytest.mark.parametrize(
    ("industries", "expected"),
    [
        pytest.param((), 15, id="all"),
        pytest.param(("26",), 3, id="a division"),
        pytest.param(("2651",), 1, id="a class"),
        pytest.param(("2651", "15"), 13, id="several"),
        pytest.param(("39",), 0, id="none of them"),
    ],
)
async def test_a_sum_of_some_industries_holds_the_codes_below_theirs(
    industries: tuple[str, ...], expected: int
) -> None:
    rows = [
        firm("a", industry="2651", output_ytd_yuan=1),
        firm("b", industry="2652", output_ytd_yuan=2),
        firm("c", industry="1512", output_ytd_yuan=12),
    ]
    judged = target(derivation=SumFirms(FirmAmount.OUTPUT, industries), unit="元")
    assert (await evidence_from(judged, "2024-06", june(*rows))).actual == expected


async def test_yuan_become_the_indicators_unit_exactly() -> None:
    judged = target("1", derivation=SumFirms(FirmAmount.OUTPUT), unit="亿元", scale="0.00000001")
    rows = [firm("a", output_ytd_yuan=YI), firm("b", output_ytd_yuan=1)]
    found = await evidence_from(judged, "2024-12", push(Feed.ENTERPRISES, "2024-12", rows, sequence=1))
    assert found.actual == 1 + Fraction(1, YI)
    assert (found.figures[0].value, found.figures[0].unit) == (found.actual, "亿元")
    assert judge(judged, found, period=period("2024-12")).status is Status.MET


async def test_a_firm_of_the_register_without_the_amount_leaves_the_sum_unknown_and_is_counted() -> None:
    rows = [firm("a", output_ytd_yuan=5), firm("b"), firm("outside", above_scale=False)]
    found = await evidence_from(YUAN, "2024-06", june(*rows))
    assert found.actual is None
    assert [reason.zh for reason in found.missing] == ["有1户规模以上工业企业未报工业总产值，合计数未知"]
    assert judge(YUAN, found, period=period("2024-06")).status is Status.NO_DATA


async def test_an_areas_part_sums_its_own_firms() -> None:
    rows = [firm("here", output_ytd_yuan=5), firm("beside", output_ytd_yuan=7, area="321323")]
    part = _part_of(YUAN, COUNTY)
    assert (await evidence_from(part, "2024-06", june(*rows))).actual == 5
    assert (await evidence_from(YUAN, "2024-06", june(*rows))).actual == 12


async def test_a_cumulative_sum_adds_the_last_report_of_each_year_before() -> None:
    judged = target("100", derivation=SumFirms(FirmAmount.RD), unit="元", pace=AtHorizon(), since=2023)
    december = push(Feed.ENTERPRISES, "2023-12", [firm("a", rd_ytd_yuan=30)], sequence=1)
    november = push(Feed.ENTERPRISES, "2023-11", [firm("a", rd_ytd_yuan=25)], sequence=2)
    this_june = june(firm("a", rd_ytd_yuan=8), sequence=3)
    found = await evidence_from(judged, "2024-06", december, november, this_june)
    assert found.actual == 38
    assert [str(figure.period) for figure in found.figures] == ["2023-12", "2024-06"]
    without = await evidence_from(judged, "2024-06", november, this_june)
    assert [reason.zh for reason in without.missing] == ["缺少2023年12月的企业报表"]


async def test_a_sum_of_a_simulated_source_says_so() -> None:
    rows = [firm("a", output_ytd_yuan=5)]
    assert (await evidence_from(YUAN, "2024-06", june(*rows, simulated=True))).simulated
    assert not (await evidence_from(YUAN, "2024-06", june(*rows))).simulated


def _part_of(whole: Target, area: str) -> Target:
    return replace(whole, place=replace(whole.place, id=area, parts=frozenset({area})))


async def test_how_many_firms_of_the_area_and_industries_sources_differ_on_is_told() -> None:
    industries = {"a": "2651", "b": "2651", "c": "1512"}
    first = [firm(key, industry=code, output_ytd_yuan=1) for key, code in industries.items()]
    second = [firm(key, industry=code, output_ytd_yuan=2) for key, code in industries.items() if key != "b"]
    judged = target(derivation=SumFirms(FirmAmount.OUTPUT, ("26",)), unit="元")
    bureau = push(Feed.ENTERPRISES, "2024-06", first, sequence=2, source="bureau")
    press = push(Feed.ENTERPRISES, "2024-06", second, sequence=1, source="press")
    found = await evidence_from(judged, "2024-06", bureau, press)
    assert found.actual == 2
    assert [reason.zh for reason in found.sources] == ["有1户企业各来源填报不一致，按发布机构位次采用"]
