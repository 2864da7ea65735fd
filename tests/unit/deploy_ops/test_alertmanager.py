"""Alertmanager: the start script makes a whole configuration out of the template and the environment."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.deploy_ops.project import DEPLOY, alert_rules, tool

START = DEPLOY / "alertmanager" / "start.sh"
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "PLANWATCH_OPS_MAIL": "ops@planwatch.example",
    "PLANWATCH_OPS_MAIL_FROM": "monitoring@planwatch.example",
}
AWKWARD = 'https://hooks.example/a|b?x=1&y="2"\\n'


def started(target: Path, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = {**ENVIRONMENT, "ALERTMANAGER_CONFIG": str(target), **extra}
    return subprocess.run(
        ["/bin/sh", str(START), *command], env=environment, capture_output=True, text=True, check=False
    )


def rendered(target: Path, **extra: str) -> Any:
    done = started(target, "true", **extra)
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(target.read_text(encoding="utf-8"))


def test_mail_alone_by_default(tmp_path: Path) -> None:
    configuration = rendered(tmp_path / "made.yml")
    ops, heartbeat = configuration["receivers"]
    assert ops["email_configs"][0]["to"] == "ops@planwatch.example"
    assert "webhook_configs" not in ops
    assert heartbeat == {"name": "heartbeat"}
    assert configuration["global"]["smtp_smarthost"] == "mail:1025"
    assert configuration["global"]["smtp_require_tls"] is False


def test_a_webhook_gets_alerts_and_the_heartbeat_unharmed(tmp_path: Path) -> None:
    for receiver in rendered(tmp_path / "made.yml", PLANWATCH_OPS_WEBHOOK=AWKWARD)["receivers"]:
        assert receiver["webhook_configs"][0]["url"] == AWKWARD


def test_the_file_is_for_its_owner_only_and_the_command_follows(tmp_path: Path) -> None:
    done = started(tmp_path / "made.yml", "stat", "-c", "%a", str(tmp_path / "made.yml"))
    assert done.stdout == "600\n"


def test_without_an_address_it_does_not_start(tmp_path: Path) -> None:
    done = started(tmp_path / "made.yml", "true", PLANWATCH_OPS_MAIL="")
    assert done.returncode != 0
    assert "PLANWATCH_OPS_MAIL" in done.stderr


@pytest.mark.parametrize("webhook", ["", "https://hooks.example/planwatch"])
def test_alertmanager_takes_it(tmp_path: Path, webhook: str) -> None:
    target = tmp_path / "made.yml"
    done = started(target, tool("amtool"), "check-config", str(target), PLANWATCH_OPS_WEBHOOK=webhook)
    assert done.returncode == 0, done.stdout + done.stderr


def test_routes_and_inhibitions_name_what_exists(tmp_path: Path) -> None:
    configuration = rendered(tmp_path / "made.yml")
    receivers = {receiver["name"] for receiver in configuration["receivers"]}
    routes = [configuration["route"], *configuration["route"]["routes"]]
    assert {route["receiver"] for route in routes} <= receivers
    alerts = {rule["alert"] for rule in alert_rules()}
    for inhibition in configuration["inhibit_rules"]:
        for matcher in (*inhibition["source_matchers"], *inhibition["target_matchers"]):
            assert set(matcher.partition("=")[2].strip('~"').split("|")) <= alerts, matcher
