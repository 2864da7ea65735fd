"""Verdicts as they are kept: in short, to see where a target stands, and in full, to tell of them."""

from dataclasses import dataclass, replace
from decimal import Decimal

from services.rules.domain.evidence import Figure
from services.rules.domain.status import Status
from services.rules.domain.verdict import Verdict
from services.rules.domain.wording import Reason
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictHead:
    """What the current verdict of a target for a period says, in short.

    `lit`: of one without a light, the last verdict of the period that had one, whichever version of the target it was by.
    """

    verdict_id: str
    target_version: int
    status: Status
    actual: Decimal | None = None
    gap_points: Decimal | None = None
    gap_percent: Decimal | None = None
    lit: "VerdictHead | None" = None

    def after(self, before: "VerdictHead | None") -> "VerdictHead":
        """Return it as what follows on another verdict of the period."""
        if before is None or self.status.light is not None:
            return self
        return replace(self, lit=before if before.status.light is not None else before.lit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict as it is kept and told."""

    verdict_id: str
    period: Period
    status: Status
    expected: Decimal | None
    actual: Decimal | None
    gap: Decimal | None
    gap_points: Decimal | None
    gap_percent: Decimal | None
    pace: str
    reasons: tuple[Reason, ...]
    figures: tuple[Figure, ...]
    simulated: bool


def head_of(verdict: Verdict) -> VerdictHead:
    """Return a verdict in short."""
    return VerdictHead(
        verdict_id=verdict.verdict_id,
        target_version=verdict.target.version,
        status=verdict.status,
        actual=verdict.actual,
        gap_points=verdict.gap_points,
        gap_percent=verdict.gap_percent,
    )


def judged_of(verdict: Verdict) -> Judged:
    """Return a verdict as it is told."""
    return Judged(
        verdict_id=verdict.verdict_id,
        period=verdict.period,
        status=verdict.status,
        expected=verdict.expected,
        actual=verdict.actual,
        gap=verdict.gap,
        gap_points=verdict.gap_points,
        gap_percent=verdict.gap_percent,
        pace=verdict.target.pace.kind,
        reasons=verdict.reasons,
        figures=verdict.figures,
        simulated=verdict.simulated,
    )
