"""Channels of the demo: every unit of the directory gets a mail address, the lead unit also a webhook. All `.example`."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from shared.plans.directory import Unit

WEBHOOK_UNIT = "市工业和信息化局"
WEBHOOK_SECRET = "whsec_ZGVtby1zZWNyZXQtb2YtdGhlLXBsYW53YXRjaC1kZW1v"  # noqa: S105  (the demo's receiver is on loopback)


def write_channels(path: Path, units: Iterable[Unit], *, webhook_url: str) -> None:
    """Write the channels file of the alerts service."""
    channels: dict[str, dict[str, object]] = {unit.name.zh: {"mail": [f"{unit.id}@suqian.example"]} for unit in units}
    channels[WEBHOOK_UNIT]["webhook"] = {"url": webhook_url, "secret": WEBHOOK_SECRET}
    path.write_text(yaml.safe_dump({"units": channels}, allow_unicode=True), encoding="utf-8")
