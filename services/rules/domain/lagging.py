"""A target that lags: what the lights of its verdicts say (red means lagging)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.rules.domain.judged import VerdictHead
from services.rules.domain.lights import ShortfallUnit
from services.rules.domain.review import Outcome, Review, is_news
from services.rules.domain.runs import Say, Standing, judged_in, said_in, standing_of
from services.rules.domain.status import Status
from services.rules.domain.target import Direction, Target
from services.rules.domain.target_history import TargetHistory
from shared.kernel.period import Period


def lagging_outcome(review: Review) -> Outcome | None:
    """Return what must be told of a target by its lights; None when there is nothing."""
    standing = standing_by_lights(review.history, review.heads, missing=review.missing)
    outcome = Outcome(review, standing)
    return outcome if is_news(outcome, review.heads.values()) else None


def standing_by_lights(
    history: TargetHistory,
    heads: Mapping[Period, VerdictHead],
    *,
    missing: Iterable[Period] = (),
) -> Standing:
    """Return where a target stands by the lights of its current verdicts."""
    judged = tuple(judged_in(history, heads))
    says = tuple(said_in(judged, light_says, of_suspended=_light_before))
    return standing_of(history, judged, says, missing=missing)


def light_says(period: Period, target: Target, head: VerdictHead) -> Say:
    """Return what the light of a verdict says. A target missed for good is told at once."""
    return Say(
        period=period,
        severity=target.severity_of(head.status),
        hold=1 if head.status is Status.MISSED else target.lights.alerting.hold,
        ends=_has_recovered(target, head),
    )


def _light_before(period: Period, target: Target, head: VerdictHead) -> Say | None:
    """Return what the last light of a period says that is suspended since; None when it never had one."""
    return None if head.lit is None else replace(light_says(period, target, head.lit), rests=True)


def _has_recovered(target: Target, head: VerdictHead) -> bool:
    """Whether a green verdict ends a breach: any does, unless the lights ask for a smaller shortfall than green (E3)."""
    bound = target.lights.alerting.recover
    gap = head.gap_points if target.lights.unit is ShortfallUnit.POINTS else head.gap_percent
    if bound is None or gap is None or head.status is Status.MET:
        return True
    shortfall = -gap if target.direction is Direction.UP else gap
    return shortfall <= bound
