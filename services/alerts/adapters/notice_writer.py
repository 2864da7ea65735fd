"""Writes notices: mail in official Chinese as text and HTML, and the body of a webhook."""

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.alerts.adapters import chinese
from services.alerts.adapters.finding_view import concerning
from services.alerts.adapters.notice_facts import facts_of
from services.alerts.adapters.occasion import Occasion, WritingRules
from services.alerts.adapters.opening import opening
from services.alerts.adapters.requests import requests
from services.alerts.adapters.webhook_payload import webhook_body
from services.alerts.domain.alert import Alert, Changed
from services.alerts.domain.notice import Addressee, Cause, Channel, Content
from shared.contracts.findings import FindingChanged
from shared.kernel.china_time import day_in_china

_TEMPLATES = Path(__file__).parent / "templates"


class ChineseNoticeWriter:
    """A `NoticeWriter`."""

    def __init__(self, rules: WritingRules) -> None:
        self._rules = rules
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._text = environment.get_template("notice.txt.j2")
        self._html = environment.get_template("notice.html.j2")

    def write(self, changed: Changed, addressee: Addressee, *, cause: Cause, notice_id: str, now: datetime) -> Content:
        """Return the words for this addressee's channel."""
        occasion = Occasion(
            changed=changed,
            event=_event_of(changed.alert),
            before=_event_of(changed.previous) if changed.previous else None,
            addressee=addressee,
            cause=cause,
            notice_id=notice_id,
            now=now,
        )
        title = " ".join(facts_of(occasion).title.split())  # one line, whatever a name holds
        subject = f"{title}〔模拟数据〕" if changed.alert.simulated else title
        if addressee.endpoint.channel is Channel.WEBHOOK:
            body = webhook_body(occasion, self._rules, summary=subject)
            return Content(message_id=notice_id, subject=subject, body_text=body)
        return self._mail(occasion, subject)

    def _mail(self, occasion: Occasion, subject: str) -> Content:
        values = {**self._values(occasion), "subject": subject}
        return Content(
            message_id=f"<{occasion.notice_id}@{self._rules.mail_domain}>",
            subject=subject,
            body_text=self._text.render(values),
            body_html=self._html.render(values),
        )

    def _values(self, occasion: Occasion) -> dict[str, Any]:
        return {
            "facts": facts_of(occasion),
            "event": occasion.event,
            "alert": occasion.changed.alert,
            "notice_id": occasion.notice_id,
            "unit": occasion.addressee.unit.name,
            "cause": occasion.cause,
            "opening": opening(occasion),
            "requests": requests(occasion, self._rules),
            "today": chinese.day_name(day_in_china(occasion.now)),
            "reply_asked": occasion.reply_by(self._rules) is not None,
            "issuer": self._rules.issuer,
            "page": occasion.page(self._rules),
            "binding": chinese.BINDING[occasion.event.binding],
        }


def _event_of(alert: Alert) -> FindingChanged:
    return concerning(FindingChanged.model_validate_json(alert.finding.document), alert)
