"""Grafana: what is provisioned is found where compose mounts it, and the dashboard is whole."""

import json
from typing import Any

from tests.unit.deploy_ops.project import DASHBOARD, DEPLOY, ROOT, read_yaml

PROVISIONING = DEPLOY / "grafana" / "provisioning"


def panels() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return loaded


def test_rows_are_intake_evaluation_alerts_and_health() -> None:
    rows = [panel["title"] for panel in panels() if panel["type"] == "row"]
    assert rows == ["报送 Intake", "评判 Evaluation", "预警与通知 Alerts and notices", "运行状况 Health"]


def test_ids_are_unique_and_panels_do_not_overlap() -> None:
    ids = [panel["id"] for panel in panels()]
    assert len(set(ids)) == len(ids)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels())
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


def test_every_panel_asks_the_provisioned_datasource() -> None:
    (datasource,) = read_yaml(PROVISIONING / "datasources" / "prometheus.yml")["datasources"]
    for panel in panels():
        for target in panel.get("targets", ()):
            assert target["datasource"]["uid"] == datasource["uid"]


def test_dashboards_lie_where_compose_mounts_them() -> None:
    (provider,) = read_yaml(PROVISIONING / "dashboards" / "planwatch.yml")["providers"]
    grafana = read_yaml(ROOT / "docker-compose.yml")["services"]["grafana"]
    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in grafana["volumes"]
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/{DASHBOARD.name}"
