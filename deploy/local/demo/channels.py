"""Channels of the demo: every unit of the directories gets a mail address, one also a webhook. All `.example`."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from shared.plans.directory import UnitDirectory

WEBHOOK_CITY = "321300"
WEBHOOK_UNIT = "市工业和信息化局"
WEBHOOK_SECRET = "whsec_ZGVtby1zZWNyZXQtb2YtdGhlLXBsYW53YXRjaC1kZW1v"  # noqa: S105  (the demo's receiver is on loopback)


def write_channels(path: Path, directories: Mapping[str, UnitDirectory], *, webhook_url: str) -> None:
    """Write the channels file of the alerts service."""
    cities: dict[str, dict[str, dict[str, object]]] = {
        city: {
            unit.name.zh: {"mail": [f"{unit.id}@{city}.example"]} for unit in directory.units if unit.kind != "group"
        }
        for city, directory in directories.items()
    }
    cities[WEBHOOK_CITY][WEBHOOK_UNIT]["webhook"] = {"url": webhook_url, "secret": WEBHOOK_SECRET}
    path.write_text(yaml.safe_dump({"cities": cities}, allow_unicode=True), encoding="utf-8")
