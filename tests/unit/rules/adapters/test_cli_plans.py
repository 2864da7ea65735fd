"""`planwatch plans lint | contradictions | coverage | show | export | facts` over the sample plans."""

import csv
import io
import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from services.ingest.adapters.reference_data import PlanIndicatorCatalogue
from services.ingest.domain.envelope import Action, Envelope
from services.ingest.domain.feeds import FEED_TABLES, FeedName
from services.ingest.domain.row_check import ReferenceData, RowCheck
from services.rules.adapters.cli_plans import add_plan_commands
from services.rules.adapters.cli_surroundings import Surroundings
from shared.kernel.period import Period
from shared.plans.loader import load_indicators, load_plan
from shared.reference.areas import Areas
from shared.reference.industries import Industries
from shared.reference.recognition_kinds import RecognitionKinds
from shared.reference.units_of_measure import UnitsOfMeasure
from tests.contracts.ingest_submissions import sender

ROOT = Path(__file__).parents[4]
SAMPLE = ROOT / "tests" / "unit" / "shared" / "plans" / "sample"
DATA = ROOT / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "plans")
    return tmp_path / "plans"


def call(folder: Path, *arguments: str, texts: bool = True, width: int = 160) -> tuple[int, str, str]:
    environ: Mapping[str, str] = {
        "PLANWATCH_PLANS_DIR": str(folder),
        "PLANWATCH_DATA_DIR": str(DATA),
        "PLANWATCH_PLAN_TEXTS": str(folder / "texts" if texts else folder / "none"),
    }
    app = typer.Typer()
    add_plan_commands(app, Surroundings(environ))
    result = CliRunner(env={"COLUMNS": str(width), "NO_COLOR": "1"}).invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def exported(folder: Path, plan: str = "sample-2025") -> list[dict[str, Any]]:
    code, output, _ = call(folder, "export", plan)
    assert code == 0
    return [json.loads(line) for line in output.splitlines()]


# ---- lint -------------------------------------------------------------------------------------------------------


def test_lint_says_against_what_it_checked(folder: Path) -> None:
    code, output, _ = call(folder, "lint")
    assert (code, output) == (0, f"checked alone and against the texts in {folder / 'texts'}: 0 errors, 0 warnings\n")


def test_lint_names_file_and_line_of_an_error(folder: Path) -> None:
    chapter = folder / "sample-2025" / "02-measures.yaml"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace('value: "60"', 'value: "61"'), encoding="utf-8")
    code, output, _ = call(folder, "lint")
    assert code == 1
    assert f"{chapter}:14: error: value.quote: 引文中没有数值 61" in output


# ---- contradictions ---------------------------------------------------------------------------------------------


def test_contradictions_are_listed_with_both_quotes(folder: Path) -> None:
    code, output, _ = call(folder, "contradictions", "sample-2025")
    assert code == 0
    assert "“每年开工10亿元以上项目60个”" in output
    assert "“每年开工10亿元以上项目50个”" in output
    assert output.endswith("sample-2025: 2 contradictions\n")


def test_the_words_of_a_record_are_kept(folder: Path) -> None:
    assert "表中为39，正文为39%左右" in call(folder, "contradictions", "sample-2025", "--yaml")[1]


def test_the_entries_to_paste_make_lint_content(folder: Path) -> None:
    _, entries, _ = call(folder, "contradictions", "sample-2025", "--yaml")
    head = folder / "sample-2025" / "plan.yaml"
    content = yaml.safe_load(head.read_text(encoding="utf-8"))
    content["contradictions"] = yaml.safe_load(entries)["contradictions"]
    content["issued_on"] = str(content["issued_on"])
    head.write_text(
        yaml.safe_dump(content, allow_unicode=True, sort_keys=False).replace("'2025-01-10'", "2025-01-10"),
        encoding="utf-8",
    )
    assert call(folder, "lint")[0] == 0


# ---- coverage ---------------------------------------------------------------------------------------------------


def test_coverage_counts_what_a_plan_holds(folder: Path) -> None:
    (counted,) = json.loads(call(folder, "coverage", "sample-2025", "--json")[1])
    assert counted["clauses"] == {"section": 1, "table": 1, "measure": 2, "safeguard": 1}
    assert (counted["targets"], counted["restatements"], counted["unmonitored"], counted["facts"]) == (10, 2, 1, 2)
    assert counted["horizons"] == {"level_at_year": 7, "annual": 3}
    assert (counted["year_targets"], counted["parts"]) == (7 + 3 + 9, 6 + 2)
    assert counted["monitorable"] == {"now": 8, "needs_data": 2, "cannot": 1}
    assert counted["by_feed"] == {"enterprises": 1, "projects": 2, "ratings": 0, "recognitions": 1, "indicators": 6}
    assert counted["contradictions"] == {"qualifier": 1, "value": 1}


def test_coverage_says_what_accounts_for_each_numeral_of_the_text(folder: Path) -> None:
    (counted,) = json.loads(call(folder, "coverage", "sample-2025", "--json")[1])
    numerals = counted["numerals"]
    assert "uncovered" not in numerals
    assert (numerals["fact"], numerals["restatement"], numerals["exemption"]) == (4, 3, 2)
    assert numerals["target"] >= counted["targets"]


def test_without_the_text_numerals_are_not_counted_and_not_zero(folder: Path) -> None:
    (counted,) = json.loads(call(folder, "coverage", "sample-2025", "--json", texts=False)[1])
    assert counted["numerals"] is None
    assert "–" in call(folder, "coverage", texts=False)[1]


def test_coverage_of_all_plans_is_one_table(folder: Path) -> None:
    code, output, _ = call(folder, "coverage")
    assert code == 0
    assert "sample-2021" in output
    assert "sample-2025" in output
    assert "needs_data" in output


# ---- show -------------------------------------------------------------------------------------------------------


def test_show_tells_units_values_sources_words_and_contradictions(folder: Path) -> None:
    _, output, _ = call(folder, "show", "sample-2025")
    for words in (
        "二、重点任务",
        "责任：市商务局、市工业和信息化局",
        "落实：各县区",
        "≥60个 每年 integer ← starts-10yi（projects）now",
        "“每年开工10亿元以上项目60个”",
        "矛盾 value：同一目标有不同数值",
        "2026年阶段目标 4700亿元",
        "培育产业链 ≥3-5条",
        "需市工业和信息化局报送台账数",
        "不可监测：undefined",
    ):
        assert words in output


def test_show_of_one_clause_leaves_the_others_out(folder: Path) -> None:
    _, output, _ = call(folder, "show", "sample-2025", "--clause", "m2")
    assert "m2/cloud" in output
    assert "m1/starts-10yi" not in output


def test_an_unknown_clause_is_refused_with_those_there_are(folder: Path) -> None:
    code, _, error = call(folder, "show", "sample-2025", "--clause", "m9")
    assert (code, "m1, m2" in error) == (2, True)


def test_show_and_export_tell_what_is_suspended(folder: Path) -> None:
    (folder / "sample-2025" / "suspensions.yaml").write_text(
        "suspensions:\n  - target: m1/starts-10yi\n    since: 2025-04-01\n    until: 2025-06-30\n"
        "    reason: {zh: 防汛停工, en: flood control}\n    approved_by: 市人民政府\n    reference: 示政办函〔2025〕9号\n",
        encoding="utf-8",
    )
    shown = call(folder, "show", "sample-2025")[1]
    assert "暂缓 2025-04-01 至 2025-06-30：防汛停工（市人民政府批准，依据示政办函〔2025〕9号）" in shown
    suspended = {record["id"]: record["suspensions"] for record in exported(folder) if record["suspensions"]}
    assert suspended == {
        "m1/starts-10yi": [
            {
                "area": None,
                "since": "2025-04-01",
                "until": "2025-06-30",
                "reason": {"zh": "防汛停工", "en": "flood control"},
                "approved_by": "市人民政府",
                "reference": "示政办函〔2025〕9号",
            }
        ]
    }


# ---- export -----------------------------------------------------------------------------------------------------


def test_every_number_is_a_line_in_document_order(folder: Path) -> None:
    assert [record["id"] for record in exported(folder)] == [
        "goals/output",
        "goals/value-added-share",
        "table/output@2026",
        "table/output",
        "table/machinery@2026",
        "table/machinery",
        "table/food@2026",
        "table/food",
        "table/value-added-share",
        "table/energy",
        "m1/starts-10yi",
        "m1/starts-50yi",
        "m2/net-above-scale",
        "m2/chains",
        "m2/cloud",
        "safeguards/top-hundred",
    ]


def test_a_target_is_exported_with_everything_it_says(folder: Path) -> None:
    (record,) = (one for one in exported(folder) if one["id"] == "table/output")
    assert record == {
        "plan": "sample-2025",
        "id": "table/output",
        "clause": {"id": "table", "number": None, "title": "制造业发展指标表", "kind": "table"},
        "indicator": "output",
        "scope": None,
        "area": "321300",
        "value": "5000",
        "unit": "亿元",
        "comparator": "ge",
        "comparator_stated": False,
        "direction": "up",
        "horizon": {"kind": "level_at_year", "year": 2027},
        "baseline": {"value": "4200", "year": 2024},
        "units": {"lead": [], "support": [], "joint": [], "implementing": []},
        "answering": {"unit": "市工业和信息化局", "basis": "plan_office"},
        "quote": "规模以上工业总产值（亿元） 4200 4700 5000",
        "monitorable": "now",
        "reason": None,
        "needs": None,
        "qualifier": None,
        "pace": {"kind": "baseline_linear", "stated": False},
        "restates": None,
        "suspensions": [],
    }


def test_a_milestone_is_a_line_of_its_own(folder: Path) -> None:
    (record,) = (one for one in exported(folder) if one["id"] == "table/output@2026")
    assert (record["value"], record["horizon"]) == ("4700", {"kind": "level_at_year", "year": 2026})


def test_a_restatement_says_what_it_restates_in_its_own_words(folder: Path) -> None:
    (record,) = (one for one in exported(folder) if one["id"] == "goals/value-added-share")
    assert (record["restates"], record["qualifier"], record["indicator"]) == (
        "table/value-added-share",
        "左右",
        "value-added-share",
    )


@pytest.mark.parametrize(
    ("number", "state", "reason"),
    [
        pytest.param("m1/starts-10yi", "now", None, id="counted from a feed"),
        pytest.param(
            "m2/chains",
            "needs_data",
            "需市工业和信息化局报送台账数“培育产业链”：牵头部门认定的在培产业链条数",
            id="kept by an office",
        ),
        pytest.param(
            "table/energy",
            "needs_data",
            "需参照值“省定能耗目标”（省发展改革委，区域321300）：省下达的单位增加值能耗目标",
            id="relative",
        ),
        pytest.param("m2/cloud", "now", None, id="counted, whatever office also counts"),
        pytest.param("safeguards/top-hundred", "cannot", "undefined", id="unmonitored"),
    ],
)
def test_a_line_says_whether_it_can_be_monitored_and_else_why_not(
    folder: Path, number: str, state: str, reason: str | None
) -> None:
    (record,) = (one for one in exported(folder) if one["id"] == number)
    assert (record["monitorable"], record["reason"]) == (state, reason)


def test_what_cannot_be_monitored_names_the_data_it_would_take(folder: Path) -> None:
    record = exported(folder)[-1]
    assert (record["needs"], record["value"], record["units"]["implementing"]) == ("说明是哪一个榜单", None, ["各县区"])


def test_a_range_keeps_both_ends(folder: Path) -> None:
    (record,) = (one for one in exported(folder) if one["id"] == "m2/chains")
    assert record["value"] == "3-5"


@pytest.mark.parametrize("command", ["contradictions", "coverage", "show", "export", "facts"])
def test_an_unknown_plan_is_refused_with_those_there_are(folder: Path, command: str) -> None:
    code, output, error = call(folder, command, "sample-1999")
    assert (code, output) == (2, "")
    assert error == "planwatch: no plan 'sample-1999'; there are sample-2021, sample-2025\n"


def test_a_plan_that_lint_refuses_is_not_exported(folder: Path) -> None:
    chapter = folder / "sample-2025" / "02-measures.yaml"
    text = chapter.read_text(encoding="utf-8")
    chapter.write_text(text.replace("indicator: starts-50yi", "indicator: none"), encoding="utf-8")
    code, output, error = call(folder, "export", "sample-2025")
    assert (code, output) == (1, "")
    assert "indicator.unknown" in error


# ---- facts ------------------------------------------------------------------------------------------------------


def rows(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output)))


def check_of(folder: Path, **sent_by: str) -> RowCheck:
    indicators = PlanIndicatorCatalogue(load_indicators(folder), UnitsOfMeasure.load(DATA / "units_of_measure.csv"))
    reference = ReferenceData(
        areas=Areas.load(DATA / "areas.csv"),
        industries=Industries.load(DATA / "industries.csv"),
        indicators=indicators,
        titles=RecognitionKinds.load(DATA / "recognition_kinds.csv"),
    )
    envelope = Envelope(period=Period.parse("2024"), action=Action.MERGE, reason=None, reference=None, area=None)
    table, by = FEED_TABLES[FeedName.INDICATORS], sender(**sent_by)
    return RowCheck(table, envelope, by, reference=reference, today=date(2025, 6, 1))


def test_every_fact_is_a_row_that_ingest_takes(folder: Path) -> None:
    check = check_of(folder)
    checked = [check.check(row) for row in rows(call(folder, "facts", "sample-2025")[1])]
    assert check.errors.listed == []
    assert [one.content["value"] for one in checked if one is not None] == ["4200", "2010"]


def test_ingest_takes_the_facts_of_every_real_plan() -> None:
    """Figures of other cities need a key bound to the province; `--own-city` leaves them out."""
    real = ROOT / "plans"
    for plan, head in ((path.parent.name, load_plan(path.parent).head) for path in sorted(real.glob("*/plan.yaml"))):
        everything, own = check_of(real, city="320000"), check_of(real, city=head.city)
        for check, options in ((everything, []), (own, ["--own-city"])):
            for row in rows(call(real, "facts", plan, *options)[1]):
                check.check(row)
            assert check.errors.listed == [], plan


def test_facts_of_one_period_alone(folder: Path) -> None:
    (row,) = rows(call(folder, "facts", "sample-2025", "--period", "2024-06")[1])
    assert row == {
        "indicator": "output",
        "area": "321300",
        "period": "2024-06",
        "value": "2010",
        "unit": "亿元",
        "measure": "level",
        "basis": "ytd",
        "status": "final",
        "authority": "示例市人民政府",
    }


def restate(folder: Path, value: str, quote: str) -> None:
    chapter = folder / "sample-2025" / "01-goals.yaml"
    text = chapter.read_text(encoding="utf-8")
    again = f'      - {{period: "2024", quote: {quote}, values: {{output: "{value}"}}}}\n'
    chapter.write_text(text.replace("      - period: 2024-06\n", f"{again}      - period: 2024-06\n"), encoding="utf-8")


def test_a_figure_stated_twice_is_one_row_with_the_most_digits(folder: Path) -> None:
    restate(folder, "4200.3", "规模以上工业总产值4200.3亿元")
    _, output, error = call(folder, "facts", "sample-2025")
    assert ([row["value"] for row in rows(output)], error) == (["4200.3", "2010"], "")


def test_another_value_for_a_figure_is_left_out_and_told(folder: Path) -> None:
    restate(folder, "4300", "规模以上工业总产值4300亿元")
    _, output, error = call(folder, "facts", "sample-2025")
    assert [row["value"] for row in rows(output)] == ["4200", "2010"]
    assert error == (
        "planwatch: goals/output@2024 states 4300亿元; 4200亿元 of goals/output@2024, stated first, is taken\n"
    )
