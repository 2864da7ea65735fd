from pathlib import Path
from typing import Any

import pytest

from shared.kernel.ids import text_hash
from shared.plans.expand import YearTarget, expand_signals, expand_targets
from shared.plans.loader import Plan, load_plan
from shared.plans.schema import Chapter, Head
from tests.unit.shared.plans.conftest import PlansCopy

ROOT = Path(__file__).parents[4]
PLAN = load_plan(ROOT / "plans" / "suqian-2024")
TARGETS = {target.id: target for target in expand_targets(PLAN)}

HEAD: dict[str, Any] = {
    "id": "p",
    "title": {"zh": "方案", "en": "plan"},
    "document_number": "1号",
    "issuer": "市",
    "issued_on": "2024-01-01",
    "effective": {"first_year": 2024, "last_year": 2026},
    "city": "321300",
    "text_sha256": "0" * 64,
}
TARGET: dict[str, Any] = {
    "slug": "t",
    "name": {"zh": "目标", "en": "target"},
    "indicator": "i",
    "value": "5",
    "comparator": "ge",
    "comparator_stated": True,
    "direction": "up",
    "unit": "户",
    "pace": {"kind": "linear", "stated": False},
    "frequency": "month",
    "binding": "expected",
    "lights": "default",
    "quote": "5户",
}


def only_target(**changes: Any) -> YearTarget:
    """Return the last target of a plan with one target (JSON mode: lists stand for tuples)."""
    clause = {"id": "c", "title": "条", "responsible": {"lead": "局", "lead_basis": "stated", "quote": "局"}}
    text = Chapter.model_validate({"title": "章", "clauses": ({**clause, "targets": ({**TARGET, **changes},)},)})
    return expand_targets(Plan(Head.model_validate(HEAD, strict=False), (text,)))[-1]


def test_an_annual_clause_gives_one_target_for_each_plan_year() -> None:
    assert [t for t in TARGETS if t.startswith("suqian-2024/m1/starts-10yi@")] == [
        "suqian-2024/m1/starts-10yi@2024",
        "suqian-2024/m1/starts-10yi@2025",
    ]


def test_a_level_target_belongs_to_its_year_only() -> None:
    assert [t for t in TARGETS if t.startswith("suqian-2024/table/3@")] == ["suqian-2024/table/3@2025"]


def test_a_cumulative_target_counts_from_the_first_year_of_the_plan() -> None:
    target = only_target(horizon={"kind": "cumulative_by", "year": 2026})
    assert (target.id, target.since_year, target.year) == ("p/c/t@2026", 2024, 2026)


def test_a_cumulative_target_may_name_its_own_first_year() -> None:
    assert only_target(horizon={"kind": "cumulative_by", "year": 2026, "since": 2021}).since_year == 2021


@pytest.mark.parametrize(
    ("target_id", "period"),
    [
        ("suqian-2024/m1/starts-50yi@2024", "2024-12"),
        ("suqian-2024/m18/firms-1yi@2025", "2025-12"),
        ("suqian-2024/m20/net-above-scale@2024", "2025-01/P2M"),
        ("suqian-2024/table/1@2025", "2025"),
        ("suqian-2024/table/9@2025", "2025-12"),
    ],
)
def test_the_final_verdict_falls_with_the_period_the_pace_names(target_id: str, period: str) -> None:
    """Trap 2: the true verdict of 净增300户 falls with the 1–2月 report of the next year."""
    assert str(TARGETS[target_id].last_period) == period


def test_a_target_answers_to_its_own_units_where_it_names_them() -> None:
    assert TARGETS["suqian-2024/table/11@2025"].responsible.names == ("市地方金融监管局",)
    assert TARGETS["suqian-2024/table/1@2025"].responsible.names == ("市工业和信息化局",)


def test_the_area_is_the_plans_city_unless_given() -> None:
    assert only_target(horizon={"kind": "annual"}).area == "321300"
    assert only_target(horizon={"kind": "annual"}, area="321322").area == "321322"


def test_the_version_changes_with_the_definition_and_with_nothing_else(plans: PlansCopy) -> None:
    plans.replace("suqian-2024/01-clusters.yaml", 'value: "60"', 'value: "61"')
    changed = {target.id: target for target in expand_targets(load_plan(plans.path / "suqian-2024"))}
    different = {target_id for target_id in TARGETS if changed[target_id].version != TARGETS[target_id].version}
    assert different == {"suqian-2024/m1/starts-10yi@2024", "suqian-2024/m1/starts-10yi@2025"}


def test_versions_are_the_same_in_every_process() -> None:
    assert TARGETS["suqian-2024/m1/starts-10yi@2024"].version == "bb29e9261d7cdd42"


def test_quotes_are_pinned_by_their_hash() -> None:
    target = TARGETS["suqian-2024/m1/starts-10yi@2024"]
    assert target.quote_sha256 == text_hash("10亿元以上项目60个")


def test_signal_rules_have_ids_and_versions() -> None:
    signals = {signal.id: signal for signal in expand_signals(PLAN)}
    assert list(signals) == [
        "suqian-2024/m1/start-1yi",
        "suqian-2024/m1/start-10yi",
        "suqian-2024/m1/start-50yi",
        "suqian-2024/m1/start-100yi",
        "suqian-2024/m17/class-d-final",
        "suqian-2024/m20/above-scale-entry",
        "suqian-2024/m20/above-scale-candidate",
    ]
    assert len({signal.version for signal in signals.values()}) == len(signals)
    assert [signal_id for signal_id, signal in signals.items() if signal.rule.alert] == [
        "suqian-2024/m17/class-d-final"
    ]
