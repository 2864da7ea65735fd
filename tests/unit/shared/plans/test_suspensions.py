"""What a plan suspends: who, why and until when are never missing, and only targets of which it speaks change."""

import json
from collections.abc import Callable

import pytest

from shared.plans.expand import expand_targets
from shared.plans.findings import LintFinding, PlanFileError
from shared.plans.loader import load_all, load_plan
from shared.plans.stored import plan_document, read_document
from tests.unit.shared.plans.conftest import SAMPLE, PlansCopy

Only = Callable[[list[LintFinding]], tuple[str, int, str]]
FILE = "sample-2025/suspensions.yaml"
APPROVED = """\
suspensions:
  - target: m1/starts-10yi
    since: 2025-04-01
    until: 2025-06-30
    reason: {zh: 防汛停工, en: work stopped for flood control}
    approved_by: 市人民政府
    reference: 示政办函〔2025〕9号
"""
AREA = APPROVED.replace("m1/starts-10yi", 'm1/starts-10yi\n    area: "321302"')


@pytest.fixture
def suspending(plans: PlansCopy) -> Callable[..., PlansCopy]:
    """Return the sample with these suspensions."""

    def write(text: str, *changes: tuple[str, str]) -> PlansCopy:
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (plans.path / FILE).write_text(text, encoding="utf-8")
        return plans

    return write


def test_an_approved_suspension_has_no_finding(suspending: Callable[..., PlansCopy]) -> None:
    assert suspending(APPROVED).lint() == []


@pytest.mark.parametrize(
    ("old", "code"),
    [
        ("    reason: {zh: 防汛停工, en: work stopped for flood control}\n", "schema.missing"),
        (", en: work stopped for flood control", "schema.missing"),
        ("    approved_by: 市人民政府\n", "schema.missing"),
        ("    until: 2025-06-30\n", "schema.missing"),
        ("    since: 2025-04-01\n", "schema.missing"),
    ],
    ids=["reason", "reason in English", "approver", "end date", "first day"],
)
def test_what_a_suspension_needs_is_refused_where_it_is_missing(
    suspending: Callable[..., PlansCopy], only: Only, old: str, code: str
) -> None:
    file, line, found = only(suspending(APPROVED, (old, "")).lint())
    assert (file, found) == (FILE, code)
    assert 1 < line <= 6


@pytest.mark.parametrize(
    ("text", "old", "new", "code"),
    [
        pytest.param(
            APPROVED, "until: 2025-06-30", "until: 2025-03-31", "schema.value_error", id="ends before it begins"
        ),
        pytest.param(APPROVED, "市人民政府", '""', "schema.string_too_short", id="approved by nobody"),
        pytest.param(APPROVED, "m1/starts-10yi", "m1/starts", "target.unknown", id="no such target"),
        pytest.param(APPROVED, "since: 2025-04-01", 'since: 2025-04-01\n    area: "321302"', "", id="a part of it"),
        pytest.param(AREA, "321302", "321311", "suspension.area", id="an area that has no part"),
    ],
)
def test_what_does_not_fit_the_plan_is_found(
    suspending: Callable[..., PlansCopy], text: str, old: str, new: str, code: str
) -> None:
    assert [one.code for one in suspending(text, (old, new)).lint()] == ([code] if code else [])


@pytest.mark.parametrize(
    ("since", "until", "codes"),
    [
        pytest.param("2024-06-01", "2024-12-31", ["suspension.outside"], id="before the plan"),
        pytest.param("2028-01-01", "2028-03-31", ["suspension.outside"], id="after its last year"),
        pytest.param("2024-12-01", "2025-01-01", [], id="into its first day"),
        pytest.param("2027-12-31", "2028-06-30", [], id="from its last day"),
        pytest.param("2025-01-01", "2025-12-31", [], id="exactly a year"),
        pytest.param("2025-01-01", "2026-01-01", ["suspension.long"], id="a day longer"),
        pytest.param("2025-04-01", "2025-04-29", ["suspension.no_period"], id="over before a month is"),
        pytest.param("2025-01-01", "2025-01-31", ["suspension.no_period"], id="over before January and February are"),
        pytest.param("2025-04-30", "2025-04-30", [], id="the last day of a month"),
    ],
)
def test_a_suspension_lies_in_the_years_of_its_target_and_is_no_longer_than_one(
    suspending: Callable[..., PlansCopy], since: str, until: str, codes: list[str]
) -> None:
    found = suspending(APPROVED, ("2025-04-01", since), ("2025-06-30", until)).lint()
    assert [one.code for one in found] == codes
    assert [one.severity for one in found] == ["error" if code == "suspension.outside" else "warning" for code in codes]


@pytest.mark.parametrize(
    ("since", "area", "codes"),
    [
        pytest.param("2025-06-30", "", ["suspension.overlap"], id="sharing a day"),
        pytest.param("2025-06-30", '"321302"', ["suspension.overlap"], id="of a part within the whole"),
        pytest.param("2025-07-01", "", [], id="the day after"),
    ],
)
def test_no_day_of_a_target_is_suspended_twice(
    suspending: Callable[..., PlansCopy], since: str, area: str, codes: list[str]
) -> None:
    second = APPROVED.partition("\n")[2].replace("2025-06-30", "2025-09-30").replace("2025-04-01", since)
    if area:
        second = second.replace("m1/starts-10yi", f"m1/starts-10yi\n    area: {area}")
    assert [one.code for one in suspending(APPROVED + second).lint()] == codes


def test_only_the_targets_and_years_it_covers_change(suspending: Callable[..., PlansCopy]) -> None:
    before = {one.id: one for one in expand_targets(load_plan(SAMPLE / "sample-2025"))}
    after = expand_targets(load_plan(suspending(APPROVED).path / "sample-2025"))
    changed = {one.id for one in after if one.version != before[one.id].version}
    assert changed == {
        "sample-2025/m1/starts-10yi@2025",
        "sample-2025/m1/starts-10yi/321302@2025",
        "sample-2025/m1/starts-10yi/321322@2025",
    }
    assert {one.id for one in after if one.suspensions} == changed


def test_of_an_area_only_its_part_is_suspended(suspending: Callable[..., PlansCopy]) -> None:
    targets = expand_targets(load_plan(suspending(AREA).path / "sample-2025"))
    assert [one.id for one in targets if one.suspensions] == ["sample-2025/m1/starts-10yi/321302@2025"]


def test_a_stored_plan_keeps_its_suspensions_and_one_without_is_stored_as_ever(
    suspending: Callable[..., PlansCopy],
) -> None:
    library = load_all(suspending(APPROVED).path)
    plan = library.plans["sample-2025"]
    read = read_document(json.loads(plan_document(plan, library))).plan
    assert (read.suspensions, len(read.suspensions)) == (plan.suspensions, 1)
    assert '"suspensions"' not in plan_document(load_all(SAMPLE).plans["sample-2025"], library)


def test_a_broken_file_keeps_the_plan_from_being_loaded(suspending: Callable[..., PlansCopy]) -> None:
    with pytest.raises(PlanFileError, match=r"suspensions\.yaml:6"):
        load_all(suspending(APPROVED, ("approved_by", "approver")).path)


def test_of_a_yearly_target_only_the_end_of_a_year_is_judged(suspending: Callable[..., PlansCopy], only: Only) -> None:
    assert only(suspending(APPROVED, ("m1/starts-10yi", "m2/chains")).lint())[2] == "suspension.no_period"
