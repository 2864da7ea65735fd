"""A number says what its quote and the words around it say: value, unit, comparing words, years."""

import pytest

from shared.plans.comparison import stated_comparator, word_beside
from tests.unit.shared.plans.conftest import PlansCopy

GOALS, MEASURES = "sample-2025/01-goals.yaml", "sample-2025/02-measures.yaml"
EARLIER = "sample-2021/01-goals.yaml"


def codes_after(plans: PlansCopy, file: str, old: str, new: str) -> set[tuple[int, str]]:
    line = plans.replace(file, old, new)
    return {(finding.line - line, finding.code) for finding in plans.lint() if finding.path.name == file.split("/")[1]}


@pytest.mark.parametrize(
    ("words", "comparator"),
    [
        ("以上", "ge"),
        ("不低于", "ge"),
        ("达到", "ge"),
        ("超", "gt"),
        ("力争超", "gt"),
        ("突破", "gt"),
        ("不超过", "le"),
        ("达到以下", "le"),
        ("低于", "lt"),
        ("左右", None),
        ("力争", None),
        ("提高到", None),
    ],
)
def test_each_comparing_word_states_one_comparator(words: str, comparator: str | None) -> None:
    assert stated_comparator(words) == comparator


@pytest.mark.parametrize(
    ("before", "after", "unit", "word"),
    [
        pytest.param("净增", "户以上", "户", "以上", id="behind the unit"),
        pytest.param("产值超", "亿元", "亿元", "超", id="before the number"),
        pytest.param("产值超", "亿元左右", "亿元", "左右", id="the word behind comes first"),
        pytest.param("规模以上企业", "户", "户", None, id="a word of a name"),
        pytest.param("不超过", "个", "个", "不超过", id="the longest word"),
        pytest.param("达到", "亿级", "亿元", "达到", id="a unit half written"),
    ],
)
def test_the_comparing_word_stands_right_beside_the_number(
    before: str, after: str, unit: str, word: str | None
) -> None:
    assert word_beside(before, after, unit) == word


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        pytest.param(
            MEASURES,
            "comparator: ge\n        comparator_stated: true",
            "comparator: gt\n        comparator_stated: true",
            (0, "comparator.words"),
            id="以上 read as a strict bound",
        ),
        pytest.param(
            MEASURES,
            "comparator: ge\n        comparator_stated: false",
            "comparator: gt\n        comparator_stated: false",
            (0, "comparator.words"),
            id="a strict bound that no word states",
        ),
        pytest.param(
            MEASURES,
            "comparator_stated: true",
            "comparator_stated: false",
            (0, "comparator.stated"),
            id="以上 compares",
        ),
        pytest.param(
            MEASURES, "comparator_stated: false", "comparator_stated: true", (0, "comparator.stated"), id="no word does"
        ),
        pytest.param(
            MEASURES, "        qualifier: 以上\n", "", (-6, "qualifier.missing"), id="以上 beside the number left out"
        ),
        pytest.param(MEASURES, "unit: 户", "unit: 个", (0, "unit.quote"), id="another unit than the one behind"),
        pytest.param(
            GOALS, "unit: 亿元\n        quote", "unit: 万元\n        quote", (-4, "value.quote"), id="10000 times"
        ),
        pytest.param(
            GOALS,
            "unit: 亿元\n        horizon",
            "unit: 千亿元\n        horizon",
            (0, "unit.quote"),
            id="a unit the table does not have",
        ),
        pytest.param(GOALS, 'baseline: {value: "4200"', 'baseline: {value: "4300"', (0, "value.quote"), id="baseline"),
        pytest.param(
            EARLIER,
            'value: "3000", year: 2020',
            'value: "3000", year: 2019',
            (0, "year.quote"),
            id="year of a baseline",
        ),
        pytest.param(
            GOALS, '{year: 2026, value: "4700"}', '{year: 2026, value: "4710"}', (0, "value.quote"), id="milestone"
        ),
        pytest.param(
            GOALS,
            '{year: 2026, value: "4700"}',
            '{year: 2025, value: "4700"}',
            (0, "year.text"),
            id="year of a milestone",
        ),
        pytest.param(GOALS, 'period: "2024"', 'period: "2023"', (0, "year.text"), id="year of a fact"),
        pytest.param(
            MEASURES,
            "year: 2027}\n        quote: 星级",
            "year: 2026}\n        quote: 星级",
            (0, "horizon.text"),
            id="year of a horizon",
        ),
        pytest.param(
            GOALS,
            "{kind: level_at_year, year: 2027}\n        quote: 单位",
            "{kind: annual}\n        quote: 单位",
            (0, "horizon.yearly"),
            id="yearly without a word",
        ),
    ],
)
def test_a_number_that_the_document_contradicts_is_found(
    plans: PlansCopy, file: str, old: str, new: str, found: tuple[int, str]
) -> None:
    assert found in codes_after(plans, file, old, new)


def test_the_same_words_give_one_number_of_a_name(plans: PlansCopy) -> None:
    """A relative target and a commitment have no value that two places could be compared by."""
    slug = "      - slug: top-hundred\n"
    name = "        name: {zh: 全国百强, en: Among the national top hundred}\n        quote: 力争进入全国百强\n"
    rest = "        reason: undefined\n        needs: {zh: 说明是哪一个榜单, en: which ranking is meant}\n"
    plans.replace(MEASURES, slug + name + rest, slug + name + rest + slug.replace("hundred", "100") + name + rest)
    assert [finding.code for finding in plans.lint()] == ["number.repeated"]


def test_a_value_of_an_unmonitored_number_has_its_unit(plans: PlansCopy) -> None:
    plans.replace(MEASURES, "        reason: undefined", '        value: "100"\n        reason: undefined')
    assert [finding.code for finding in plans.lint()] == ["schema.value_error"]


def test_a_column_of_a_table_that_nothing_states_is_found(plans: PlansCopy) -> None:
    plans.replace(GOALS, '        milestones:\n          - {year: 2026, value: "1700"}\n', "")
    found = [(one.code, one.zh) for one in plans.lint() if one.severity == "error"]
    assert (
        "cell.unused",
        "“机电装备（亿元） 1500 1700 1800”中的 1700 没有写成任何数：写成目标值、milestones、baseline 或史实",
    ) in found
