"""Where the deployment's files lie, and the tools that check them."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "planwatch.json"


def tool(name: str) -> str:
    """Return the path of a tool, or skip: `make test` installs it, other ways to run the tests may not."""
    found = shutil.which(name, path=f"{ROOT / '.planwatch' / 'tools'}") or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed; `make test` installs it")
    return found


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def alert_rules() -> list[dict[str, Any]]:
    """Return every alert rule."""
    return [rule for group in read_yaml(ALERTS)["groups"] for rule in group["rules"]]
