"""What a correction did, as phrases: which submissions changed the figures and why, and how a judgement read before and after."""

from services.alerts.adapters import chinese, forecast_words
from services.alerts.adapters.finding_view import judgement_of
from services.alerts.domain.alert import Alert
from shared.contracts.findings import FindingChanged, Judgement, Trigger
from shared.kernel.china_time import day_in_china

_MOST_TRIGGERS = 5
_LABELS = {True: "修订批次", False: "报送批次"}

Lines = list[tuple[str, str]]


def before_and_after(told: Alert, before: FindingChanged | None, after: FindingChanged) -> Lines:
    """Return how the alert's last period in breach was judged when it was told, and how it is judged now."""
    light = f"{chinese.LIGHTS[told.severity]}灯"
    known = None if before is None else _told(before, told)
    return [
        ("预警时期", _span(told.run.since, told.run.until)),
        ("修订前", f"{known}（{light}）" if known else f"{light}预警"),
        ("修订后", _now(after) or "不再列为预警情形"),
    ]


def trigger_lines(event: FindingChanged) -> Lines:
    """Return who corrected or sent what, when and why, one line for each submission; a long list is cut and says so."""
    lines = [(_LABELS[trigger.reason is not None], _trigger(trigger)) for trigger in event.triggers[:_MOST_TRIGGERS]]
    left_out = len(event.triggers) - len(lines)
    return [*lines, ("其他批次", f"另有{left_out}个批次，详见预警页面")] if left_out > 0 else lines


def follow_up(alert: Alert) -> tuple[str, str]:
    """Return whether a breach found later was made good since."""
    run = alert.run
    if run.settled and run.ended_by is not None:
        return ("后续情况", f"自{chinese.period_name(run.ended_by)}起已不再需要预测")
    if run.ended_by is None:
        return ("后续情况", f"截至{chinese.period_name(run.until)}仍未恢复正常")
    return ("后续情况", f"已于{chinese.period_name(run.ended_by)}恢复正常")


def _span(since: str, until: str) -> str:
    first, last = chinese.period_name(since), chinese.period_name(until)
    return first if first == last else f"{first}至{last}"


def _told(before: FindingChanged, told: Alert) -> str | None:
    """Return the numbers as they were told."""
    return forecast_words.told_before(before, told) or _known(before, judgement_of(before, told.run))


def _now(after: FindingChanged) -> str | None:
    """Return the numbers as they are now."""
    return forecast_words.known(after.forecast, after.unit) or _known(after, after.judgement)


def _known(event: FindingChanged, judgement: Judgement | None) -> str | None:
    """Return the numbers, or how many firms are listed; None where the finding says neither."""
    if judgement is None:
        return f"共{len(event.subjects)}户" if event.subjects else None
    status = chinese.STATUSES.get(judgement.status, judgement.status)
    expected, actual = (chinese.quantity(one, event.unit) for one in (judgement.expected, judgement.actual))
    return f"应达{expected}，实际{actual}，{status}"


def _trigger(trigger: Trigger) -> str:
    feed = chinese.FEEDS.get(trigger.feed, trigger.feed)
    parts = [f"{trigger.submission_id}（{trigger.source}，{chinese.period_name(trigger.period)}{feed}）"]
    if trigger.reason is not None:
        parts.append(f"原因：{chinese.RESTATEMENTS.get(trigger.reason, trigger.reason)}")
    if trigger.reference is not None:
        parts.append(f"依据：{trigger.reference}")
    parts.append(f"{chinese.day_name(day_in_china(trigger.recorded_at))}入库")
    return "，".join(parts)
