"""`planwatch channels check` and its exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.alerts.adapters.cli import channels_commands, notices_commands

PLAN = """
id: example-2024
title: {zh: 示例方案, en: Example plan}
"""


@pytest.fixture
def channels_file(tmp_path: Path) -> Path:
    path = tmp_path / "channels.yaml"
    path.write_text('cities: {"321300": {市商务局: {mail: [office@units.example]}}}', encoding="utf-8")
    return path


def run_check(channels_file: Path, plans_dir: Path) -> tuple[int, str]:
    arguments = ["check", "--channels-file", str(channels_file), "--plans-dir", str(plans_dir), "--json"]
    result = CliRunner().invoke(channels_commands({}), arguments)
    return result.exit_code, result.output


def test_units_of_the_real_plans_without_channel_are_listed(channels_file: Path) -> None:
    code, said = run_check(channels_file, Path("plans"))

    assert code == 1
    said_of = json.loads(said)
    unreachable = [(one["city"], one["unit"]) for one in said_of["unreachable"]]
    assert unreachable == sorted(set(unreachable))
    assert ("321300", "市商务局") not in unreachable
    assert ("321300", "市工业和信息化局") in unreachable
    assert all(one["matters"] > 0 for one in said_of["unreachable"])
    assert said_of["unknown"] == []


def test_a_misspelt_unit_of_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text('cities: {"321300": {市商业局: {mail: [office@units.example]}}}', encoding="utf-8")

    code, said = run_check(path, Path("plans"))

    assert (code, json.loads(said)["unknown"]) == (1, ["321300 市商业局"])


def test_without_plans_nobody_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text("cities: {}", encoding="utf-8")

    assert run_check(path, tmp_path) == (0, '{"unreachable":[],"unknown":[]}\n')


def test_unusable_files_have_an_exit_code_of_their_own(channels_file: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plans" / "example-2024"
    plan.mkdir(parents=True)
    (plan / "plan.yaml").write_text(PLAN, encoding="utf-8")

    assert run_check(channels_file, tmp_path / "plans")[0] == 2
    assert run_check(tmp_path / "nowhere.yaml", tmp_path)[0] == 2


def test_commands_explain_themselves() -> None:
    result = CliRunner().invoke(notices_commands({}), ["--help"])

    assert (result.exit_code, "retry" in result.output) == (0, True)


def test_the_environment_names_the_channels_file(channels_file: Path) -> None:
    commands = channels_commands({"PLANWATCH_ALERTS_CHANNELS_FILE": str(channels_file)})
    result = CliRunner().invoke(commands, ["check", "--plans-dir", "plans"])

    assert (result.exit_code, "321300 市商务局" in result.output) == (1, False)


def test_without_a_database_the_way_out_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(notices_commands({}, state_dir=tmp_path), ["list"])

    assert (result.exit_code, "PLANWATCH_DATABASE_URL" in result.output) == (2, True)
