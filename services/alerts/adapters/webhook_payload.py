"""The body of a webhook, in the form Standard Webhooks recommends: type, timestamp, data."""

from typing import Any

import orjson

from services.alerts.adapters.finding_view import document_of, forecast_of, judgement_of
from services.alerts.adapters.occasion import Occasion, WritingRules
from services.alerts.domain.alert import Change
from services.alerts.domain.notice import Cause
from shared.contracts.findings import AttainmentForecast, Judgement

_TYPES = {
    Cause.NEW: "alert.opened",
    Cause.RETROACTIVE: "alert.opened",
    Cause.WORSENED: "alert.worsened",
    Cause.EASED: "alert.eased",
    Cause.CLOSED: "alert.closed",
    Cause.RETRACTED: "alert.retracted",
    Cause.REOPENED: "alert.reopened",
    Cause.RESUMED: "alert.resumed",
}


def webhook_body(occasion: Occasion, rules: WritingRules, *, summary: str) -> str:
    """Return the exact JSON text; `data.finding` is what rules reported, as far as it concerns this alert."""
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
        **_breach(occasion),
        **_correction(occasion),
        "finding": document_of(alert),
    }
    return orjson.dumps({"type": _type(occasion), "timestamp": occasion.now, "data": data}).decode()


def _type(occasion: Occasion) -> str:
    return "alert.made_good" if occasion.changed.change is Change.MADE_GOOD else _TYPES[occasion.cause]


def _breach(occasion: Occasion) -> dict[str, Any]:
    alert = occasion.changed.alert
    return {
        "binding": occasion.event.binding,
        "retroactive": alert.retroactive,
        "since": alert.run.since,
        "until": alert.run.until,
        "ended_by": alert.run.ended_by,
        "worst": alert.run.worst,
        "breached_on": alert.breached_on,
        "due_on": alert.due_on,
        "ground": alert.ground,
    }


def _correction(occasion: Occasion) -> dict[str, Any]:
    """Return what a retraction must show: the numbers as told and as known now, and whose corrections led to it."""
    if occasion.cause not in (Cause.RETRACTED, Cause.RETROACTIVE, Cause.REOPENED):
        return {}
    changed, event = occasion.changed, occasion.event
    corrections = [trigger.model_dump(mode="json") for trigger in event.triggers]
    if occasion.cause is not Cause.RETRACTED or changed.previous is None:
        return {"corrections": corrections}
    run, before = changed.previous.run, occasion.before
    told = None if before is None else _numbers(judgement_of(before, run), forecast_of(before, run))
    return {
        "corrections": corrections,
        "before": {
            **(told or _numbers(None, None)),
            "period": changed.previous.run.until,
            "severity": changed.previous.severity,
        },
        "after": {**_numbers(event.judgement, event.forecast), "period": event.period, "severity": None},
        "merged_into": changed.merged_into.alert_id if changed.merged_into else None,
    }


def _numbers(judgement: Judgement | None, forecast: AttainmentForecast | None) -> dict[str, Any]:
    """Return the numbers of a judgement, and of a forecast where there is one."""
    expected = {} if forecast is None else {"forecast": forecast.model_dump(mode="json")}
    if judgement is None:
        return {"status": None, "expected": None, "actual": None, **expected}
    return judgement.model_dump(mode="json", include={"status", "expected", "actual"}) | expected
