"""Every target of the plans is judged again from what its page shows, and comes out the same."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from services.rules.adapters.cli_verdicts import verdicts_commands
from services.rules.adapters.evidence_codec import evidence_json, step_json
from services.rules.adapters.plan_demand import Defined
from services.rules.adapters.plan_documents import plan_definitions
from services.rules.adapters.plan_files import catalogue_builder, first_version
from services.rules.adapters.plan_parts import suspension_of
from services.rules.adapters.postgres_verdicts import verdict_json
from services.rules.adapters.recompute import UnreadablePageError, differences, recompute
from services.rules.domain.evidence import Evidence
from services.rules.domain.target import Target
from services.rules.domain.verdict import Verdict, judge
from services.rules.domain.wording import Reason
from shared.plans.loader import load_all
from shared.reference.units_of_measure import UnitsOfMeasure

ROOT = Path(__file__).resolve().parents[4]
PLANS = plan_definitions(load_all(ROOT / "plans"))
DEFINITIONS = {target.target_id: json.loads(target.document) for plan in PLANS for target in plan.targets}
TARGETS = catalogue_builder(ROOT / "data").build(map(first_version, PLANS)).targets
UNITS = UnitsOfMeasure.load(ROOT / "data" / "units_of_measure.csv")
MISSING = Reason("figure_missing", "缺少数据", "The figure is missing")


def page_of(verdict: Verdict) -> dict[str, Any]:
    """The verdict as its address answers it, as far as it is judged again from there."""
    target = verdict.target
    page = {
        **verdict_json(verdict),
        "id": verdict.verdict_id,
        "target_id": target.id,
        "target_version": target.version,
        "area": target.place.id,
        "area_name": target.place.name,
        "period": str(verdict.period),
        "definition": DEFINITIONS[target.id],
        "target": {"city": target.place.city, "clause": {"quote_sha256": target.clause.quote_sha256}},
    }
    return json.loads(json.dumps(page, default=_number))  # type: ignore[no-any-return]


def _number(value: object) -> str:
    assert isinstance(value, Decimal)
    return format(value, "f")


def judged(target: Target, actual: Fraction | None) -> Verdict:
    reference = Fraction(7, 3) if target.reference is not None else None
    missing = (MISSING,) if actual is None else ()
    return judge(target, Evidence(actual=actual, reference=reference, missing=missing), period=target.last)


@settings(max_examples=60, deadline=None)
@given(target=st.sampled_from(TARGETS), actual=st.none() | st.fractions(-100, 10_000), early=st.booleans())
def test_a_verdict_judged_again_from_its_page_is_the_same(
    target: Target, actual: Fraction | None, *, early: bool
) -> None:
    verdict = judged(target, actual)
    if early:
        verdict = judge(target, verdict.evidence, period=target.first)
    page = page_of(verdict)
    assert list(differences(page, recompute(page, UNITS))) == []


def test_a_suspended_verdict_judged_again_from_its_page_is_the_same() -> None:
    last = TARGETS[0].last.end.isoformat()
    approved = {"approved_by": "市人民政府", "reason": {"zh": "防汛停工", "en": "flood control"}, "target": "m1/starts"}
    definition = {**DEFINITIONS[TARGETS[0].id], "suspensions": [{**approved, "since": last, "until": last}]}
    rest = suspension_of(Defined.read(definition).suspensions[0])
    verdict = judged(replace(TARGETS[0], version=2, suspensions=(rest,)), Fraction(3))
    page = page_of(verdict) | {"definition": definition}
    assert page["status"] == "suspended"
    assert list(differences(page, recompute(page, UNITS))) == []
    page["definition"] = DEFINITIONS[TARGETS[0].id]
    assert {one.what for one in differences(page, recompute(page, UNITS))} == {"id", "status", "reasons"}


@pytest.fixture
def page() -> dict[str, Any]:
    return page_of(judged(TARGETS[0], Fraction(3)))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param({"actual": "4"}, {"actual"}, id="a number of the page alone"),
        pytest.param({"status": "on_pace"}, {"status"}, id="the status"),
        pytest.param({"target_version": 9}, {"id"}, id="another version of the target"),
    ],
)
def test_a_page_that_was_changed_is_found_out(page: dict[str, Any], change: dict[str, Any], found: set[str]) -> None:
    page |= change
    assert {one.what for one in differences(page, recompute(page, UNITS))} == found


def test_another_figure_comes_to_another_verdict(page: dict[str, Any]) -> None:
    page["evidence"] = {**page["evidence"], "actual": "5/2"}
    assert {"id", "actual"} <= {one.what for one in differences(page, recompute(page, UNITS))}


def test_a_changed_quote_does_not_fit_its_hash(page: dict[str, Any]) -> None:
    page["definition"] = {**page["definition"], "quote": page["definition"]["quote"] + "。"}
    assert [one.what for one in differences(page, recompute(page, UNITS))] == ["quote_sha256"]


def test_a_page_without_evidence_says_what_it_lacks(page: dict[str, Any]) -> None:
    page["evidence"] = None
    with pytest.raises(UnreadablePageError, match="cannot be judged again"):
        recompute(page, UNITS)


def test_evidence_and_steps_are_part_of_what_is_kept() -> None:
    verdict = judged(TARGETS[0], Fraction(1, 3))
    kept = verdict_json(verdict)
    assert kept["evidence"] == evidence_json(verdict.evidence)
    assert kept["steps"] == [step_json(step) for step in verdict.steps]


def run(*arguments: str, given: str | None = None) -> tuple[int, str]:
    app = verdicts_commands({"PLANWATCH_DATA_DIR": str(ROOT / "data")})
    result = CliRunner().invoke(app, list(arguments), input=given)
    return result.exit_code, result.output


def test_the_command_says_the_same_or_what_differs(page: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    path.write_text(json.dumps(page), encoding="utf-8")
    code, shown = run("recompute", str(path))
    assert (code, "与页面一致" in shown) == (0, True)
    code, answered = run("recompute", "--json", "-", given=json.dumps(page | {"gap": "17"}))
    assert (code, [one["what"] for one in json.loads(answered)["differences"]]) == (1, ["gap"])


def test_the_command_names_what_cannot_be_read(tmp_path: Path) -> None:
    assert run("recompute", str(tmp_path / "none.json"))[0] == 2
    assert run("recompute", "-", given='{"id": "verdict_x"}')[0] == 2
    assert run("recompute", "http://127.0.0.1:9/v1/verdicts/x")[0] == 3
