"""Prometheus: configuration and rules are valid, every rule has its cases, words and runbook."""

import subprocess
from typing import Any

import pytest

from shared.adapters.settings import SERVICES
from tests.unit.deploy_ops.project import ALERTS, DEPLOY, ROOT, alert_rules, read_yaml, tool

FOLDER = DEPLOY / "prometheus"
CASES = ("alerts_test.yml", "alerts_days_test.yml")
EACH_RULE = pytest.mark.parametrize("rule", alert_rules(), ids=lambda rule: rule["alert"])


def promtool(*arguments: str) -> None:
    done = subprocess.run([tool("promtool"), *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_configuration_is_valid() -> None:
    promtool("check", "config", "prometheus.yml")


def test_rules_are_valid() -> None:
    promtool("check", "rules", ALERTS.name)


@pytest.mark.parametrize("cases", CASES)
def test_rules_fire_when_they_should(cases: str) -> None:
    promtool("test", "rules", cases)


@EACH_RULE
def test_rule_speaks_both_languages_and_has_a_severity(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning", "none")
    assert rule["annotations"]["summary"].isascii()
    assert any("\u4e00" <= character <= "\u9fff" for character in rule["annotations"]["summary_zh"])


@EACH_RULE
def test_rule_has_a_runbook_of_its_name(rule: dict[str, Any]) -> None:
    runbook = ROOT / rule["annotations"]["runbook"]
    assert runbook.parent == ROOT / "docs" / "runbooks"
    text = runbook.read_text(encoding="utf-8")
    assert text.startswith(f"# {rule['alert']} · ")
    assert f"Severity: {rule['labels']['severity']}\n" in text


@EACH_RULE
def test_rule_has_a_case_that_fires_and_one_that_stays_quiet(rule: dict[str, Any]) -> None:
    checks = [
        check
        for name in CASES
        for case in read_yaml(FOLDER / name)["tests"]
        for check in case["alert_rule_test"]
        if check["alertname"] == rule["alert"]
    ]
    assert any(check["exp_alerts"] for check in checks)
    assert rule["alert"] == "Watchdog" or any(not check["exp_alerts"] for check in checks)


def test_every_service_is_scraped_and_probed() -> None:
    jobs = {job["job_name"]: job for job in read_yaml(FOLDER / "prometheus.yml")["scrape_configs"]}
    for name in ("planwatch", "healthz", "readyz"):
        assert [target["labels"]["service"] for target in jobs[name]["static_configs"]] == list(SERVICES)


def test_probes_use_modules_that_exist() -> None:
    modules = read_yaml(FOLDER / "blackbox.yml")["modules"]
    for job in read_yaml(FOLDER / "prometheus.yml")["scrape_configs"]:
        assert set(job.get("params", {}).get("module", ())) <= set(modules)
