"""Stored plans as the engine sees them: suqian-2024 by its numbers, all of them as far as every plan must be."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.rules.adapters.plan_catalogue import StoredVersion
from services.rules.adapters.plan_documents import plan_definitions
from services.rules.adapters.plan_files import catalogue_builder, first_version
from services.rules.adapters.plan_parts import check_judgeable, pace_of
from services.rules.application.catalogue import Catalogue
from services.rules.domain.alerting import AttainmentRule, Binding, Severity
from services.rules.domain.errors import UnsupportedPlanError
from services.rules.domain.in_force import ALWAYS, NEVER
from services.rules.domain.pace import AtHorizon, BaselineGrowth, BaselineLinear, Integer, Pace, Stepped
from services.rules.domain.quantity import FirmsOver, Line, MeanGrowth, NetAboveScale, ReportedFigure
from services.rules.domain.signal import SignalKind
from services.rules.domain.target import Reference, Target
from shared.kernel.ids import text_hash
from shared.plans.expand import expand_targets
from shared.plans.loader import load_all
from tests.contracts.rules_rows import CITY, WAN, YI, period
from tests.contracts.rules_targets import STEPPED, indicator, starts_of, target

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / "data"
SAMPLE = ROOT / "tests" / "unit" / "shared" / "plans" / "sample"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    plans = plan_definitions(load_all(ROOT / "plans"))
    suqian = (plan for plan in plans if plan.plan_id == "suqian-2024")
    return catalogue_builder(DATA).build(map(first_version, suqian))


def found(catalogue: Catalogue, target_id: str) -> Target:
    return next(target for target in catalogue.targets if target.id == target_id)


@pytest.mark.parametrize(
    ("slug", "value", "derivation", "pace"),
    [
        ("m1/starts-1yi@2024", "200", starts_of(YI), Integer()),
        ("m1/starts-10yi@2025", "60", starts_of(10 * YI), Integer()),
        ("m1/starts-50yi@2024", "10", starts_of(50 * YI), Integer()),
        ("m18/firms-over-100yi@2024", "1", FirmsOver(Line(100 * YI, inclusive=False), newly=True), AtHorizon()),
        ("m18/firms-1yi@2024", "100", FirmsOver(Line(YI, inclusive=True), newly=True), AtHorizon()),
        ("table/9@2025", "9", FirmsOver(Line(100 * YI, inclusive=False), newly=False), AtHorizon()),
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
        ("市工业和信息化局", "support"),
        ("市科技局", "support"),
        ("市统计局", "support"),
    ]
    assert [unit.name for unit in net.units if unit.answers] == ["市工业和信息化局"]


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


def test_every_target_of_every_plan_can_be_judged_and_has_one_unit_that_answers() -> None:
    for plan in plan_definitions(load_all(ROOT / "plans")):
        built = catalogue_builder(DATA).build([first_version(plan)])
        assert [one.id for one in built.targets] == [one.target_id for one in plan.targets]
        for one in built.targets:
            assert sum(unit.answers for unit in one.units) == 1
            assert one.first.end <= one.last.end
            assert one.clause.quote_sha256 == text_hash(one.clause.quote)


def test_definitions_are_the_same_when_read_again() -> None:
    first, second = (plan_definitions(load_all(ROOT / "plans")) for _ in range(2))
    assert first == second
    assert len({one.target_id for plan in first for one in plan.targets}) == sum(len(plan.targets) for plan in first)


def test_a_rule_on_forecasts_reaches_every_target_of_its_lights(tmp_path: Path) -> None:
    plans = Path(shutil.copytree(SAMPLE, tmp_path / "plans"))
    rule = '    alerting: {forecast: {below: "0.4", hold: 3, severities: {binding: red}}}\n'
    with (plans / "lights.yaml").open("a", encoding="utf-8") as lights:
        lights.write(rule)
    built = catalogue_builder(DATA).build(map(first_version, plan_definitions(load_all(plans))))
    severities = {Binding.BINDING: Severity.RED, Binding.EXPECTED: Severity.YELLOW}
    expected = AttainmentRule(Decimal("0.4"), 3, severities)
    assert [one.lights.alerting.forecast for one in built.targets] == [expected] * len(built.targets)


# ---- values, paths and units of a made-up plan ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> Catalogue:
    plans = plan_definitions(load_all(SAMPLE))
    return catalogue_builder(DATA).build(map(first_version, plans))


@pytest.mark.parametrize(
    ("target_id", "goal", "pace", "first"),
    [
        pytest.param("output@2026", "4700", BaselineLinear(Decimal(4200), 2024), "2025", id="a milestone"),
        pytest.param("output@2027", "5000", BaselineLinear(Decimal(4700), 2026), "2027", id="what follows it"),
        pytest.param(
            "value-added-share@2027", "39", AtHorizon(), "2025", id="a level shown from the plan's first year"
        ),
    ],
)
def test_milestones_are_targets_of_their_own_and_the_next_path_begins_there(
    sample: Catalogue, target_id: str, goal: str, pace: Pace, first: str
) -> None:
    one = found(sample, f"sample-2025/table/{target_id}")
    assert (one.goal, one.pace, one.first) == (Decimal(goal), pace, period(first))


def test_areas_parts_have_their_own_value_place_and_unit(sample: Catalogue) -> None:
    parts = [one for one in sample.targets if one.id.startswith("sample-2025/m1/starts-10yi/")]
    assert [(one.id.rpartition("/")[2], one.goal, one.place.id) for one in parts] == [
        ("321302@2025", Decimal(24), "321302"),
        ("321322@2025", Decimal(36), "321322"),
    ]
    assert [(unit.name, unit.role, unit.answers) for unit in parts[0].units] == [
        ("宿城区人民政府", "implementing", True)
    ]
    assert not parts[0].place.holds("321322")
    assert (parts[0].pace, parts[0].indicator) == (
        Integer(),
        found(sample, "sample-2025/m1/starts-10yi@2025").indicator,
    )


def test_units_that_carry_out_every_clause_stand_behind_those_of_the_clause(sample: Catalogue) -> None:
    net = found(sample, "sample-2025/m2/net-above-scale@2026")
    assert [(unit.name, unit.role, unit.answers) for unit in net.units] == [
        ("市工业和信息化局", "lead", True),
        ("市统计局", "support", False),
        ("各县区", "implementing", False),
    ]


def test_a_range_is_judged_against_its_lower_end_and_shown_whole(sample: Catalogue) -> None:
    chains = found(sample, "sample-2025/m2/chains@2027")
    assert (chains.goal, chains.upper, chains.value_text()) == (Decimal(3), Decimal(5), "≥3条（3—5条）")


def test_what_the_document_does_not_state_is_none(sample: Catalogue) -> None:
    assert found(sample, "sample-2025/table/output@2027").plan.document_number is None


def test_without_a_baseline_the_path_is_unknown_and_not_the_documents() -> None:
    """An area's part of a target on a path from a baseline: nobody says where the area began."""
    (plan, *_) = (one for one in load_all(SAMPLE).plans.values() if one.head.id == "sample-2025")
    whole = next(one for one in expand_targets(plan) if one.id.endswith("table/output@2027"))
    assert pace_of(whole.definition.pace, whole.baseline) == (BaselineLinear(Decimal(4700), 2026), False)
    assert pace_of(whole.definition.pace, None) == (AtHorizon(), False)


def test_a_suspension_changes_the_content_of_its_targets_alone_and_reaches_them(tmp_path: Path) -> None:
    before = {one.plan_id: one for one in plan_definitions(load_all(SAMPLE))}
    shutil.copytree(SAMPLE, tmp_path / "plans")
    (tmp_path / "plans" / "sample-2025" / "suspensions.yaml").write_text(
        "suspensions:\n  - {target: m2/net-above-scale, since: 2025-12-01, until: 2026-03-31, approved_by: 市人民政府,"
        " reason: {zh: 停产检修, en: overhaul}}\n",
        encoding="utf-8",
    )
    after = {one.plan_id: one for one in plan_definitions(load_all(tmp_path / "plans"))}
    assert after["sample-2021"] == before["sample-2021"]
    contents = {one.target_id: one.content for one in before["sample-2025"].targets}
    changed = {one.target_id for one in after["sample-2025"].targets if one.content != contents[one.target_id]}
    targets = catalogue_builder(DATA).build([first_version(after["sample-2025"])]).targets
    assert {one.id: one.suspensions[0].approved_by for one in targets if one.suspensions} == dict.fromkeys(
        changed, "市人民政府"
    )
    assert {target_id.rpartition("@")[2] for target_id in changed} == {"2025", "2026"}


# ---- stored long ago ------------------------------------------------------------------------------------------------


def test_a_version_in_an_older_form_is_passed_over_only_where_it_judges_nothing() -> None:
    """A correction replaced it; were it still in force, its targets must not silently go unjudged."""
    old = StoredVersion(document='{"id": "example-plan", "chapters": []}', versions={}, in_force=NEVER)
    assert catalogue_builder(DATA).build([old]).targets == ()
    with pytest.raises(ValidationError):
        catalogue_builder(DATA).build([replace(old, in_force=ALWAYS)])


# ---- refused when loaded --------------------------------------------------------------------------------------------

FIGURE = ReportedFigure("level", ("year",))
MEAN = MeanGrowth(("year",), 2020)


@pytest.mark.parametrize(
    "unjudgeable",
    [
        pytest.param(
            target(None, derivation=starts_of(YI), reference=Reference(indicator(FIGURE), CITY)),
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
        pytest.param(target(pace=STEPPED, yearly=True), id="steps by month of a yearly target"),
        pytest.param(target(derivation=MEAN, unit="%", pace=AtHorizon()), id="mean growth by month"),
        pytest.param(target(derivation=MEAN, unit="%", yearly=True), id="mean growth on a line"),
        pytest.param(
            target(derivation=MEAN, unit="个", pace=AtHorizon(), yearly=True), id="mean growth in another unit"
        ),
    ],
)
def test_what_could_never_be_judged_is_refused_when_loaded(unjudgeable: Target) -> None:
    with pytest.raises(UnsupportedPlanError):
        check_judgeable(unjudgeable)
