"""The plan suqian-2024 as data, alone and against its document."""

import os
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from shared.plans.catalogue import CountFirmsAbove, CountFirmsCrossing, CountProjectStarts, Derivation, Derived
from shared.plans.expand import expand_targets
from shared.plans.findings import LintFinding
from shared.plans.lint import lint_plans
from shared.plans.loader import load_all
from shared.plans.schema import IntegerPace, ProjectStart, SteppedPace
from tests.unit.shared.plans.conftest import ROOT, PlansCopy

Only = Callable[[list[LintFinding]], tuple[str, int, str]]

LIBRARY = load_all(ROOT / "plans")
PLAN = LIBRARY.plans["suqian-2024"]
CLAUSES = {clause.id: clause for clause in PLAN.clauses}


def derivation_of(indicator: str) -> Derivation:
    source = LIBRARY.indicators[indicator].source
    assert isinstance(source, Derived)
    return source.derivation


def test_the_table_has_its_eleven_rows() -> None:
    rows = {target.slug: target for target in CLAUSES["table"].targets}
    values = {slug: target.value for slug, target in rows.items()}
    expected = ["39", "3", "40", "40", "2", "65", "12", None, "9", "50", "20"]
    assert values == {str(n): Decimal(v) if v else None for n, v in enumerate(expected, 1)}
    assert all(not target.comparator_stated for target in rows.values())


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
        assert isinstance(derivation, CountProjectStarts)
        assert isinstance(target.pace, IntegerPace)
        found[derivation.min_total_yuan] = target.value
    assert found == {Decimal(10**8): Decimal(200), Decimal(10**9): Decimal(60), Decimal(5 * 10**9): Decimal(10)}


def test_start_signals_have_four_tiers_and_alert_nobody() -> None:
    rules = [rule for rule in CLAUSES["m1"].signals if isinstance(rule, ProjectStart)]
    assert [rule.min_total_yuan for rule in rules] == [Decimal(n) for n in (10**8, 10**9, 5 * 10**9, 10**10)]
    assert not any(rule.alert for rule in rules)


def test_over_ten_billion_excludes_the_bound_and_the_lower_tiers_include_it() -> None:
    found = {}
    for target in CLAUSES["m18"].targets:
        derivation = derivation_of(target.indicator)
        assert isinstance(derivation, CountFirmsCrossing)
        found[derivation.min_revenue_yuan] = (derivation.inclusive, target.value)
    assert found == {
        Decimal(10**10): (False, Decimal(1)),
        Decimal(10**9): (True, Decimal(10)),
        Decimal(10**8): (True, Decimal(100)),
    }
    above = derivation_of("firms-over-100yi")
    assert isinstance(above, CountFirmsAbove)
    assert not above.inclusive


def test_net_above_scale_firms_are_judged_in_the_next_years_first_report() -> None:
    (target,) = CLAUSES["m20"].targets
    assert isinstance(target.pace, SteppedPace)
    assert [(s.month, s.years_after, s.share) for s in target.pace.shares] == [(2, 1, Decimal(1))]


def test_units_stand_in_their_roles_as_written() -> None:
    m1 = CLAUSES["m1"].responsible
    assert (m1.lead, m1.lead_basis, m1.joint) == ("市商务局", "first_listed", ("市发展改革委", "市工业和信息化局"))
    m17 = CLAUSES["m17"].responsible
    assert (m17.names, m17.lead_basis) == (("市工业和信息化局",), "stated")


def test_no_pace_is_said_to_be_the_documents() -> None:
    assert not any(target.definition.pace.stated for target in expand_targets(PLAN))


def test_units_are_found_by_alias() -> None:
    units = LIBRARY.units["321300"]
    assert units.find("市发改委") == units.find("市发展改革委")
    assert units.find("市工信局") is not None
    assert units.find("市工信") is None


# ---- against the document ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def texts() -> Path:
    given = os.environ.get("PLANWATCH_PLAN_TEXTS")
    path = Path(given) if given else ROOT.parent / "shared" / "plans-text"
    if not (path / "suqian-2024.txt").is_file():
        pytest.skip(
            f"QUOTES NOT CHECKED: the document's text is not at hand ({path / 'suqian-2024.txt'}); "
            "set PLANWATCH_PLAN_TEXTS to the folder that holds it"
        )
    return path


def test_every_quote_stands_in_the_document_at_its_place(texts: Path) -> None:
    assert lint_plans(ROOT / "plans", texts) == []


def test_every_unit_the_document_makes_responsible_is_in_the_directory(texts: Path) -> None:
    text = "".join((texts / "suqian-2024.txt").read_text(encoding="utf-8").split())
    lists = re.findall(r"[(（]责任单位[:：](.+?)(?:按职责分工负责)?[)）]", text)
    assert len(lists) == 24
    names = {name for entry in lists for name in entry.split("、")}
    assert {name for name in names if LIBRARY.units["321300"].find(name) is None} == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(
            ("01-clusters.yaml", "quote: 10亿元以上项目60", "quote: 10亿元以上项目61"), "quote.text", id="digit"
        ),
        pytest.param(("00-indicator-table.yaml", "(%) 39", "(%) 38"), "quote.text", id="digit of a row"),
        pytest.param(("05-green.yaml", "D类的企业取消", "C类的企业取消"), "quote.text", id="letter"),
        pytest.param(
            ("05-green.yaml", "quote: 对", "quote: 每年新增销售超百亿企业1户以上  #"), "quote.text", id="place"
        ),
        pytest.param(("06-firms.yaml", "市科技局, 市统计局]", "市科技局, 市财政局]"), "responsible.quote", id="unit"),
        pytest.param(("06-firms.yaml", 'number: "18."', 'number: "81."'), "clause.heading", id="number of a clause"),
        pytest.param(("plan.yaml", "text_sha256: 1e9f", "text_sha256: 1e9e"), "text.hash", id="hash"),
    ],
)
def test_one_changed_character_is_found(
    texts: Path, plans: PlansCopy, only: Only, change: tuple[str, str, str], code: str
) -> None:
    file, old, new = change
    line = plans.replace(f"suqian-2024/{file}", old, new)
    found_file, found_line, found_code = only(plans.lint(texts))
    assert (found_file, found_code) == (f"suqian-2024/{file}", code)
    assert abs(found_line - line) <= 3


def test_a_changed_document_is_found(texts: Path, plans: PlansCopy, tmp_path: Path) -> None:
    """T5: one character of the text, nowhere near a quote."""
    content = (texts / "suqian-2024.txt").read_text(encoding="utf-8")
    (tmp_path / "suqian-2024.txt").write_text(content.replace("军分区", "军区"), encoding="utf-8")
    assert [finding.code for finding in plans.lint(tmp_path)] == ["text.hash"]


def test_a_text_that_is_not_at_hand_is_said_plainly(plans: PlansCopy, only: Only, tmp_path: Path) -> None:
    findings = plans.lint(tmp_path)
    assert only(findings) == ("suqian-2024/plan.yaml", 11, "text.missing")
    assert findings[0].severity == "warning"
