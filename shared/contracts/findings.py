"""What rules tells alerts: the state of one target (or signal rule, or feed) in one area, with everything a notice needs."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from shared.contracts.wire import Number, WireModel

FindingKind = Literal["lagging", "forecast", "rating_d", "feed_overdue"]
Severity = Literal["yellow", "red"]


class PlanReference(WireModel):
    """The document."""

    id: str
    title: str
    document_number: str | None = Field(default=None, description="null when the document states none")


class ClauseReference(WireModel):
    """The clause and the exact words that state the target, pinned by the quote's SHA-256."""

    id: str
    title: str
    quote: str
    quote_sha256: str


class ResponsibleUnit(WireModel):
    """A responsible unit as the document writes it, and its role as written: 牵头, 责任, 共同责任, 落实."""

    name: str
    role: Literal["lead", "support", "joint", "implementing"]
    answers: bool = Field(
        default=False, description="the one unit that answers for all: the first lead, else the first named"
    )


class Reason(WireModel):
    """Why: a code for programs and a sentence for people in both languages."""

    code: str
    zh: str
    en: str


class Figure(WireModel):
    """One figure the judgement used, and where it came from."""

    label_zh: str
    label_en: str
    value: Number | None
    unit: str
    feed: str
    period: str
    submissions: tuple[str, ...] = Field(description="ids of the submissions the figure was computed from")


class Subject(WireModel):
    """One entity a finding lists (a firm by its uscc, a project by its code, a report that is overdue by its period)."""

    entity: str
    name: str
    detail: str


class Judgement(WireModel):
    """The verdict behind a finding."""

    verdict_id: str
    status: str
    expected: Number | None
    actual: Number | None
    gap: Number | None = Field(description="actual − expected, in the target's unit")
    gap_points: Number | None = Field(description="the gap in percentage points")
    gap_percent: Number | None = Field(description="the gap in per cent of expected; null when expected is zero")
    pace: str
    reasons: tuple[Reason, ...]


def _is_absent(value: object) -> bool:
    """Whether only findings of forecasts say it: those of other kinds are written as before there were any."""
    return value is None or value is False


class AttainmentForecast(WireModel):
    """What is expected at the end of a target by what is known now of the periods up to one, and the rule it is held against."""

    horizon: str = Field(description="the period foreseen: the target's last one")
    point: Number = Field(description="the median, in the target's unit")
    low: Number = Field(description="lower end of the 80 % interval")
    high: Number = Field(description="upper end of the 80 % interval")
    probability: Number = Field(description="of attaining the goal, between 0 and 1; 0 and 1 only when it is decided")
    points: int = Field(description="number of known values it was learnt from")
    below: Number = Field(description="the rule's bound: a probability below it is a breach")
    hold: int = Field(description="in so many periods in a row, before it is told")
    in_a_row: int = Field(description="forecasts in a row up to this one below the bound; 0 when it is not")


class Run(WireModel):
    """One uninterrupted breach by the figures as known now; periods of which nothing can be said may lie inside it."""

    since: str = Field(description="first period in breach")
    until: str = Field(description="last period in breach that is known")
    ended_by: str | None = Field(description="the period whose figures ended it; null while it goes on")
    severity: Severity = Field(description="of the last period in breach")
    worst: Severity
    retroactive: bool = Field(
        description="found when this period or a later one had been judged otherwise: by a correction or late figures"
    )
    judgement: Judgement | None = Field(default=None, description="of the last period in breach")
    figures: tuple[Figure, ...] = ()
    forecast: AttainmentForecast | None = Field(
        default=None, exclude_if=_is_absent, description="of kind `forecast`: that of the last period in breach"
    )
    settled: bool = Field(
        default=False,
        exclude_if=_is_absent,
        description="it did not recover: nothing is left to foresee, the last period was judged or the plan sets no bound any more",
    )


class Corrected(WireModel):
    """A breach told before that the figures as known now do not show: how its last period is judged now."""

    since: str
    until: str
    judgement: Judgement | None = None
    figures: tuple[Figure, ...] = ()
    forecast: AttainmentForecast | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="of kind `forecast`: that of its last period now; null when there is none any more",
    )


class Trigger(WireModel):
    """A submission that led to the finding; a restatement names its reason and the notice it follows."""

    submission_id: str
    source: str
    feed: str
    period: str
    action: str
    reason: str | None = None
    reference: str | None = None
    recorded_at: datetime


class Suspension(WireModel):
    """What the plan suspends of the target: an accepted explanation rests its alerts on these days, in China."""

    since: date
    until: date = Field(description="last day, included")
    reason_zh: str
    reason_en: str
    approved_by: str
    reference: str | None = Field(default=None, description="the paper that says so")


class FindingChanged(WireModel):
    """The state of target × area × kind after the latest judgement; the highest `sequence` of a key wins.

    `breach` opens or updates an alert, `clear` ends it. `since` is the first period of the uninterrupted run. `runs` holds
    every breach as known now, so that a reader who missed a finding loses nothing; null in findings of before there were runs.
    """

    target_id: str = Field(description="id of the target, or of the signal rule; of a feed, `feed/<feed>`")
    area: str
    area_name: str
    city: str
    kind: FindingKind
    state: Literal["breach", "clear"]
    severity: Severity | None
    sequence: int
    period: str
    since: str
    name_zh: str
    name_en: str
    unit: str
    value: str = Field(description="the target's value as the document writes it, with its comparator")
    plan: PlanReference
    clause: ClauseReference
    units: tuple[ResponsibleUnit, ...]
    judgement: Judgement | None
    figures: tuple[Figure, ...]
    subjects: tuple[Subject, ...]
    simulated: bool = Field(description="at least one figure comes from a simulated source")
    binding: Literal["binding", "expected"] = Field(default="expected", description="约束性 or 预期性")
    runs: tuple[Run, ...] | None = Field(default=None, description="every breach as known now, the oldest first")
    corrected: tuple[Corrected, ...] = Field(default=(), description="breaches told before that never were")
    stale_since: str | None = Field(
        default=None, description="first period without a figure behind the breach's last one; null while figures come"
    )
    triggers: tuple[Trigger, ...] = Field(default=(), description="the submissions that led to this finding")
    forecast: AttainmentForecast | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="of kind `forecast`: that of `period`; null where there is none, as at the target's end",
    )
    suspensions: tuple[Suspension, ...] = Field(
        default=(),
        exclude_if=lambda suspensions: not suspensions,
        description="what the plan suspends of a target in breach, none that was over when it last stood; left out when none",
    )
