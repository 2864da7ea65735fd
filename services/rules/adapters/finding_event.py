"""A finding as the wire event that tells it, complete with everything a notice needs."""

from datetime import datetime

from services.rules.domain.evidence import Figure
from services.rules.domain.finding import Corrected, Finding, FoundRun, Trigger
from services.rules.domain.foreseen import Foreseen
from services.rules.domain.judged import Judged
from services.rules.domain.suspension import Suspension
from services.rules.domain.wording import Reason, rounded
from shared.contracts import findings as wire
from shared.contracts.topics import FINDINGS
from shared.contracts.wire import EventMetadata
from shared.kernel.china_time import end_of_period
from shared.kernel.ids import stable_id
from shared.reference.areas import Areas


def finding_event(finding: Finding, sequence: int, areas: Areas) -> wire.FindingChanged:
    """Return the event of a finding under its sequence."""
    return wire.FindingChanged(
        target_id=finding.key.target_id,
        area=finding.key.area,
        area_name=areas.name(finding.key.area),
        city=finding.city,
        kind=finding.key.kind.value,
        state="breach" if finding.is_breach else "clear",
        severity=finding.severity.value if finding.severity is not None else None,
        sequence=sequence,
        period=str(finding.period),
        since=str(finding.since),
        name_zh=finding.name.zh,
        name_en=finding.name.en,
        unit=finding.unit,
        value=finding.value,
        plan=wire.PlanReference(
            id=finding.plan.id, title=finding.plan.title, document_number=finding.plan.document_number
        ),
        clause=wire.ClauseReference(
            id=finding.clause.id,
            title=finding.clause.title,
            quote=finding.clause.quote,
            quote_sha256=finding.clause.quote_sha256,
        ),
        units=tuple(
            wire.ResponsibleUnit.model_validate({"name": unit.name, "role": unit.role, "answers": unit.answers})
            for unit in finding.units
        ),
        judgement=_judgement(finding.judged),
        figures=_figures(finding.judged),
        subjects=tuple(
            wire.Subject(entity=one.entity, name=one.name, detail=one.detail + one.note) for one in finding.subjects
        ),
        simulated=finding.simulated,
        binding=finding.binding.value,
        runs=tuple(_run(found) for found in finding.runs),
        corrected=tuple(_corrected(one) for one in finding.corrected),
        stale_since=None if finding.stale_since is None else str(finding.stale_since),
        triggers=tuple(_trigger(one) for one in finding.triggers),
        forecast=_forecast(finding.foreseen),
        suspensions=tuple(_suspension(one) for one in finding.suspensions),
    )


def finding_metadata(finding: Finding, sequence: int, *, recorded_at: datetime, correlation_id: str) -> EventMetadata:
    """Return the CloudEvents attributes: the id is a function of key and sequence, the time is the period's end."""
    key = finding.key
    return EventMetadata(
        id=stable_id("finding", key.target_id, key.area, key.kind, str(sequence), finding.fingerprint),
        source="/planwatch/rules",
        type=FINDINGS.event_type,
        time=end_of_period(finding.period),
        recorded_at=recorded_at,
        sequence=sequence,
        partition_key=key.target_id,
        correlation_id=correlation_id,
    )


def wire_reason(reason: Reason) -> wire.Reason:
    """Return a reason's wire form."""
    return wire.Reason(code=reason.code, zh=reason.zh, en=reason.en)


def wire_figure(figure: Figure) -> wire.Figure:
    """Return a figure's wire form."""
    return wire.Figure(
        label_zh=figure.label.zh,
        label_en=figure.label.en,
        value=None if figure.value is None else rounded(figure.value),
        unit=figure.unit,
        feed=figure.feed.value,
        period=str(figure.period),
        submissions=figure.submissions,
    )


def _run(found: FoundRun) -> wire.Run:
    run = found.run
    return wire.Run(
        since=str(run.since),
        until=str(run.until),
        ended_by=None if run.ended_by is None else str(run.ended_by),
        severity=run.severity.value,
        worst=run.worst.value,
        retroactive=found.retroactive,
        judgement=_judgement(found.judged),
        figures=_figures(found.judged),
        forecast=_forecast(found.foreseen),
        settled=run.settled,
    )


def _corrected(one: Corrected) -> wire.Corrected:
    return wire.Corrected(
        since=str(one.since),
        until=str(one.until),
        judgement=_judgement(one.judged),
        figures=_figures(one.judged),
        forecast=_forecast(one.foreseen),
    )


def _trigger(one: Trigger) -> wire.Trigger:
    return wire.Trigger(
        submission_id=one.submission_id,
        source=one.source,
        feed=one.feed,
        period=str(one.period),
        action=one.action,
        reason=one.reason,
        reference=one.reference,
        recorded_at=one.recorded_at,
    )


def _suspension(one: Suspension) -> wire.Suspension:
    return wire.Suspension(
        since=one.since,
        until=one.until,
        reason_zh=one.reason.zh,
        reason_en=one.reason.en,
        approved_by=one.approved_by,
        reference=one.reference,
    )


def _figures(judged: Judged | None) -> tuple[wire.Figure, ...]:
    return () if judged is None else tuple(wire_figure(one) for one in judged.figures)


def _judgement(judged: Judged | None) -> wire.Judgement | None:
    if judged is None:
        return None
    return wire.Judgement(
        verdict_id=judged.verdict_id,
        status=judged.status.value,
        expected=judged.expected,
        actual=judged.actual,
        gap=judged.gap,
        gap_points=judged.gap_points,
        gap_percent=judged.gap_percent,
        pace=judged.pace,
        reasons=tuple(wire_reason(reason) for reason in judged.reasons),
    )


def _forecast(foreseen: Foreseen | None) -> wire.AttainmentForecast | None:
    if foreseen is None:
        return None
    expected, rule = foreseen.forecast, foreseen.rule
    return wire.AttainmentForecast(
        horizon=str(expected.period),
        point=expected.point,
        low=expected.low,
        high=expected.high,
        probability=expected.probability,
        points=expected.points,
        below=rule.below,
        hold=rule.hold,
        in_a_row=foreseen.in_a_row,
    )
