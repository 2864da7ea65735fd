"""What the services of one machine must know of each other, where the environment does not say it."""

import secrets
from collections.abc import Mapping
from pathlib import Path

NO_CHANNELS = "# 责任单位的通知渠道 channels of the responsible units, see services/alerts/README.md\ncities: {}\n"


def wire_services(urls: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """Return the variables that connect the services with each other, with a fresh token for alerts' actions.

    The channels file of the data directory is made when it is missing: without channels every notice is shown as
    unreachable, none is lost.
    """
    channels = data_dir / "channels.yaml"
    if not channels.exists():
        channels.write_text(NO_CHANNELS, encoding="utf-8")
    token = secrets.token_urlsafe(32)
    return {
        "PLANWATCH_ALERTS_ACTION_TOKEN": token,
        "PLANWATCH_ALERTS_CHANNELS_FILE": str(channels.resolve()),
        "PLANWATCH_ALERTS_MAIL_FROM": "planwatch@localhost.example",
        "PLANWATCH_ALERTS_PAGE_URL": f"{urls.get('query', '')}/alerts",
        "PLANWATCH_ALERTS_SMTP_HOST": "127.0.0.1",
        "PLANWATCH_QUERY_ALERTS_TOKEN": token,
        "PLANWATCH_QUERY_ALERTS_URL": urls.get("alerts", ""),
    }
