"""The envelope of a submission: period, action, reason, reference, mode, area."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from services.ingest.domain.areas import AreaCheck, Areas
from services.ingest.domain.cells import parse_text
from services.ingest.domain.errors import CellError, Flaw
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.finding import Finding, finding_of
from services.ingest.domain.report_period import parse_report_period
from services.ingest.domain.sender import Sender
from shared.kernel.period import Period

T = TypeVar("T")
MEMBERS = ("period", "action", "reason", "reference", "mode", "area")


class Action(StrEnum):
    """`merge`: these rows are added or corrected. `replace`: these rows are all there is; what is missing left."""

    MERGE = "merge"
    REPLACE = "replace"


class Reason(StrEnum):
    """Why known values change."""

    REVISION = "revision"
    ERROR = "error"
    RECLASSIFICATION = "reclassification"
    LATE_REPORT = "late_report"
    OTHER = "other"


_MISSING = Flaw("envelope.missing", "缺少该项。", "This member of the envelope is missing.")
_UNKNOWN = Flaw(
    "envelope.unknown",
    f"未知的参数；可用：{'、'.join(MEMBERS)}（JSON 另有 rows）。",
    f"Unknown member; known are {', '.join(MEMBERS)} (and rows in JSON).",
)
_ACTION = Flaw("action.unknown", "action 应为 merge 或 replace。", "The action must be merge or replace.")
_ACTION_DELETE = Flaw(
    "action.unsupported",
    "暂不支持 delete；请用 replace 报送应保留的全部记录。",
    "The action delete is not supported; push all rows that stay, with replace.",
)
_MODE = Flaw("mode.unknown", "mode 应为 strict。", "The mode must be strict.")
_MODE_PARTIAL = Flaw(
    "mode.unsupported",
    "暂不支持 partial；一条有误，全部不收（strict）。",
    "The mode partial is not supported: one bad row and nothing is taken (strict).",
)
_REASON = Flaw(
    "reason.unknown",
    f"修订原因应为下列之一：{'、'.join(Reason)}。",
    f"The reason must be one of {', '.join(Reason)}.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A checked envelope. `area` narrows what `replace` covers; without it, the key's whole city."""

    period: Period
    action: Action
    reason: Reason | None
    reference: str | None
    area: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeRules:
    """What an envelope is checked against."""

    feed: FeedName
    sender: Sender
    areas: Areas
    today: date


def read_envelope(raw: Mapping[str, object], rules: EnvelopeRules) -> Envelope | list[Finding]:
    """Return the envelope, or every finding in it."""
    reading = _Reading(raw, [])
    for name in raw:
        if name not in MEMBERS:
            reading.refuse(name, _UNKNOWN)
    period = reading.read("period", lambda value: parse_report_period(value, rules.feed, today=rules.today))
    if raw.get("period") in (None, ""):
        reading.refuse("period", _MISSING)
    action = reading.read("action", _action) or Action.MERGE
    reason = reading.read("reason", _reason)
    reference = reading.read("reference", parse_text)
    reading.read("mode", _mode)
    area = reading.read("area", _area_parser(rules, period)) if period is not None else None
    if period is None or reading.findings:
        return reading.findings
    return Envelope(period=period, action=action, reason=reason, reference=reference, area=area)


@dataclass(frozen=True, slots=True)
class _Reading:
    raw: Mapping[str, object]
    findings: list[Finding]

    def read(self, name: str, parse: Callable[[object], T]) -> T | None:
        value = self.raw.get(name)
        if value is None or value == "":
            return None
        try:
            return parse(value)
        except CellError as error:
            self.refuse(name, error.flaw)
            return None

    def refuse(self, name: str, flaw: Flaw) -> None:
        self.findings.append(finding_of(flaw, row=None, column=name, value=self.raw.get(name)))


def _action(value: object) -> Action:
    if value == "delete":
        raise CellError(_ACTION_DELETE)
    if not isinstance(value, str) or value not in set(Action):
        raise CellError(_ACTION)
    return Action(value)


def _reason(value: object) -> Reason:
    if not isinstance(value, str) or value not in set(Reason):
        raise CellError(_REASON)
    return Reason(value)


def _mode(value: object) -> None:
    if value == "partial":
        raise CellError(_MODE_PARTIAL)
    if value != "strict":
        raise CellError(_MODE)


def _area_parser(rules: EnvelopeRules, period: Period) -> Callable[[object], str]:
    return AreaCheck(rules.areas, city=rules.sender.city, scope=None, on=period.end).parse
