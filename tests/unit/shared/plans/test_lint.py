"""Mutations of the sample plans: each break is found at its file and line, with its code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.plans.findings import LintFinding, PlanFileError
from shared.plans.loader import load_all
from tests.unit.shared.plans.conftest import PlansCopy

Only = Callable[[list[LintFinding]], tuple[str, int, str]]

HEAD = "sample-2025/plan.yaml"
GOALS = "sample-2025/01-goals.yaml"
MEASURES = "sample-2025/02-measures.yaml"
CATALOGUE = "indicators/sample.yaml"
UNITS = "units/321300.yaml"


def test_plans_without_a_mistake_have_no_finding(plans: PlansCopy) -> None:
    assert plans.lint() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        pytest.param(MEASURES, "indicator: starts-50yi", "indicator: no-such", "indicator.unknown", id="indicator"),
        pytest.param(MEASURES, "unit: 条", "unit: 隻", "unit.unknown", id="unit of measure"),
        pytest.param(MEASURES, "unit: 条", "unit: 亿元", "unit.incompatible", id="money for a count"),
        pytest.param(MEASURES, 'value: "2000"', 'value: "2001"', "value.quote", id="digit of a value"),
        pytest.param(MEASURES, 'upper: "5"', 'upper: "6"', "value.quote", id="end of a range"),
        pytest.param(MEASURES, "qualifier: 以上", "qualifier: 以下", "qualifier.quote", id="qualifier"),
        pytest.param(
            MEASURES,
            "horizon: {kind: annual}",
            "lights: amber\n        horizon: {kind: annual}",
            "lights.unknown",
            id="lights",
        ),
        pytest.param(MEASURES, "slug: chains", "slug: cloud", "id.repeated", id="slug twice"),
        pytest.param(MEASURES, "id: m2", "id: m1", "id.repeated", id="clause twice"),
        pytest.param(MEASURES, "part_of: m1/starts-10yi", "part_of: m1/none", "target.unknown", id="whole"),
        pytest.param(
            MEASURES, "part_of: m1/starts-10yi", "part_of: m1/starts-50yi", "target.unknown", id="a part of itself"
        ),
        pytest.param(
            GOALS,
            "year: 2027}\n        quote: 单位",
            "year: 2024}\n        quote: 单位",
            "horizon.year",
            id="year before the plan",
        ),
        pytest.param(GOALS, "target: table/output", "target: table/none", "target.unknown", id="restated target"),
        pytest.param(
            GOALS, "indicator: energy-intensity-assigned", "indicator: none", "indicator.unknown", id="second figure"
        ),
        pytest.param(
            GOALS,
            "indicator: energy-intensity-assigned",
            "indicator: output",
            "unit.incompatible",
            id="second figure's unit",
        ),
        pytest.param(GOALS, 'area: "321300"}', 'area: "999999"}', "area.unknown", id="second figure's area"),
        pytest.param(GOALS, "period: 2024-06", "period: 2024-13", "period.form", id="period of a fact"),
        pytest.param(
            GOALS, 'values: {output: "2010"}', 'values: {output: "2011"}', "value.quote", id="digit of a fact"
        ),
        pytest.param(
            GOALS,
            'values: {output: "2010"}',
            'values: {starts-10yi: "2010"}',
            "indicator.unknown",
            id="fact nobody reports",
        ),
        pytest.param(HEAD, "from_clause: m1", "from_clause: m9", "clause.unknown", id="first clause to implement"),
        pytest.param(HEAD, "lead: [市工业和信息化局]", "lead: [市商业局]", "responsible.unknown", id="office"),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(plans: PlansCopy, file: str, old: str, new: str, code: str) -> None:
    line = plans.replace(file, old, new)
    found = [finding for finding in plans.lint() if finding.code == code]
    assert found
    assert found[0].severity == "error"
    assert found[0].path == plans.path / file
    assert abs(found[0].line - line) <= 12, "the finding stands at the entry or at the key itself"


def test_the_folder_bears_the_plans_name(plans: PlansCopy) -> None:
    line = plans.replace(HEAD, "id: sample-2025", "id: sample-2026")
    assert (HEAD, line, "plan.folder") in [
        (str(one.path.relative_to(plans.path)), one.line, one.code) for one in plans.lint()
    ]


def test_an_integer_pace_needs_an_integer_indicator(plans: PlansCopy, only: Only) -> None:
    line = plans.replace(GOALS, "pace: {kind: baseline_linear, stated", "pace: {kind: integer, stated")
    assert only(plans.lint()) == (GOALS, line, "pace.integer")


def test_a_monthly_target_needs_monthly_figures(plans: PlansCopy, only: Only) -> None:
    line = plans.replace(MEASURES, "unit: 条\n", "unit: 条\n        frequency: month\n") + 1
    assert only(plans.lint()) == (MEASURES, line, "frequency.basis")


def test_steps_by_month_need_monthly_judgement(plans: PlansCopy, only: Only) -> None:
    stepped = 'shares: [{month: 2, years_after: 1, share: "1"}]}\n        frequency: '
    line = plans.replace(MEASURES, f"{stepped}month", f"{stepped}year") + 1
    assert only(plans.lint()) == (MEASURES, line, "pace.frequency")


def test_a_relative_target_is_judged_by_a_published_figure(plans: PlansCopy) -> None:
    plans.replace(
        CATALOGUE,
        "  - id: energy-intensity\n",
        '  - id: energy-intensity\n    derived: {kind: ratio, factor: "1", numerator: {kind: sum_firms, field: energy},'
        " denominator: {kind: sum_firms, field: revenue}}\n",
    )
    assert [finding.code for finding in plans.lint()] == ["reference.derived"]


def test_a_milestone_lies_before_its_target(plans: PlansCopy) -> None:
    plans.replace(GOALS, '{year: 2026, value: "1200"}', '{year: 2028, value: "1200"}')
    assert "milestone.year" in {finding.code for finding in plans.lint()}


def test_a_fact_has_a_basis_its_indicator_knows(plans: PlansCopy, only: Only) -> None:
    plans.replace(CATALOGUE, "bases: [ytd, year], authority: 市统计局", "bases: [year], authority: 市统计局")
    assert only(plans.lint())[2] == "fact.basis"


# ---- units ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param(
            "support: [市商务局, 市工业和信息化局]", "support: [市商务局]", "responsible.dropped", id="dropped"
        ),
        pytest.param("support: [市商务局, 市工", "support: [市商业局, 市工", "responsible.unknown", id="unknown"),
        pytest.param(
            "support: [市商务局, 市工业和信息化局]",
            "support: [市商务局, 市工信局]",
            "responsible.quote",
            id="not as written",
        ),
        pytest.param("support: [市商务局,", "support: [市统计局, 市商务局,", "responsible.quote", id="added"),
        pytest.param(
            "support: [市商务局,", "lead: [市商务局]\n      support: [市商务局,", "responsible.repeated", id="twice"
        ),
    ],
)
def test_responsible_units_are_those_the_document_names(plans: PlansCopy, old: str, new: str, code: str) -> None:
    plans.replace(MEASURES, old, new)
    assert code in {finding.code for finding in plans.lint()}


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        pytest.param(UNITS, "aliases: [市工信局]", "aliases: [市商务局]", "responsible.ambiguous", id="alias of two"),
        pytest.param(UNITS, "units:", "feeds: {projects: nobody}\nunits:", "feeds.unit", id="who owes a feed"),
        pytest.param(UNITS, "parent: government", "parent: nobody", "responsible.parent", id="parent"),
        pytest.param(UNITS, "id: commerce", "id: industry", "id.repeated", id="unit id"),
        pytest.param(UNITS, 'area: "321302"', 'area: "999999"', "area.unknown", id="area of a county"),
        pytest.param(
            UNITS, "members: [sucheng, shuyang]", "members: [sucheng, yanghe]", "responsible.member", id="member"
        ),
        pytest.param(
            UNITS,
            "parent: government",
            "parent: government\n    until: 2024-06-30\n    successors: [nobody]",
            "responsible.successor",
            id="successor",
        ),
        pytest.param(CATALOGUE, "id: starts-50yi", "id: starts-10yi", "id.repeated", id="indicator"),
        pytest.param(CATALOGUE, "kind: flow", "kind: growth", "indicator.measure", id="growth that is a level"),
        pytest.param(CATALOGUE, "unit: 亿元", "unit: 亿圆", "unit.unknown", id="unit"),
        pytest.param(CATALOGUE, "authority: 省统计局", "authority: 示例论坛", "authority.unranked", id="authority"),
        pytest.param(
            CATALOGUE,
            "authority: 市工业和信息化局, availability: ledger}",
            "authority: 市工业和信息化局, availability: ledger, accepts: final}",
            "indicator.accepts",
            id="final figures of what is counted",
        ),
        pytest.param(CATALOGUE, "kind: cloud_star", "kind: sky_star", "title.unknown", id="title"),
    ],
)
def test_the_catalogue_and_the_directory_are_linted(plans: PlansCopy, file: str, old: str, new: str, code: str) -> None:
    plans.replace(file, old, new)
    assert (code, plans.path / file) in {(finding.code, finding.path) for finding in plans.lint()}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param('over: "0", to: "30"', 'over: "10", to: "30"', "lights.gap", id="0 to 10 in no light"),
        pytest.param('light: green, to: "0"', 'light: green, under: "0"', "lights.gap", id="0 itself in no light"),
        pytest.param('over: "0", to: "30"', 'from: "0", to: "30"', "lights.overlap", id="0 in two lights"),
        pytest.param('over: "0", to: "30"', 'over: "0", to: "35"', "lights.overlap", id="30 to 35 in two lights"),
        pytest.param('over: "0", to: "30"', 'over: "0"', "lights.overlap", id="everything above 30 in two lights"),
        pytest.param('light: green, to: "0"', 'light: green, from: "-100", to: "0"', "lights.gap", id="far ahead"),
        pytest.param('light: red, over: "30"', 'light: red, over: "30", to: "100"', "lights.gap", id="far behind"),
    ],
)
def test_lights_with_a_gap_or_an_overlap_are_found(plans: PlansCopy, old: str, new: str, code: str) -> None:
    line = plans.replace("lights.yaml", old, new)
    (finding,) = plans.lint()
    assert finding.code == code
    assert abs(finding.line - line) <= 1


RULE = 'forecast: {below: "0.5", hold: 2}'


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        pytest.param(RULE, None, id="below one half in two periods"),
        pytest.param('forecast: {below: "1", hold: 1, severities: {binding: red}}', None, id="whatever is not decided"),
        pytest.param('forecast: {below: "50", hold: 2}', ("50%写“0.5”", '50 per cent is "0.5"'), id="per cent"),
        pytest.param('forecast: {below: "0", hold: 2}', ("大于0", "above 0"), id="never"),
        pytest.param('forecast: {below: "1.0001", hold: 2}', ("不超过1", "at most 1"), id="always"),
        pytest.param("forecast: {below: 0.5, hold: 2}", ("引号", "quoted"), id="a binary fraction"),
        pytest.param('forecast: {below: "0.5", hold: 0}', ("hold", "hold"), id="in no period"),
        pytest.param('forecast: {below: "0.5"}', ("hold", "hold"), id="for how long is not said"),
        pytest.param('forecast: {below: "0.5", hold: 2, within: 3}', ("within", "within"), id="an unknown word"),
    ],
)
def test_a_rule_on_forecasts_names_a_probability_and_for_how_many_periods(
    plans: PlansCopy, rule: str, words: tuple[str, str] | None
) -> None:
    last = '- {light: red, over: "30"}'
    plans.replace("lights.yaml", last, f"{last}\n    alerting:\n      {rule}")
    findings = plans.lint()
    if words is None:
        assert findings == []
        return
    (finding,) = findings
    assert words[0] in finding.zh + finding.en
    assert words[1] in finding.en


# ---- against the text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        pytest.param(MEASURES, "quote: 培育产业链3-5条", "quote: 培育产业链3-6条", "quote.text", id="digit of a quote"),
        pytest.param(
            MEASURES,
            "quote: 星级上云企业到2027年累计2000户",
            "quote: 星级上云企业累计2000户",
            "quote.text",
            id="words left out",
        ),
        pytest.param(
            MEASURES,
            "quote: 培育产业链3-5条",
            "quote: 每年开工10亿元以上项目60个",
            "quote.text",
            id="words of another clause",
        ),
        pytest.param(MEASURES, 'number: "2."', 'number: "3."', "clause.heading", id="number of a heading"),
        pytest.param(
            MEASURES, "- {quote: 3个工作专班, reason: process}", "[]", "numeral.uncovered", id="exemption removed"
        ),
        pytest.param(GOALS, "quote: 1—6月为2010亿元", "quote: 为2010亿元", "", id="a shorter quote that still holds"),
        pytest.param(HEAD, "quote: 各县区分解落实", "quote: 各县区负责落实", "quote.text", id="who implements"),
        pytest.param(HEAD, "text_sha256: ", "text_sha256: ffff", "schema", id="hash too long"),
    ],
)
def test_one_changed_character_is_found(plans: PlansCopy, file: str, old: str, new: str, code: str) -> None:
    plans.replace(file, old, new)
    codes = {finding.code for finding in plans.lint()}
    assert any(found.startswith(code) for found in codes) if code else codes == set()


def test_a_cut_quote_leaves_numerals_uncovered(plans: PlansCopy) -> None:
    plans.replace(MEASURES, "quote: 净增规模以上工业企业每年300户以上", "quote: 净增规模以上工业企业每年")
    assert {finding.code for finding in plans.lint()} >= {"value.quote", "numeral.uncovered"}


def test_a_changed_document_is_found(plans: PlansCopy, only: Only) -> None:
    """T5: one character of the text, nowhere near a quote."""
    plans.replace("texts/sample-2025.txt", "成立", "组建")
    assert only(plans.lint())[2] == "text.hash"


def test_a_number_the_plan_does_not_know_is_found_with_the_words_around_it(plans: PlansCopy) -> None:
    plans.replace("texts/sample-2025.txt", "各县区", "另建8座标准厂房。各县区")
    (finding,) = (one for one in plans.lint() if one.code == "numeral.uncovered")
    assert "另建8座标准厂房" in finding.zh


def test_a_text_that_is_not_at_hand_is_said_plainly(plans: PlansCopy, only: Only) -> None:
    (plans.path / "texts" / "sample-2025.txt").unlink()
    findings = plans.lint()
    assert only(findings)[2] == "text.missing"
    assert findings[0].severity == "warning"


# ---- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        pytest.param(MEASURES, "frequency: month", "frequence: month", "schema.extra_forbidden", id="unknown key"),
        pytest.param(MEASURES, 'value: "60"', "value: 60", "schema.value_error", id="number not quoted"),
        pytest.param(MEASURES, "direction: up", "direction: sideways", "schema.literal_error", id="direction"),
        pytest.param(MEASURES, "        direction: up\n", "", "schema.missing", id="direction has no default"),
        pytest.param(MEASURES, "title: 抓项目", "title: [抓项目", "yaml.syntax", id="no YAML"),
    ],
)
def test_a_file_that_breaks_the_schema_is_found_and_not_loaded(
    plans: PlansCopy, file: str, old: str, new: str, code: str
) -> None:
    line = plans.replace(file, old, new)
    findings = [finding for finding in plans.lint() if finding.code == code]
    assert len(findings) == 1
    assert findings[0].path == plans.path / file
    assert abs(findings[0].line - line) <= 12
    with pytest.raises(PlanFileError, match=f"{file}:{findings[0].line}: error"):
        load_all(plans.path)


def test_one_run_reports_the_errors_of_every_file(plans: PlansCopy) -> None:
    plans.replace(HEAD, "issuer:", "isuer:")
    plans.replace(MEASURES, "reason: undefined", "reason: maybe")
    plans.replace("lights.yaml", "unit: points", "unit: miles")
    assert {finding.path.name for finding in plans.lint()} >= {"plan.yaml", "02-measures.yaml", "lights.yaml"}


def test_a_missing_file_is_a_finding(plans: PlansCopy, only: Only) -> None:
    (plans.path / "lights.yaml").unlink()
    assert only(plans.lint()) == ("lights.yaml", 1, "file.missing")


def test_a_long_quote_is_only_a_warning(plans: PlansCopy) -> None:
    plans.replace("texts/sample-2025.txt", "培育产业链3-5条", "培育" + "优势突出的" * 8 + "产业链3-5条")
    plans.replace(MEASURES, "quote: 培育产业链3-5条", "quote: 培育" + "优势突出的" * 8 + "产业链3-5条")
    found = {finding.code: finding.severity for finding in plans.lint()}
    assert found == {"quote.long": "warning", "text.hash": "error"}


def test_findings_read_like_a_compilers(plans: PlansCopy) -> None:
    line = plans.replace(HEAD, "from_clause: m1", "from_clause: m9")
    (finding,) = plans.lint()
    path = Path(plans.path / HEAD)
    assert str(finding) == f"{path}:{line}: error: clause.unknown: 没有条款“m9” / no clause 'm9'"


@pytest.mark.parametrize(
    ("file", "old", "new", "advice"),
    [
        pytest.param(MEASURES, 'value: "60"', "value: 60", "数字要加引号", id="number not quoted"),
        pytest.param(MEASURES, 'value: "60"', 'value: "3-5"', "写成 value 和 upper", id="range in one value"),
        pytest.param(MEASURES, 'number: "1."', "number: 1.", "加引号", id="number of a heading not quoted"),
        pytest.param(MEASURES, "direction: up", "direction: sideways", "'up' or 'down'", id="direction"),
        pytest.param(
            MEASURES, "direction: up", "direction: down", "direction 应为 up", id="a bound the other way round"
        ),
        pytest.param(MEASURES, "kind: annual", "kind: yearly", "'annual'", id="horizon"),
        pytest.param(HEAD, "first_year: 2025", "first_year: '2025'", "不加引号", id="year quoted"),
        pytest.param(GOALS, "  - id: goals", "  -id: goals", "缩进", id="no YAML"),
        pytest.param(MEASURES, "市商务局, 市工业", "市商务, 市工业", "相近的有：市商务局", id="unit misspelt"),
        pytest.param(
            MEASURES, "indicator: starts-10yi", "indicator: start-10yi", "starts-10yi", id="indicator misspelt"
        ),
    ],
)
def test_a_finding_says_in_chinese_what_to_do(plans: PlansCopy, file: str, old: str, new: str, advice: str) -> None:
    plans.replace(file, old, new)
    errors = [finding for finding in plans.lint() if finding.severity == "error"]
    assert any(advice in finding.zh for finding in errors), "\n".join(map(str, errors))


def test_a_broken_item_does_not_make_its_list_too_short(plans: PlansCopy) -> None:
    plans.replace("sample-2021/01-goals.yaml", 'value: "4500"', "value: 4500")
    assert [finding.code for finding in plans.lint() if finding.severity == "error"] == ["schema.value_error"]
