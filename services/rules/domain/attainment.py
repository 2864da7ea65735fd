"""A rule on forecasts: the probability of attaining a goal has been below a bound for some periods in a row (E7).

Below the bound is a breach, at the bound or above it ends one, and where too little is known a period says nothing. At the
target's last period nothing is left to foresee: met or missed settles the matter, and missing is told by the lights. A
target that lags is told by its light and, where its forecast is low as well, by this rule: they say different things.
"""

from collections.abc import Iterable, Mapping, Sequence

from services.rules.domain.foreseen import Foreseen, forecasts_in, foreseen_in
from services.rules.domain.judged import VerdictHead
from services.rules.domain.review import Heads, Outcome, Review, is_news
from services.rules.domain.runs import Say, Speaker, ToldRun, judged_in, said_in, standing_of
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory
from shared.kernel.period import Period


def has_rule(history: TargetHistory) -> bool:
    """Whether any version of the target has a rule on its forecasts."""
    return any(target.lights.alerting.forecast is not None for target in history.versions)


def attainment_outcome(review: Review, earlier: Sequence[Heads]) -> Outcome | None:
    """Return what must be told of a target by its forecasts; None when there is nothing.

    `earlier` are the verdicts of the same figure in earlier years, which teach its season.
    """
    history, heads = review.history, review.heads
    judged = tuple(judged_in(history, heads))
    foreseen = foreseen_in(history, forecasts_in(judged, heads, earlier))
    says = tuple(said_in(judged, forecast_says(foreseen), of_suspended=told_says(review.told_runs)))
    outcome = Outcome(review, standing_of(history, judged, says, missing=review.missing), foreseen)
    rests_on = [head for one in (heads, *earlier) for head in one.values()]
    return outcome if is_news(outcome, rests_on) else None


def forecast_says(foreseen: Mapping[Period, Foreseen]) -> Speaker:
    """Return what says what a period says by its forecast; where its version has no rule nothing is asked: a breach is settled."""

    def says(period: Period, target: Target, _head: VerdictHead) -> Say | None:
        found, rule = foreseen.get(period), target.lights.alerting.forecast
        if rule is None or period.end >= target.last.end:
            return Say(period=period, severity=None, settles=True)
        if found is None:
            return None
        severity = rule.severities[target.binding] if found.is_below else None
        return Say(period=period, severity=severity, hold=rule.hold)

    return says


def told_says(told: Iterable[ToldRun]) -> Speaker:
    """Return what says what was told of a period that is suspended since: that a breach stood there, or that it ended."""

    def says(period: Period, _target: Target, head: VerdictHead) -> Say | None:
        for run in told:
            if head.lit is not None and run.since.end <= period.end <= run.until.end:
                return Say(period=period, severity=run.severity, worst=run.worst)
            if period == run.ended_by:
                return Say(period=period, severity=None, settles=run.settled)
        return None

    return says
