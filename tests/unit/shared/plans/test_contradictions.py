"""Documents contradict themselves: every kind is found by rule, and recorded word for word or told with what to record."""

from decimal import Decimal

import pytest
import yaml

from shared.plans.comparison import comparing_words
from shared.plans.contradicting_numbers import contradicting_mentions
from shared.plans.contradiction import Contradiction
from shared.plans.contradictions import as_yaml, find_contradictions
from shared.plans.findings import LintFinding
from shared.plans.history import Figure
from shared.plans.loader import load_all
from shared.plans.statements import Measures, Mention, Quantity
from shared.reference.units_of_measure import UnitsOfMeasure
from tests.unit.shared.plans.conftest import DATA, PlansCopy

HEAD = "sample-2025/plan.yaml"
GOALS = "sample-2025/01-goals.yaml"
MEASURES = "sample-2025/02-measures.yaml"
EARLIER = "sample-2021/01-goals.yaml"


def found_in(plans: PlansCopy, plan: str = "sample-2025") -> dict[tuple[str, tuple[str, ...]], Contradiction]:
    library = load_all(plans.path)
    measures = Measures(library.indicators, UnitsOfMeasure.load(DATA / "units_of_measure.csv"))
    found = find_contradictions(library.plans[plan], library.plans, measures)
    return {(one.kind, tuple(sorted(one.between))): one for one in found}


def new_in(plans: PlansCopy, plan: str = "sample-2025") -> Contradiction:
    """Return the only contradiction that the sample does not have by itself."""
    known = {
        ("qualifier", ("goals/value-added-share", "table/value-added-share")),
        ("value", ("m1/starts-10yi", "sample-2021:goals/starts-10yi")),
    }
    (new,) = (one for key, one in found_in(plans, plan).items() if key not in known)
    return new


def codes(findings: list[LintFinding]) -> set[str]:
    return {finding.code for finding in findings if finding.code.startswith(("contradiction", "target."))}


# ---- what is found ----------------------------------------------------------------------------------------------


def test_the_same_value_with_another_qualifier_is_found(plans: PlansCopy) -> None:
    qualifier = found_in(plans)["qualifier", ("goals/value-added-share", "table/value-added-share")]
    assert qualifier.quotes == ("工业增加值占GDP比重（%） 36 — 39", "工业增加值占GDP比重达到39%左右")


def test_words_that_only_say_that_something_is_reached_are_no_qualifier(plans: PlansCopy) -> None:
    """达到5000亿元 in the body and 5000 in the table say the same."""
    assert not any("table/output" in between for _, between in found_in(plans))


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        pytest.param("突破", "超过", False, id="two words for more than"),
        pytest.param("不少于", "以上", False, id="two words for at least"),
        pytest.param("提高到", None, False, id="reached, and bare"),
        pytest.param("以上", None, True, id="at least, and bare"),
        pytest.param("突破", "以上", True, id="more than, and at least"),
        pytest.param("力争", None, False, id="striven for, and promised: no other value"),
    ],
)
def test_qualifiers_are_compared_by_what_they_say(one: str | None, other: str | None, *, differ: bool) -> None:
    quantity = Quantity("i", "a", None, "level_at_year", (2025, 2025))
    mentions = [
        Mention(
            ref=f"c/{number}",
            quote="q",
            quantity=quantity,
            low=Decimal(5),
            high=Decimal(5),
            written="5",
            words=comparing_words("ge", word),
            judged=number == 0,
        )
        for number, word in enumerate((one, other))
    ]
    assert [found.kind for found in contradicting_mentions(mentions)] == ["qualifier"] * differ


def test_two_plans_of_a_city_contradict_each_other_and_the_later_one_records_it(plans: PlansCopy) -> None:
    assert ("value", ("m1/starts-10yi", "sample-2021:goals/starts-10yi")) in found_in(plans)
    assert found_in(plans, "sample-2021") == {}


def test_plans_with_no_year_in_common_do_not_contradict_each_other_in_annual_targets(plans: PlansCopy) -> None:
    plans.replace("sample-2021/plan.yaml", "last_year: 2025", "last_year: 2024")
    assert not any("sample-2021:goals/starts-10yi" in between for _, between in found_in(plans))


def test_a_restatement_with_another_value_is_found(plans: PlansCopy) -> None:
    plans.replace(GOALS, 'value: "5000"', 'value: "5100"')
    assert (new_in(plans).kind, set(new_in(plans).between)) == ("value", {"table/output", "goals/output"})


def test_a_restatement_of_a_milestone_is_compared_with_that_milestone(plans: PlansCopy) -> None:
    plans.replace(GOALS, 'value: "5000"', 'value: "4700"')
    assert len(found_in(plans)) == 2


def test_units_are_converted_before_values_are_compared(plans: PlansCopy) -> None:
    plans.replace(GOALS, 'value: "5000"', 'value: "0.5"')
    plans.replace(GOALS, "unit: 亿元", "unit: 万亿元")
    assert len(found_in(plans)) == 2


def test_two_targets_for_one_quantity_are_found(plans: PlansCopy) -> None:
    plans.replace(GOALS, "scope: 绿色食品", "scope: 机电装备")
    found = found_in(plans)["value", ("table/food", "table/machinery")]
    assert "1800亿元" in found.note.zh
    assert "1700亿元" in found.note.zh


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param('{year: 2026, value: "4700"}', '{year: 2026, value: "4100"}', "4200亿元", id="below the baseline"),
        pytest.param(
            '{year: 2026, value: "4700"}', '{year: 2026, value: "5200"}', "5200亿元", id="target below milestone"
        ),
    ],
)
def test_a_step_back_is_found(plans: PlansCopy, old: str, new: str, words: str) -> None:
    plans.replace(GOALS, old, new)
    assert (new_in(plans).kind, new_in(plans).between) == ("baseline", ("table/output",))
    assert words in new_in(plans).note.zh


def test_a_target_that_should_fall_contradicts_a_lower_baseline(plans: PlansCopy) -> None:
    plans.replace(
        GOALS,
        'indicator: value-added-share\n        value: "39"\n        comparator: ge',
        'indicator: value-added-share\n        value: "39"\n        comparator: le',
    )
    plans.replace(GOALS, 'direction: up\n        unit: "%"', 'direction: down\n        unit: "%"')
    assert "baseline" in {kind for kind, _ in found_in(plans)}


def test_a_baseline_met_exactly_is_no_step_back(plans: PlansCopy) -> None:
    plans.replace(GOALS, '{year: 2026, value: "4700"}', '{year: 2026, value: "4200"}')
    assert len(found_in(plans)) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('value: "1800"', 'value: "3900"', id="values"),
        pytest.param('{year: 2026, value: "1700"}', '{year: 2026, value: "3600"}', id="milestones"),
    ],
)
def test_parts_that_exceed_their_total_are_found(plans: PlansCopy, old: str, new: str) -> None:
    plans.replace(GOALS, old, new)
    found = [one for (kind, _), one in found_in(plans).items() if kind == "sum"]
    assert [set(one.between) for one in found] == [{"table/output", "table/machinery", "table/food"}]


def test_parts_below_a_total_contradict_it_only_where_it_is_written_as_their_sum(plans: PlansCopy) -> None:
    assert "sum" not in {kind for kind, _ in found_in(plans)}
    plans.replace(GOALS, "name: {zh: 规模以上工业总产值,", "name: {zh: 产值合计,")
    (found,) = (one for (kind, _), one in found_in(plans).items() if kind == "sum")
    assert "2024年各分项之和2600小于总数4200" in found.note.zh


@pytest.mark.parametrize(
    ("yearly", "contradicts"),
    [
        pytest.param("8", False, id="8.4 per cent is written as 8"),
        pytest.param("9", True, id="9 per cent leads above"),
        pytest.param("8.0", True, id="8.0 promises more digits"),
    ],
)
def test_a_growth_that_misses_its_target_is_found(plans: PlansCopy, yearly: str, *, contradicts: bool) -> None:
    plans.replace(EARLIER, 'yearly: "8"', f'yearly: "{yearly}"')
    assert [kind for kind, _ in found_in(plans, "sample-2021")] == ["pace"] * contradicts


@pytest.mark.parametrize(
    ("yearly", "contradicts"),
    [
        pytest.param("267", False, id="3 times 267 is 801 and both are rounded"),
        pytest.param("250", True, id="too slow"),
        pytest.param("300", True, id="too fast"),
    ],
)
def test_a_yearly_step_that_misses_its_target_is_found(plans: PlansCopy, yearly: str, *, contradicts: bool) -> None:
    plans.replace(
        GOALS, "{kind: baseline_linear, stated: false}", f'{{kind: baseline_linear, stated: true, yearly: "{yearly}"}}'
    )
    assert ("pace", ("table/output",)) in found_in(plans) or not contradicts
    assert len(found_in(plans)) == 2 + contradicts


def test_a_baseline_that_differs_from_the_fact_of_its_year_is_found(plans: PlansCopy) -> None:
    plans.replace(GOALS, 'values: {output: "4200"}', 'values: {output: "4300"}')
    assert (new_in(plans).kind, set(new_in(plans).between)) == ("fact", {"goals/output@2024", "table/output"})


def test_facts_of_two_plans_are_compared(plans: PlansCopy) -> None:
    plans.replace(GOALS, 'period: "2024"', 'period: "2020"')
    assert set(new_in(plans).between) == {"goals/output@2020", "sample-2021:goals/output"}


def test_a_fact_of_another_area_is_named_with_it(plans: PlansCopy) -> None:
    twice = '- {period: "2024", area: "321302", quote: 1—6月为2010亿元, values: {output: "2010"}}\n      '
    plans.replace(GOALS, '- period: "2024"', f'{twice}{twice.replace("2010", "2011")}- period: "2024"')
    assert new_in(plans).between == ("goals/output@2024~321302",)


def figure(value: str, rounding: str) -> Figure:
    return Figure(
        ref="c/i@2020",
        quote="q",
        key=("i", "a", "", "2020", "year"),
        value=Decimal(value),
        rounding=Decimal(rounding),
        written=value,
    )


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        pytest.param(("2740", "0.5"), ("2739.6", "0.05"), True, id="rounded"),
        pytest.param(("2740", "0.5"), ("2739.5", "0.05"), True, id="exactly half"),
        pytest.param(("2740", "0.5"), ("2739.4", "0.05"), False, id="just over half"),
        pytest.param(("472", "0.5"), ("473", "0.5"), False, id="two counts"),
    ],
)
def test_a_rounded_figure_agrees_with_the_exact_one(
    one: tuple[str, str], other: tuple[str, str], *, agree: bool
) -> None:
    assert figure(*one).agrees_with(figure(*other)) is agree
    assert figure(*other).agrees_with(figure(*one)) is agree


# ---- what lint says of it ---------------------------------------------------------------------------------------


def test_an_unrecorded_contradiction_is_told_with_the_entry_to_paste(plans: PlansCopy) -> None:
    plans.replace(GOALS, 'value: "5000"', 'value: "5100"')
    (finding,) = (one for one in plans.lint() if one.code == "contradiction.unrecorded")
    assert finding.path == plans.path / HEAD
    entry = finding.zh[finding.zh.index("- {") :]
    plans.replace(HEAD, "contradictions:\n", f"contradictions:\n  {entry}\n")
    assert codes(plans.lint()) == set()


def test_other_words_than_the_entries_quotes_are_not_a_record(plans: PlansCopy) -> None:
    line = plans.replace(HEAD, "比重达到39%左右]", "比重39%左右]") - 2
    (finding,) = (one for one in plans.lint() if one.code.startswith("contradiction"))
    assert (finding.line, finding.code) == (line, "contradiction.unrecorded")


def test_a_record_that_no_rule_finds_is_stale(plans: PlansCopy) -> None:
    line = plans.replace(HEAD, "kind: value", "kind: sum")
    found = {one.code: one.line for one in plans.lint() if one.code.startswith("contradiction")}
    assert found.keys() == {"contradiction.stale", "contradiction.unrecorded"}
    assert found["contradiction.stale"] == line


def test_a_contradiction_recorded_twice_is_found(plans: PlansCopy) -> None:
    text = (plans.path / HEAD).read_text(encoding="utf-8")
    record = text[text.index("  - kind: value") : text.index("text_sha256")]
    plans.replace(HEAD, "text_sha256", f"{record}text_sha256")
    assert codes(plans.lint()) == {"contradiction.repeated"}


def test_a_plan_that_cannot_be_read_makes_no_record_of_another_stale(plans: PlansCopy) -> None:
    plans.replace(EARLIER, "title: 一、发展目标", "tittle: 一、发展目标")
    assert codes(plans.lint()) == set()


def test_a_number_judged_twice_is_found(plans: PlansCopy) -> None:
    plans.replace(MEASURES, "indicator: starts-50yi", "indicator: starts-10yi")
    plans.replace(MEASURES, 'value: "10"', 'value: "60"')
    assert "target.repeated" in codes(plans.lint())


def test_the_entry_to_paste_is_one_line_of_yaml() -> None:
    note = {"zh": "甲：乙", "en": "a: b"}
    contradiction = Contradiction.model_validate(
        {"kind": "fact", "between": ("a/b@2020", "p:c/d"), "quotes": ("x, y", "# z"), "note": note}
    )
    text = as_yaml(contradiction)
    assert "\n" not in text
    assert Contradiction.model_validate(yaml.safe_load(text)[0], strict=False) == contradiction
