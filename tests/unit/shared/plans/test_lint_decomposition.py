"""A city's targets broken down to counties and zones: parts that exist, do not overlap, and make up the whole."""

from collections.abc import Callable

import pytest

from shared.plans.findings import LintFinding
from tests.unit.shared.plans.conftest import PlansCopy

Only = Callable[[list[LintFinding]], tuple[str, int, str]]
PARTS = "sample-2025/decomposition.yaml"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("target: m2/net-above-scale", "target: m2/net", "target.unknown", id="no such target"),
        pytest.param("year: 2025", "year: 2030", "breakdown.year", id="no such year"),
        pytest.param('area: "321302", value', 'area: "999999", value', "area.unknown", id="no such area"),
        pytest.param('area: "321302", value', 'area: "320600", value', "area.outside", id="area of another city"),
        pytest.param('area: "321302", value', 'area: "321300", value', "area.outside", id="the city itself"),
        pytest.param('area: "321302", value', 'area: "321322401", value', "area.overlap", id="a zone in a county"),
        pytest.param('area: "321302", value', 'area: "321322", value', "area.overlap", id="an area twice"),
        pytest.param("unit: 宿城区人民政府", "unit: 宿城区", "responsible.unknown", id="unit"),
        pytest.param('share: "0.6"', 'share: "0.5"', "share.sum", id="shares below one"),
        pytest.param('share: "0.6"', 'share: "0.7"', "share.sum", id="shares above one"),
        pytest.param('value: "180"', 'value: "179"', "parts.short", id="less than the whole"),
        pytest.param('value: "180"', 'value: "180.5"', "value.integer", id="half a firm"),
        pytest.param("target: m1/starts-10yi", "target: m2/net-above-scale", "breakdown.repeated", id="twice"),
    ],
)
def test_a_breakdown_that_does_not_fit_is_an_error(plans: PlansCopy, old: str, new: str, code: str) -> None:
    plans.replace(PARTS, old, new)
    found = {finding.code: finding for finding in plans.lint()}
    assert found[code].severity == "error"
    assert found[code].path == plans.path / PARTS


def test_parts_that_ask_more_than_the_whole_are_shown_with_the_figures(plans: PlansCopy) -> None:
    """层层加码 is common and legal; who reads the plan must see it."""
    plans.replace(PARTS, 'value: "180"', 'value: "210"')
    found = plans.lint()
    assert {(one.code, one.severity) for one in found} == {("parts.beyond", "warning")}
    assert "2026年各地合计330户，全市300户" in found[1].zh


def test_a_share_that_gives_no_whole_project_is_named(plans: PlansCopy) -> None:
    plans.replace(PARTS, 'share: "0.4"', 'share: "0.41"')
    plans.replace(PARTS, 'share: "0.6"', 'share: "0.59"')
    found = plans.lint()
    assert {(one.code, one.severity) for one in found} == {("share.fraction", "warning")}
    assert ["24.6" in found[0].zh, "35.4" in found[1].zh] == [True, True]


def test_parts_of_a_target_on_a_baseline_path_are_judged_at_the_horizon(plans: PlansCopy, only: Only) -> None:
    plans.replace(PARTS, "target: m2/net-above-scale", "target: table/output\n    year: 2027")
    plans.replace(PARTS, 'value: "120"', 'value: "2000"')
    plans.replace(PARTS, 'value: "180"', 'value: "3000"')
    findings = plans.lint()
    assert only(findings)[2] == "parts.at_horizon"
    assert findings[0].severity == "warning"


def test_a_ratio_has_no_shares(plans: PlansCopy, only: Only) -> None:
    plans.replace(PARTS, "target: m1/starts-10yi\n    year: 2025", "target: table/value-added-share")
    assert only(plans.lint())[2] == "share.ratio"


def test_less_is_enough_where_the_figure_should_fall(plans: PlansCopy) -> None:
    plans.replace(
        "sample-2025/02-measures.yaml",
        "comparator: ge\n        comparator_stated: true",
        "comparator: le\n        comparator_stated: true",
    )
    plans.replace(
        "sample-2025/02-measures.yaml",
        "qualifier: 以上\n        direction: up",
        "qualifier: 以上\n        direction: down",
    )
    plans.replace(PARTS, 'value: "180"', 'value: "150"')
    assert {one.code for one in plans.lint() if one.code.startswith("parts.")} == {"parts.beyond"}
