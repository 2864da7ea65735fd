"""The commands `keys` and `feed` against a running service."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from services.ingest.adapters.cli import feed_commands, keys_commands
from tests.contracts.ingest_submissions import firm, project
from tests.integration.ingest.service_apart import service_apart

runner = CliRunner()
ROWS = [firm(1), firm(2)]
USAGE, UNREACHABLE = 2, 3


@pytest.fixture
def url(database_url: str, topic_prefix: str) -> Iterator[str]:
    with service_apart(database_url, topic_prefix) as url:
        yield url


@pytest.fixture
def keys(database_url: str) -> typer.Typer:
    return keys_commands({"PLANWATCH_DATABASE_URL": database_url}, run_file=Path("nothing"))


def _feed(*arguments: str) -> Any:
    return runner.invoke(feed_commands(run_file=Path("nothing")), list(arguments))


def _create(keys: typer.Typer, *more: str) -> dict[str, Any]:
    options = "--source example --name 示例 --city 321300 --feeds enterprises,projects,ratings,recognitions --simulated --json"
    made = runner.invoke(keys, ["create", *options.split(), *more])
    assert made.exit_code == 0, made.output
    return dict(json.loads(made.stdout))


def test_key_is_shown_once_listed_and_revoked(keys: typer.Typer) -> None:
    made = _create(keys)
    assert made["key"].startswith("pwk_")
    listed = runner.invoke(keys, ["list", "--json"]).stdout
    assert made["key"] not in listed
    assert json.loads(listed)[0]["feeds"] == ["enterprises", "projects", "ratings", "recognitions"]
    assert [key["may_release"] for key in json.loads(listed)] == [False]
    assert made["key_id"] in runner.invoke(keys, ["list"]).stdout
    assert runner.invoke(keys, ["revoke", made["key_id"]]).exit_code == 0
    assert runner.invoke(keys, ["revoke", made["key_id"]]).exit_code == 1


@pytest.mark.parametrize(
    "options",
    [
        pytest.param("--source x --name x --city 321300 --feeds nothing", id="no such feed"),
        pytest.param("--source a/b --name x --city 321300 --feeds projects", id="source with a slash"),
    ],
)
def test_wrong_use_of_keys_ends_with_2(keys: typer.Typer, options: str) -> None:
    assert runner.invoke(keys, ["create", *options.split()]).exit_code == USAGE


def test_keys_without_a_database_end_with_3() -> None:
    away = keys_commands({"PLANWATCH_DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}, run_file=Path("nothing"))
    assert runner.invoke(away, ["list"]).exit_code == UNREACHABLE
    assert runner.invoke(keys_commands({}, run_file=Path("nothing")), ["list"]).exit_code == USAGE


def test_push_prints_the_receipt_or_the_findings(url: str, keys: typer.Typer, tmp_path: Path) -> None:
    key, file = _create(keys)["key"], tmp_path / "june.json"
    file.write_text(json.dumps({"period": "2024-06", "rows": ROWS}), encoding="utf-8")
    pushed = _feed("push", str(file), "--feed", "enterprises", "--key", key, "--url", url)
    assert pushed.exit_code == 0, pushed.output
    assert "accepted 2" in pushed.stdout
    file.write_text(json.dumps({"period": "2024-06", "rows": [firm(1, uscc="x")]}), encoding="utf-8")
    refused = _feed("push", str(file), "--feed", "enterprises", "--key", key, "--url", url)
    assert (refused.exit_code, "uscc.form" in refused.stdout) == (1, True)
    as_json = _feed("push", str(file), "--feed", "enterprises", "--key", key, "--url", url, "--json")
    assert (as_json.exit_code, json.loads(as_json.stdout)["status"]) == (1, 422)


def test_csv_is_pushed_with_its_envelope_and_a_key_file(url: str, keys: typer.Typer, tmp_path: Path) -> None:
    key_file, file = tmp_path / "key", tmp_path / "june.csv"
    key_file.write_text(_create(keys)["key"] + "\n", encoding="utf-8")
    row = project(1)
    file.write_text("\n".join([",".join(row), ",".join(map(str, row.values()))]), encoding="utf-8-sig")
    options = ["--feed", "projects", "--key-file", str(key_file), "--url", url, "--period", "2024-06", "--dry-run"]
    checked = _feed("push", str(file), *options)
    assert (checked.exit_code, "dry run" in checked.stdout) == (0, True)


def test_wrong_use_of_push(tmp_path: Path) -> None:
    file = tmp_path / "june.json"
    file.write_text("{}", encoding="utf-8")
    common = ["push", str(file), "--feed", "projects"]
    assert _feed(*common, "--key", "x", "--url", "http://127.0.0.1:9").exit_code == UNREACHABLE
    assert _feed(*common, "--url", "http://127.0.0.1:9").exit_code == USAGE
    assert _feed(*common, "--key", "x").exit_code == USAGE
    assert _feed(*common, "--key", "x", "--url", "http://127.0.0.1:9", "--period", "2024-06").exit_code == USAGE


def test_simulated_city_is_written_to_files(tmp_path: Path) -> None:
    done = _feed("simulate", "--out", str(tmp_path), "--months", "12", "--firms", "400", "--format", "csv")
    assert done.exit_code == 0, done.output
    names = {path.name for path in tmp_path.iterdir()}
    assert {"2024-01-P2M-enterprises.csv", "2024-12-projects.csv", "2024-08-ratings-2023-final.csv"} <= names
    assert {"2023-recognitions.csv", "2024-06-recognitions.csv"} <= names
    assert _feed("simulate", "--out", str(tmp_path), "--months", "5").exit_code == USAGE


def test_simulated_city_is_pushed_month_after_month_and_again_without_harm(url: str, keys: typer.Typer) -> None:
    key = _create(keys)["key"]
    command = ["simulate", "--push", "--months", "12", "--firms", "400", "--url", url, "--key", key]
    assert (done := _feed(*command)).exit_code == 0, done.output
    assert "38 submissions" in done.stdout
    assert _feed(*command).exit_code == 0


def test_held_restatement_is_listed_and_released_by_a_second_key(url: str, keys: typer.Typer, tmp_path: Path) -> None:
    key, second = _create(keys)["key"], _create(keys, "--may-release")["key"]
    held = _push_held(tmp_path / "june.json", url, key)
    assert (held["state"], held["hold"]["changed_rows"]) == ("held", 30)
    at = ["--url", url, "--key", second]
    assert json.loads(_feed("held", *at, "--json").stdout)[0]["id"] == held["id"]
    shown = _feed("held", *at).stdout
    assert (held["id"] in shown, "已知30条记录中有30条" in shown) == (True, True)
    who = ["--by", "甲", "--comment", "已核对"]
    own = _feed("release", held["id"], *who, "--url", url, "--key", key)
    assert (own.exit_code, "403" in own.stderr) == (1, True)
    done = _feed("release", held["id"], *who, *at)
    assert (done.exit_code, "released" in done.stdout) == (0, True)
    again = json.loads(_feed("release", held["id"], *who, *at, "--json").stdout)
    assert (again["status"], again["decision"], again["events"]) == (200, "released", 30)
    late = _feed("withdraw", held["id"], *who, *at, "--json")
    assert (late.exit_code, json.loads(late.stdout)["status"]) == (1, 409)
    assert "没有待核准" in _feed("held", *at).stdout


def test_held_restatement_is_withdrawn(url: str, keys: typer.Typer, tmp_path: Path) -> None:
    key, second = _create(keys)["key"], _create(keys, "--may-release")["key"]
    held = _push_held(tmp_path / "june.json", url, key)
    done = _feed("withdraw", held["id"], "--by", "甲", "--comment", "报错表", "--url", url, "--key", second)
    assert (done.exit_code, "withdrawn" in done.stdout) == (0, True)
    assert json.loads(_feed("held", "--url", url, "--key", key, "--json").stdout) == []


def _push_held(file: Path, url: str, key: str) -> dict[str, Any]:
    """Push thirty firms, then all of them with another revenue."""
    push = ["push", str(file), "--feed", "enterprises", "--key", key, "--url", url]
    file.write_text(json.dumps({"period": "2024-06", "rows": [firm(n) for n in range(1, 31)]}), encoding="utf-8")
    assert _feed(*push).exit_code == 0
    changed = [firm(n, revenue_ytd="9") for n in range(1, 31)]
    file.write_text(json.dumps({"period": "2024-06", "reason": "error", "rows": changed}), encoding="utf-8")
    shown = _feed(*push, "--json")
    assert shown.exit_code == 0, "accepted means kept"
    return dict(json.loads(shown.stdout))


def test_wrong_use_of_release() -> None:
    nowhere = ["--url", "http://127.0.0.1:9", "--key", "x"]
    who = ["--by", "甲", "--comment", "已核对"]
    assert _feed("held", *nowhere).exit_code == UNREACHABLE
    assert _feed("release", "sub_1", *who, *nowhere).exit_code == UNREACHABLE
    assert _feed("release", "sub_1", *nowhere).exit_code == USAGE
    assert _feed("withdraw", *who, *nowhere).exit_code == USAGE
    assert _feed("held", "--url", "http://127.0.0.1:9").exit_code == USAGE
