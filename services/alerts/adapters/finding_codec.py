"""A finding between its wire form and the domain."""

from collections.abc import Iterator

from pydantic import ValidationError

from services.alerts.domain.finding import (
    Assessment,
    Expectation,
    Finding,
    FindingKey,
    FindingKind,
    PlanSuspension,
    ResponsibleUnit,
    Run,
    Severity,
    Span,
    UnitRole,
)
from shared.contracts.findings import AttainmentForecast, FindingChanged, Judgement, Suspension
from shared.contracts.findings import Run as WireRun
from shared.kernel.errors import InvalidMessageError
from shared.kernel.ids import text_hash
from shared.kernel.period import InvalidPeriodError, Period

_LARGEST_SEQUENCE = 2**63 - 1
_TERMS = {"name_zh", "name_en", "unit", "value", "plan", "clause", "units", "binding"}
WITHDRAWN = "target_withdrawn"
"""The code of the reason with which rules ends a breach of a target that its plan no longer has."""


def decode_finding(value: bytes) -> Finding:
    """Read a finding from the log; raise InvalidMessageError saying what is wrong with it."""
    try:
        document = value.decode()
        event = FindingChanged.model_validate_json(document)
    except UnicodeDecodeError as error:
        raise InvalidMessageError("the finding is not UTF-8") from error
    except ValidationError as error:
        raise InvalidMessageError(f"the finding breaks its contract: {_places(error)}") from error
    _check(event, document)
    return finding_of(event, document)


def finding_of(event: FindingChanged, document: str) -> Finding:
    """Return the domain's view of a valid event; `document` is the event's JSON."""
    return Finding(
        key=FindingKey(event.target_id, event.area, FindingKind(event.kind)),
        area_name=event.area_name,
        city=event.city,
        severity=Severity(event.severity) if event.state == "breach" and event.severity else None,
        sequence=event.sequence,
        period=event.period,
        since=event.since,
        units=tuple(ResponsibleUnit(unit.name, UnitRole(unit.role), unit.answers) for unit in event.units),
        subjects=frozenset(subject.entity for subject in event.subjects),
        simulated=event.simulated,
        document=document,
        withdrawn=event.state == "clear" and _has_reason(event, WITHDRAWN),
        runs=None if event.runs is None else tuple(_run(one) for one in event.runs),
        corrected=tuple(Span(since=one.since, until=one.until) for one in event.corrected),
        stale_since=event.stale_since,
        assessment=_assessment(event.judgement, event.forecast),
        terms=text_hash(event.model_dump_json(include=_TERMS)),
        suspensions=tuple(_suspension(one) for one in event.suspensions),
    )


def _run(one: WireRun) -> Run:
    return Run(
        since=one.since,
        until=one.until,
        ended_by=one.ended_by,
        severity=Severity(one.severity),
        worst=Severity(one.worst),
        retroactive=one.retroactive,
        assessment=_assessment(one.judgement, one.forecast),
        settled=one.settled,
    )


def _suspension(one: Suspension) -> PlanSuspension:
    paper = "" if one.reference is None else f"（依据：{one.reference}）"
    return PlanSuspension(since=one.since, until=one.until, approver=one.approved_by, reason=f"{one.reason_zh}{paper}")


def _assessment(judgement: Judgement | None, forecast: AttainmentForecast | None) -> Assessment | None:
    if judgement is None:
        return None
    return Assessment(judgement.status, judgement.expected, judgement.actual, _expectation(forecast))


def _expectation(forecast: AttainmentForecast | None) -> Expectation | None:
    return None if forecast is None else Expectation(forecast.point, forecast.low, forecast.high, forecast.probability)


def _has_reason(event: FindingChanged, code: str) -> bool:
    return event.judgement is not None and any(reason.code == code for reason in event.judgement.reasons)


def _places(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc']) or '(body)'}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_input=False)
    )


def _check(event: FindingChanged, document: str) -> None:
    """Refuse what the schema cannot: PostgreSQL keeps no NUL, periods have a form, a breach has a light and a reason."""
    if "\\u0000" in document:
        raise InvalidMessageError("the finding holds a NUL character")
    if not 0 <= event.sequence <= _LARGEST_SEQUENCE:
        raise InvalidMessageError(f"sequence {event.sequence} is out of range")
    for text in _periods(event):
        try:
            Period.parse(text)
        except InvalidPeriodError as error:
            raise InvalidMessageError(str(error)) from error
    _check_runs(event)
    if event.state == "breach":
        _check_breach(event)


def _check_breach(event: FindingChanged) -> None:
    if event.severity is None:
        raise InvalidMessageError("a breach has no severity")
    if event.kind in ("lagging", "forecast") and event.judgement is None:
        raise InvalidMessageError("a target in breach has no judgement")
    if event.kind == "rating_d" and not event.subjects:
        raise InvalidMessageError("a finding of D ratings lists no firm")
    if event.kind == "feed_overdue" and not event.subjects:
        raise InvalidMessageError("an overdue feed lists no report")


def _periods(event: FindingChanged) -> Iterator[str]:
    yield from (event.period, event.since)
    for since, until in _spans(event):
        yield from (since, until)
    yield from (run.ended_by for run in event.runs or () if run.ended_by is not None)
    if event.stale_since is not None:
        yield event.stale_since
    forecasts = (
        event.forecast,
        *(run.forecast for run in event.runs or ()),
        *(one.forecast for one in event.corrected),
    )
    yield from (forecast.horizon for forecast in forecasts if forecast is not None)


def _spans(event: FindingChanged) -> Iterator[tuple[str, str]]:
    yield from ((run.since, run.until) for run in event.runs or ())
    yield from ((one.since, one.until) for one in event.corrected)


def _check_runs(event: FindingChanged) -> None:
    """Refuse runs that cannot be episodes: turned round, or going on before the last one."""
    for since, until in _spans(event):
        if Period.parse(until) < Period.parse(since):
            raise InvalidMessageError(f"a run ends before it begins: {since} to {until}")
    if any(run.ended_by is None for run in (event.runs or ())[:-1]):
        raise InvalidMessageError("a run before the last one goes on")
