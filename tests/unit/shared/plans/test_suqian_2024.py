"""The plan suqian-2024 as data: the readings of it that the rest of the software depends on."""

import re
from decimal import Decimal
from pathlib import Path

from shared.plans.catalogue import CountFirmsAbove, CountFirmsCrossing, CountProjects, Derivation
from shared.plans.expand import expand_targets
from shared.plans.horizon import IntegerPace, SteppedPace
from shared.plans.loader import load_all
from shared.plans.schema import ProjectStart
from tests.unit.shared.plans.conftest import ROOT

LIBRARY = load_all(ROOT / "plans")
PLAN = LIBRARY.plans["suqian-2024"]
CLAUSES = {clause.id: clause for clause in PLAN.clauses}


def derivation_of(indicator: str) -> Derivation:
    derivation = LIBRARY.indicators[indicator].derived
    assert derivation is not None
    return derivation


def test_the_table_has_its_eleven_rows() -> None:
    values = {target.slug: target.value for target in CLAUSES["table"].targets}
    expected = ["39", "3", "40", "40", "2", "65", "12", None, "9", "50", "20"]
    assert values == {str(n): Decimal(v) if v else None for n, v in enumerate(expected, 1)}
    assert not any(target.comparator_stated for target in CLAUSES["table"].targets)


def test_the_energy_row_needs_the_provinces_figure_and_less_is_better() -> None:
    """Traps 14 and 15."""
    row = next(target for target in CLAUSES["table"].targets if target.slug == "8")
    assert row.reference is not None
    assert row.reference.indicator == "energy-per-gdp-assigned"
    assert (row.direction, row.comparator) == ("down", "le")


def test_project_starts_are_inclusive_tiers_with_an_integer_pace() -> None:
    """Traps 5 and 7."""
    found = {}
    for target in CLAUSES["m1"].targets:
        derivation = derivation_of(target.indicator)
        if isinstance(derivation, CountProjects) and target.slug.startswith("starts-"):
            assert derivation.inclusive
            assert isinstance(target.pace, IntegerPace)
            found[derivation.min_total_yuan] = target.value
    assert found == {Decimal(10**8): Decimal(200), Decimal(10**9): Decimal(60), Decimal(5 * 10**9): Decimal(10)}


def test_start_signals_have_four_tiers_and_alert_nobody() -> None:
    rules = [rule for rule in CLAUSES["m1"].signals if isinstance(rule, ProjectStart)]
    assert [rule.min_total_yuan for rule in rules] == [Decimal(n) for n in (10**8, 10**9, 5 * 10**9, 10**10)]
    assert not any(rule.alert for rule in rules)


def test_over_ten_billion_excludes_the_bound_and_the_lower_tiers_include_it() -> None:
    crossing = [
        (derivation.min_revenue_yuan, derivation.inclusive, target.value)
        for target in CLAUSES["m18"].targets
        for derivation in (LIBRARY.indicators[target.indicator].derived,)
        if isinstance(derivation, CountFirmsCrossing)
    ]
    assert sorted(crossing) == [
        (Decimal(10**8), True, Decimal(100)),
        (Decimal(10**9), True, Decimal(10)),
        (Decimal(10**10), False, Decimal(1)),
    ]
    above = derivation_of("firms-over-100yi")
    assert isinstance(above, CountFirmsAbove)
    assert not above.inclusive


def test_net_above_scale_firms_are_judged_in_the_next_years_first_report() -> None:
    target = next(target for target in CLAUSES["m20"].targets if target.slug == "net-above-scale")
    assert isinstance(target.pace, SteppedPace)
    assert [(s.month, s.years_after, s.share) for s in target.pace.shares] == [(2, 1, Decimal(1))]


def test_units_stand_in_their_roles_as_written() -> None:
    m1 = CLAUSES["m1"].responsible
    assert m1 is not None
    assert (m1.lead, m1.support, m1.divided) == ((), ("市商务局", "市发展改革委", "市工业和信息化局"), True)
    assert m1.answering == "市商务局"


def test_no_pace_is_said_to_be_the_documents() -> None:
    assert not any(target.definition.pace.stated for target in expand_targets(PLAN))


def test_units_are_found_by_alias() -> None:
    units = LIBRARY.units["321300"]
    assert units.find("市发改委") == units.find("市发展改革委")
    assert units.find("市工信局") is not None
    assert units.find("市工信") is None


def test_every_unit_the_document_makes_responsible_is_in_the_directory(texts: Path) -> None:
    text = "".join((texts / "suqian-2024.txt").read_text(encoding="utf-8").split())
    lists = re.findall(r"[(（]责任单位[:：](.+?)(?:按职责分工负责)?[)）]", text)
    assert len(lists) == 24
    names = {name for entry in lists for name in entry.split("、")}
    assert {name for name in names if LIBRARY.units["321300"].find(name) is None} == set()
