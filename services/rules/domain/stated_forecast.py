"""Forecasts as they are stated: one of each target, as of the latest period for which its figure is known."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from services.rules.domain.forecast import FEWEST_POINTS, Forecast, NotEnoughData, forecast
from services.rules.domain.forecast_reasons import too_few_points
from services.rules.domain.judged import VerdictHead
from services.rules.domain.status import UNKNOWN
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory
from shared.kernel.ids import text_hash
from shared.kernel.period import Period

Heads = Mapping[Period, VerdictHead]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedForecast:
    """What is expected of a target, from what was known of it up to the period."""

    target: Target
    period: Period
    outcome: Forecast | NotEnoughData

    @property
    def is_empty(self) -> bool:
        """Whether nothing was known to foresee it from."""
        return self.outcome.points == 0

    @property
    def fingerprint(self) -> str:
        """A hash of what it says and of when."""
        one = self.outcome
        if isinstance(one, NotEnoughData):
            said: list[object] = [one.reason.code, one.reason.zh, one.points]
        else:
            said = [str(one.point), str(one.low), str(one.high), str(one.probability), one.method, one.points]
        return text_hash(json.dumps([self.target.version, str(self.period), said], ensure_ascii=False))


def stated_forecast(history: TargetHistory, heads: Heads, earlier: Iterable[Heads]) -> StatedForecast:
    """Return the forecast of a target from its own verdicts and those of the same figure in earlier years.

    Where no period of it could be judged, or its plan dropped it, nothing is known to foresee it from.
    """
    known = [period for period in sorted(heads) if heads[period].status not in UNKNOWN]
    target = history.at(known[-1]) if known else None
    if target is None or history.is_withdrawn:
        latest = history.latest
        nothing = NotEnoughData(too_few_points(0, FEWEST_POINTS), 0)
        return StatedForecast(target=latest, period=latest.first, outcome=nothing)
    before = [point for one in earlier for point in points_of(one)]
    outcome = forecast(target, points_of(heads), period=known[-1], history=before)
    return StatedForecast(target=target, period=known[-1], outcome=outcome)


def earlier_years(target: Target, family: Iterable[Target]) -> tuple[Target, ...]:
    """Return the targets of earlier years whose figure is the same."""
    return tuple(
        one
        for one in family
        if one.horizon.year < target.horizon.year
        and (one.indicator.id, one.place.id, one.unit) == (target.indicator.id, target.place.id, target.unit)
    )


def points_of(heads: Heads) -> list[tuple[Period, Fraction]]:
    """Return the known figures by period."""
    return [(period, Fraction(head.actual)) for period, head in heads.items() if head.actual is not None]
