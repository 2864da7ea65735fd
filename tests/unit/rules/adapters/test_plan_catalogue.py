"""The plan suqian-2024 as the engine sees it."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from services.rules.adapters.plan_files import catalogue_builder, read_plans
from services.rules.adapters.plan_parts import check_judgeable
from services.rules.application.ports import Catalogue
from services.rules.domain.errors import UnsupportedPlanError
from services.rules.domain.pace import AtHorizon, BaselineGrowth, BaselineLinear, Integer, Pace, Stepped
from services.rules.domain.signal import SignalKind
from services.rules.domain.target import FirmsOver, NetAboveScale, ProjectStarts, Reference, ReportedFigure, Target
from shared.kernel.ids import text_hash
from tests.contracts.rules_rows import CITY, WAN, YI, period
from tests.contracts.rules_targets import indicator, target

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / "data"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    plans = read_plans(ROOT / "plans", DATA)
    return catalogue_builder(DATA).build([plan.document for plan in plans], defaultdict(lambda: 1))


def found(catalogue: Catalogue, target_id: str) -> Target:
    return next(target for target in catalogue.targets if target.id == target_id)


@pytest.mark.parametrize(
    ("slug", "value", "derivation", "pace"),
    [
        ("m1/starts-1yi@2024", "200", ProjectStarts(YI), Integer()),
        ("m1/starts-10yi@2025", "60", ProjectStarts(10 * YI), Integer()),
        ("m1/starts-50yi@2024", "10", ProjectStarts(50 * YI), Integer()),
        ("m18/firms-over-100yi@2024", "1", FirmsOver(100 * YI, inclusive=False, newly=True), AtHorizon()),
        ("m18/firms-1yi@2024", "100", FirmsOver(YI, inclusive=True, newly=True), AtHorizon()),
        ("table/9@2025", "9", FirmsOver(100 * YI, inclusive=False, newly=False), AtHorizon()),
    ],
)
def test_a_derived_target(catalogue: Catalogue, slug: str, value: str, derivation: object, pace: Pace) -> None:
    one = found(catalogue, f"suqian-2024/{slug}")
    assert (one.goal, one.indicator.derivation, one.pace) == (Decimal(value), derivation, pace)


def test_net_300_firms_is_stepped_and_knows_the_line_of_its_candidates(catalogue: Catalogue) -> None:
    net = found(catalogue, "suqian-2024/m20/net-above-scale@2024")
    assert net.indicator.derivation == NetAboveScale(2000 * WAN)
    assert isinstance(net.pace, Stepped)
    assert (net.first, net.last) == (period("2024-01/P2M"), period("2025-01/P2M"))
    assert [(unit.name, unit.role) for unit in net.units] == [
        ("市工业和信息化局", "lead"),
        ("市科技局", "joint"),
        ("市统计局", "joint"),
    ]


def test_the_table_has_eleven_rows_one_of_them_relative(catalogue: Catalogue) -> None:
    rows = [one for one in catalogue.targets if one.clause.id == "table"]
    assert len(rows) == 11
    relative = [one for one in rows if one.goal is None]
    assert [one.id for one in relative] == ["suqian-2024/table/8@2025"]
    assert relative[0].reference is not None


def test_every_target_is_pinned_to_its_quote_and_rolls_the_city_up_with_its_zones(catalogue: Catalogue) -> None:
    for one in catalogue.targets:
        assert one.clause.quote_sha256 == text_hash(one.clause.quote)
        assert one.place.holds("321322")
        assert one.place.holds("321300-yanghe")
        assert not one.place.holds("320623")


def test_signal_rules_by_kind(catalogue: Catalogue) -> None:
    kinds = sorted(rule.kind for rule in catalogue.rules)
    assert kinds.count(SignalKind.PROJECT_START) == 4
    assert [rule.id for rule in catalogue.rules if rule.alert] == ["suqian-2024/m17/class-d-final"]
    assert {rule.tiers_yuan for rule in catalogue.rules} == {(YI, 10 * YI, 50 * YI, 100 * YI)}


def test_definitions_are_the_same_when_read_again() -> None:
    first, second = (read_plans(ROOT / "plans", DATA) for _ in range(2))
    assert first == second
    assert len({one.target_id for plan in first for one in plan.targets}) == sum(len(plan.targets) for plan in first)


FIGURE = ReportedFigure("level", ("year",))


@pytest.mark.parametrize(
    "unjudgeable",
    [
        pytest.param(
            target(None, derivation=ProjectStarts(YI), reference=Reference(indicator(FIGURE), CITY)),
            id="a count compared with a published figure",
        ),
        pytest.param(
            target(None, derivation=FIGURE, unit="%", reference=Reference(indicator(FIGURE, unit="亿元"), CITY)),
            id="two figures of different units",
        ),
        pytest.param(
            target(
                None,
                derivation=FIGURE,
                reference=Reference(indicator(FIGURE), CITY),
                pace=BaselineLinear(Decimal(1), 2020),
            ),
            id="a relative target on a path from a baseline",
        ),
        pytest.param(target(pace=BaselineLinear(Decimal(1), 2024)), id="a baseline of the target's own year"),
        pytest.param(target(pace=BaselineGrowth(Decimal(0), 2020)), id="growth from zero"),
    ],
)
def test_what_could_never_be_judged_is_refused_when_loaded(unjudgeable: Target) -> None:
    with pytest.raises(UnsupportedPlanError):
        check_judgeable(unjudgeable)
