"""The body of a webhook, in the form Standard Webhooks recommends: type, timestamp, data."""

import orjson

from services.alerts.adapters.occasion import Occasion, WritingRules
from services.alerts.domain.notice import Cause

_TYPES = {
    Cause.NEW: "alert.opened",
    Cause.WORSENED: "alert.worsened",
    Cause.EASED: "alert.eased",
    Cause.CLOSED: "alert.closed",
}


def webhook_body(occasion: Occasion, rules: WritingRules, *, summary: str) -> str:
    """Return the exact JSON text; `data.finding` is what rules reported."""
    alert, previous = occasion.changed.alert, occasion.changed.previous
    unit = occasion.addressee.unit
    deadline = occasion.reply_by(rules)
    data = {
        "notice_id": occasion.notice_id,
        "alert_id": alert.alert_id,
        "episode": alert.episode,
        "cause": occasion.cause,
        "state": alert.state,
        "severity": alert.severity,
        "previous_severity": previous.severity if previous else None,
        "opened_at": alert.opened_at,
        "unit": unit.name,
        "role": unit.role,
        "simulated": alert.simulated,
        "summary": summary,
        "reply_by": deadline.day if deadline else None,
        "url": occasion.page(rules),
        "finding": orjson.Fragment(alert.finding.document),
    }
    return orjson.dumps({"type": _TYPES[occasion.cause], "timestamp": occasion.now, "data": data}).decode()
