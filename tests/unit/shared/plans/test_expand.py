"""From clauses to what is judged: years, milestones, parts, who answers, and versions."""

from decimal import Decimal
from typing import Any

import pytest

from shared.kernel.ids import text_hash
from shared.plans.expand import YearTarget, expand_signals, expand_targets, responsible_for
from shared.plans.loader import Plan, load_plan
from shared.plans.schema import Chapter, Head
from tests.unit.shared.plans.conftest import SAMPLE, PlansCopy

PLAN = load_plan(SAMPLE / "sample-2025")
TARGETS = {target.id: target for target in expand_targets(PLAN)}
CLAUSES = {clause.id: clause for clause in PLAN.clauses}

HEAD: dict[str, Any] = {
    "id": "p",
    "title": {"zh": "方案", "en": "plan"},
    "issuer": "市",
    "effective": {"first_year": 2024, "last_year": 2026},
    "city": "321300",
    "office": {"support": ("办",), "basis": "issuer"},
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
    "quote": "5户",
}


def only_target(*, head: dict[str, Any] | None = None, **changes: Any) -> YearTarget:
    """Return the last target of a plan with one target."""
    clause = {"id": "c", "kind": "measure", "title": "条", "targets": ({**TARGET, **changes},)}
    chapter = Chapter.model_validate({"title": "章", "clauses": (clause,)})
    return expand_targets(Plan(Head.model_validate({**HEAD, **(head or {})}), (chapter,)))[-1]


def test_an_annual_target_is_judged_in_each_year_of_the_plan() -> None:
    years = [target_id for target_id in TARGETS if target_id.startswith("sample-2025/m1/starts-50yi@")]
    assert years == [f"sample-2025/m1/starts-50yi@{year}" for year in (2025, 2026, 2027)]


def test_a_milestone_is_a_target_of_its_own_and_the_next_path_begins_there() -> None:
    middle, end = TARGETS["sample-2025/table/output@2026"], TARGETS["sample-2025/table/output@2027"]
    assert (middle.value, end.value) == (Decimal(4700), Decimal(5000))
    assert [(t.baseline.year, t.baseline.value) for t in (middle, end) if t.baseline is not None] == [
        (2024, Decimal(4200)),
        (2026, Decimal(4700)),
    ]


def test_a_target_is_looked_at_from_the_year_after_its_baseline() -> None:
    assert TARGETS["sample-2025/table/output@2026"].first_year == 2025
    assert TARGETS["sample-2025/table/output@2027"].first_year == 2027


@pytest.mark.parametrize(
    ("horizon", "years"),
    [
        pytest.param({"kind": "cumulative_by", "year": 2026}, (2024, 2026), id="from the plan's first year"),
        pytest.param({"kind": "cumulative_by", "year": 2026, "since": 2021}, (2021, 2026), id="from its own"),
        pytest.param({"kind": "growth", "year": 2025, "since": 2020}, (2020, 2025), id="growth from its base year"),
        pytest.param({"kind": "level_at_year", "year": 2025}, (2025, 2025), id="a level"),
    ],
)
def test_a_horizon_says_which_years_count(horizon: dict[str, Any], years: tuple[int, int]) -> None:
    target = only_target(horizon=horizon)
    assert (target.since_year, target.year) == years


@pytest.mark.parametrize(
    ("target_id", "period"),
    [
        ("sample-2025/m1/starts-10yi@2025", "2025-12"),
        ("sample-2025/m2/net-above-scale@2025", "2026-01/P2M"),
        ("sample-2025/table/output@2027", "2027"),
    ],
)
def test_the_final_verdict_falls_with_the_period_the_pace_names(target_id: str, period: str) -> None:
    """Trap 2: the true verdict of 净增300户 falls with the 1–2月 report of the next year."""
    assert str(TARGETS[target_id].last_period) == period


# ---- who answers ------------------------------------------------------------------------------------------------


def test_a_clause_that_names_nobody_answers_to_the_plans_office() -> None:
    assert responsible_for(PLAN, CLAUSES["table"]).basis == "plan_office"
    assert responsible_for(PLAN, CLAUSES["table"]).answering == "市工业和信息化局"


def test_who_carries_out_every_clause_is_added_from_the_clause_the_document_names() -> None:
    assert responsible_for(PLAN, CLAUSES["goals"]).implementing == ()
    assert responsible_for(PLAN, CLAUSES["m1"]).implementing == ("各县区",)
    assert responsible_for(PLAN, CLAUSES["m1"]).support == ("市商务局", "市工业和信息化局")


def test_a_target_answers_to_its_own_units_where_it_names_them() -> None:
    own = {"support": ("金融局",), "quote": "责任单位：金融局"}
    assert only_target(horizon={"kind": "annual"}, responsible=own).responsible.names == ("金融局",)


# ---- areas ------------------------------------------------------------------------------------------------------


def test_the_area_is_the_plans_city_unless_given() -> None:
    assert only_target(horizon={"kind": "annual"}).area == "321300"
    assert only_target(horizon={"kind": "annual"}, area="321322").area == "321322"


def test_parts_follow_their_whole_and_answer_to_their_area() -> None:
    ids = list(TARGETS)
    whole = ids.index("sample-2025/m2/net-above-scale@2026")
    assert ids[whole + 1 : whole + 3] == [
        "sample-2025/m2/net-above-scale/321302@2026",
        "sample-2025/m2/net-above-scale/321322@2026",
    ]
    part = TARGETS[ids[whole + 1]]
    assert (part.value, part.part_of, part.responsible.names) == (Decimal(120), ids[whole], ("宿城区人民政府",))


def test_a_share_gives_its_part_of_the_whole_in_the_years_it_is_given_for() -> None:
    parts = {target_id: target.value for target_id, target in TARGETS.items() if "/starts-10yi/" in target_id}
    assert parts == {
        "sample-2025/m1/starts-10yi/321302@2025": Decimal("24.0"),
        "sample-2025/m1/starts-10yi/321322@2025": Decimal("36.0"),
    }


# ---- versions ---------------------------------------------------------------------------------------------------


def test_the_version_changes_with_the_definition_and_with_nothing_else(plans: PlansCopy) -> None:
    plans.replace("sample-2025/02-measures.yaml", 'value: "10"', 'value: "11"')
    changed = {target.id: target for target in expand_targets(load_plan(plans.path / "sample-2025"))}
    different = {target_id for target_id in TARGETS if changed[target_id].version != TARGETS[target_id].version}
    assert different == {f"sample-2025/m1/starts-50yi@{year}" for year in (2025, 2026, 2027)}


def test_the_version_changes_with_who_answers(plans: PlansCopy) -> None:
    plans.replace("sample-2025/plan.yaml", "lead: [市工业和信息化局]", "support: [市工业和信息化局]")
    changed = {target.id: target for target in expand_targets(load_plan(plans.path / "sample-2025"))}
    different = {target_id for target_id in TARGETS if changed[target_id].version != TARGETS[target_id].version}
    assert {target_id.split("/")[1] for target_id in different} == {"table"}


def test_quotes_are_pinned_by_their_hash() -> None:
    assert TARGETS["sample-2025/m2/cloud@2027"].quote_sha256 == text_hash("星级上云企业到2027年累计2000户")


def test_signal_rules_have_ids_versions_and_units() -> None:
    (signal,) = expand_signals(PLAN)
    assert signal.id == "sample-2025/m1/start-50yi"
    assert signal.responsible.names == ("市商务局", "市工业和信息化局", "各县区")


def test_an_amended_plan_holds_from_the_day_of_its_last_amendment() -> None:
    note = {"zh": "调整", "en": "adjusted"}
    amendments = (
        {"effective_on": "2025-07-01", "reference": "一", "note": note},
        {"effective_on": "2025-03-01", "reference": "二", "note": note},
    )
    head = {**HEAD, "amendments": amendments}
    assert str(Head.model_validate(head, strict=False).effective_on) == "2025-07-01"
    assert str(Head.model_validate(HEAD).effective_on) == "2024-01-01"
