"""Mutations of the real plans: each break is found, once, at its file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.plans.findings import LintFinding, PlanFileError
from shared.plans.lint import lint_plans
from shared.plans.loader import load_all
from tests.unit.shared.plans.conftest import ROOT, PlansCopy

Only = Callable[[list[LintFinding]], tuple[str, int, str]]

TABLE = "suqian-2024/00-indicator-table.yaml"
CLUSTERS = "suqian-2024/01-clusters.yaml"
FIRMS = "suqian-2024/06-firms.yaml"
HEAD = "suqian-2024/plan.yaml"


def test_the_real_plans_have_no_finding() -> None:
    assert lint_plans(ROOT / "plans", None) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        pytest.param(CLUSTERS, "lead: 市商务局", "lead: 市商业局", "responsible.unknown", id="unknown lead"),
        pytest.param(
            CLUSTERS, "joint: [市发展改革委", "joint: [市发展委", "responsible.unknown", id="unknown joint unit"
        ),
        pytest.param(CLUSTERS, "joint: [市发展改革委, 市", "joint: [市工信局, 市", "", id="alias is fine"),
        pytest.param(
            CLUSTERS, "indicator: project-starts-1yi", "indicator: no-such", "indicator.unknown", id="indicator"
        ),
        pytest.param(CLUSTERS, "unit: 个", "unit: 隻", "unit.unknown", id="unknown unit of measure"),
        pytest.param(CLUSTERS, "unit: 个", "unit: 亿元", "unit.incompatible", id="money for a count"),
        pytest.param(CLUSTERS, 'value: "200"', 'value: "200.5"', "value.integer", id="half a project"),
        pytest.param(CLUSTERS, "lights: default", "lights: traffic", "lights.unknown", id="unknown lights"),
        pytest.param(CLUSTERS, "slug: starts-10yi", "slug: starts-1yi", "id.repeated", id="slug twice"),
        pytest.param(CLUSTERS, "slug: start-10yi", "slug: start-1yi", "id.repeated", id="signal slug twice"),
        pytest.param(FIRMS, "id: m20", "id: m18", "id.repeated", id="clause twice"),
        pytest.param(FIRMS, "id: m20", "id: m1", "id.repeated", id="clause twice in two files"),
        pytest.param(TABLE, "year: 2025", "year: 2020", "horizon.year", id="year before the plan"),
        pytest.param(TABLE, "pace: {kind: at_horizon", "pace: {kind: integer", "pace.integer", id="integer share"),
        pytest.param(TABLE, "energy-per-gdp-assigned, area", "no-such, area", "indicator.unknown", id="reference"),
        pytest.param(TABLE, "energy-per-gdp-assigned, area", "gdp, area", "unit.incompatible", id="reference unit"),
        pytest.param(
            TABLE, 'assigned, area: "321300"', 'assigned, area: "999999"', "area.unknown", id="reference area"
        ),
        pytest.param(
            TABLE, "lead: 市地方金融监管局", "lead: 市金融局", "responsible.unknown", id="a target's own unit"
        ),
        pytest.param(HEAD, "id: suqian-2024", "id: suqian-2023", "plan.folder", id="folder"),
        pytest.param(
            TABLE,
            "pace: {kind: at_horizon, stated: false}",
            'pace: {kind: baseline_linear, stated: false, baseline: {value: "36", year: 2025, quote: x}}',
            "pace.baseline",
            id="baseline not before the target",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(
    plans: PlansCopy, only: Only, file: str, old: str, new: str, code: str
) -> None:
    line = plans.replace(file, old, new)
    findings = [finding for finding in plans.lint() if finding.code != "responsible.repeated"]
    if not code:
        assert findings == []
        return
    assert only(findings) == (file, line, code)
    assert findings[0].severity == "error"


def test_a_monthly_target_needs_monthly_figures(plans: PlansCopy, only: Only) -> None:
    line = plans.replace(TABLE, "frequency: year", "frequency: month")
    plans.replace("indicators.yaml", "measure: share, bases: [ytd, year]", "measure: share, bases: [year]")
    assert only(plans.lint()) == (TABLE, line, "frequency.basis")


def test_a_unit_listed_twice_is_found_even_under_another_role(plans: PlansCopy) -> None:
    plans.replace(CLUSTERS, "joint: [市发展改革委, 市工业和信息化局]", "joint: [市商务局]")
    assert {finding.code for finding in plans.lint()} == {"responsible.repeated"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param('over: "0", to: "30"', 'over: "10", to: "30"', "lights.gap", id="0 to 10 in no light (银川)"),
        pytest.param('light: green, to: "0"', 'light: green, under: "0"', "lights.gap", id="0 itself in no light"),
        pytest.param('over: "0", to: "30"', 'from: "0", to: "30"', "lights.overlap", id="0 in two lights"),
        pytest.param('over: "0", to: "30"', 'over: "0", to: "35"', "lights.overlap", id="30 to 35 in two lights"),
        pytest.param('over: "0", to: "30"', 'over: "0"', "lights.overlap", id="everything above 30 in two lights"),
        pytest.param('light: green, to: "0"', 'light: green, from: "-100", to: "0"', "lights.gap", id="far ahead"),
        pytest.param('light: red, over: "30"', 'light: red, over: "30", to: "100"', "lights.gap", id="far behind"),
    ],
)
def test_lights_with_a_gap_or_an_overlap_are_found(plans: PlansCopy, old: str, new: str, code: str) -> None:
    plans.replace("lights.yaml", old, new)
    (finding,) = plans.lint()
    text = (plans.path / "lights.yaml").read_text(encoding="utf-8").splitlines()
    assert finding.code == code
    assert "light:" in text[finding.line - 1]


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        pytest.param(
            "units/321300.yaml", "aliases: [市工信局", "aliases: [市发改委", "responsible.ambiguous", id="alias"
        ),
        pytest.param(
            "units/321300.yaml", "parent: suqian-government", "parent: nobody", "responsible.parent", id="parent"
        ),
        pytest.param("units/321300.yaml", "id: suqian-science", "id: suqian-reform", "id.repeated", id="unit id"),
        pytest.param(
            "indicators.yaml", "id: project-starts-10yi", "id: project-starts-1yi", "id.repeated", id="indicator"
        ),
        pytest.param("indicators.yaml", "kind: growth", "kind: flow", "indicator.measure", id="growth as a flow"),
        pytest.param("indicators.yaml", 'unit: "指数"', 'unit: "分数"', "unit.unknown", id="unit"),
    ],
)
def test_the_catalogue_and_the_directory_are_linted(plans: PlansCopy, file: str, old: str, new: str, code: str) -> None:
    plans.replace(file, old, new)
    findings = [finding for finding in plans.lint() if finding.path == plans.path / file]
    assert [finding.code for finding in findings] == [code]


def test_a_city_without_directory_is_found(plans: PlansCopy, only: Only) -> None:
    (plans.path / "units" / "321300.yaml").unlink()
    assert only(plans.lint()) == (HEAD, 10, "responsible.directory")


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        pytest.param(CLUSTERS, "        direction: up\n", "", "schema.missing", id="direction has no default"),
        pytest.param(CLUSTERS, "        unit: 个\n", "", "schema.missing", id="unit"),
        pytest.param(CLUSTERS, "      lead: 市商务局\n", "", "schema.missing", id="no owner"),
        pytest.param(CLUSTERS, "direction: up", "direction: down", "schema.value_error", id="ge and down"),
        pytest.param(CLUSTERS, 'value: "200"', "value: 200.1", "schema.value_error", id="a binary fraction"),
        pytest.param(CLUSTERS, 'value: "200"', "value: 200", "schema.value_error", id="an unquoted number"),
        pytest.param(CLUSTERS, "kind: integer", "kind: whole", "schema.union_tag_invalid", id="unknown pace"),
        pytest.param(CLUSTERS, "quote: 每年", 'quote: ""  # 每年', "schema.string_too_short", id="empty quote"),
        pytest.param(CLUSTERS, "binding: expected", "binding: maybe", "schema.literal_error", id="unknown binding"),
        pytest.param(CLUSTERS, "comparator_stated: false", "comparator_stated: 0", "schema.bool_type", id="not a fact"),
        pytest.param(FIRMS, 'share: "1"', 'share: "0.9"', "schema.value_error", id="steps that never end"),
        pytest.param(HEAD, "last_year: 2025", "last_year: 2023", "schema.value_error", id="years reversed"),
        pytest.param(HEAD, "text_sha256: 1e9f", "text_sha256: XXXX", "schema.string_pattern_mismatch", id="hash form"),
        pytest.param(HEAD, "issuer:", "isuer:", "schema.extra_forbidden", id="a misspelt key"),
    ],
)
def test_a_broken_schema_is_found_and_keeps_the_plan_from_loading(
    plans: PlansCopy, file: str, old: str, new: str, code: str
) -> None:
    line = plans.replace(file, old, new)
    findings = [finding for finding in plans.lint() if finding.code == code]
    assert len(findings) == 1
    assert findings[0].path == plans.path / file
    assert abs(findings[0].line - line) <= 12, "the finding stands at the target or at the key itself"
    with pytest.raises(PlanFileError, match=f"{file}:{findings[0].line}: error"):
        load_all(plans.path)


def test_one_run_reports_the_errors_of_every_file(plans: PlansCopy) -> None:
    plans.replace(HEAD, "issuer:", "isuer:")
    plans.replace(CLUSTERS, "binding: expected", "binding: maybe")
    plans.replace("lights.yaml", "unit: points", "unit: miles")
    assert {finding.path.name for finding in plans.lint()} == {"plan.yaml", "01-clusters.yaml", "lights.yaml"}


def test_a_missing_catalogue_is_a_finding(plans: PlansCopy, only: Only) -> None:
    (plans.path / "indicators.yaml").unlink()
    assert only(plans.lint()) == ("indicators.yaml", 1, "file.missing")


def test_a_long_quote_is_only_a_warning(plans: PlansCopy) -> None:
    plans.replace(CLUSTERS, "quote: 10亿元以上项目60个", "quote: " + "10亿元以上项目60个" * 5)
    (finding,) = plans.lint()
    assert (finding.severity, finding.code) == ("warning", "quote.long")


def test_findings_read_like_a_compilers(plans: PlansCopy) -> None:
    line = plans.replace(CLUSTERS, "lead: 市商务局", "lead: 市商业局")
    (finding,) = plans.lint()
    path = Path(plans.path / CLUSTERS)
    assert str(finding) == (
        f"{path}:{line}: error: responsible.unknown: 名录中没有单位“市商业局” / '市商业局' is not in the directory"
    )
