"""`planwatch plans …` and `planwatch parked …` against real servers."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from services.rules.adapters.cli import parked_commands, plans_commands

ROOT = Path(__file__).resolve().parents[4]
SAMPLE = ROOT / "tests" / "unit" / "shared" / "plans" / "sample"
NOWHERE = Path("no-such-run.json")


@pytest.fixture
def environ(database_url: str, topic_prefix: str) -> dict[str, str]:
    return {
        "PLANWATCH_DATABASE_URL": database_url,
        "PLANWATCH_TOPIC_PREFIX": topic_prefix,
        "PLANWATCH_PLANS_DIR": str(SAMPLE),
        "PLANWATCH_DATA_DIR": str(ROOT / "data"),
    }


def call(environ: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.add_typer(plans_commands(environ, run_file=NOWHERE), name="plans")
    app.add_typer(parked_commands(environ, run_file=NOWHERE), name="parked")
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


def test_plans_are_loaded_once(environ: dict[str, str]) -> None:
    code, output = call(environ, "plans", "load")
    assert (code, "2 plans, 2 changed" in output) == (0, True)
    assert call(environ, "plans", "load") == (0, "2 plans, 0 changed, 0 new verdicts\n")


def test_a_changed_word_gives_a_new_version_of_that_target_alone(environ: dict[str, str], tmp_path: Path) -> None:
    call(environ, "plans", "load")
    copy = tmp_path / "plans"
    shutil.copytree(SAMPLE, copy)
    chapter = copy / "sample-2025" / "02-measures.yaml"
    text = chapter.read_text(encoding="utf-8")
    chapter.write_text(text.replace("zh: 星级上云企业,", "zh: 星级上云企业累计数,"), encoding="utf-8")
    code, output = call({**environ, "PLANWATCH_PLANS_DIR": str(copy)}, "plans", "load")
    assert (code, output) == (0, "2 plans, 1 changed, 1 new verdicts\n")


def test_a_broken_plan_file_is_named_and_not_loaded(environ: dict[str, str], tmp_path: Path) -> None:
    copy = tmp_path / "plans"
    shutil.copytree(SAMPLE, copy)
    (copy / "sample-2025" / "02-measures.yaml").write_text("title: 1\n", encoding="utf-8")
    broken = {**environ, "PLANWATCH_PLANS_DIR": str(copy)}
    for command in (["lint"], ["load"], ["show", "sample-2025"]):
        code, output = call(broken, "plans", *command)
        assert code == 1
        assert "02-measures.yaml:1" in output


def test_a_broken_file_of_authorities_is_named_and_nothing_is_loaded(environ: dict[str, str], tmp_path: Path) -> None:
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    (data / "authorities.csv").write_text("pattern,rank,name_zh,name_en,note\n*,1,a,b,c\n", encoding="utf-8")
    code, output = call({**environ, "PLANWATCH_DATA_DIR": str(data)}, "plans", "load")
    assert (code, "authorities.csv:2" in output) == (1, True)


def test_nothing_is_parked_at_first(environ: dict[str, str]) -> None:
    assert call(environ, "parked", "list", "--json") == (0, "[]\n")
    assert call(environ, "parked", "list", "--service", "query")[0] == 2


def test_without_an_address_the_command_says_what_to_set() -> None:
    code, output = call({}, "parked", "list")
    assert (code, "PLANWATCH_DATABASE_URL" in output) == (2, True)


def test_a_server_that_is_away_is_one_line(environ: dict[str, str]) -> None:
    away = {**environ, "PLANWATCH_DATABASE_URL": "postgresql://planwatch@127.0.0.1:1/planwatch"}
    code, output = call(away, "parked", "list")
    assert (code, output.count("\n")) == (3, 1)
