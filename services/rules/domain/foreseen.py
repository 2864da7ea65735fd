"""Forecasts as a rule on them sees them: what was expected at each period of a target, by what is known now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.rules.domain.alerting import AttainmentRule
from services.rules.domain.forecast import Forecast, NotEnoughData, forecast
from services.rules.domain.judged import VerdictHead
from services.rules.domain.runs import JudgedPeriod
from services.rules.domain.stated_forecast import points_of
from services.rules.domain.status import UNKNOWN
from services.rules.domain.target_history import TargetHistory
from shared.kernel.period import Period

Heads = Mapping[Period, VerdictHead]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The forecast of a period and the rule it is held against. `in_a_row`: so many forecasts up to it were below the bound."""

    forecast: Forecast
    rule: AttainmentRule
    in_a_row: int

    @property
    def is_below(self) -> bool:
        """Whether the probability is below the bound."""
        return self.in_a_row > 0


def forecasts_in(
    judged: Iterable[JudgedPeriod], heads: Heads, earlier: Sequence[Heads]
) -> dict[Period, Forecast | NotEnoughData]:
    """Return the forecast of every period that could be judged and has a rule on it, each from what is known up to it.

    Suspended periods have one as well. The last period has none: there nothing is left to foresee.
    """
    series = points_of(heads)
    before = [point for one in earlier for point in points_of(one)]
    return {
        period: forecast(target, series, period=period, history=before)
        for period, target, head in judged
        if head.status not in UNKNOWN and target.lights.alerting.forecast is not None and period.end < target.last.end
    }


def foreseen_in(history: TargetHistory, forecasts: Mapping[Period, Forecast | NotEnoughData]) -> dict[Period, Foreseen]:
    """Return the forecasts with the rule of their period; where too little is known there is none, which interrupts nothing."""
    found: dict[Period, Foreseen] = {}
    in_a_row = 0
    for period in sorted(forecasts):
        outcome, target = forecasts[period], history.at(period)
        rule = None if target is None else target.lights.alerting.forecast
        if rule is None or isinstance(outcome, NotEnoughData):
            continue
        in_a_row = in_a_row + 1 if outcome.probability < rule.below else 0
        found[period] = Foreseen(outcome, rule, in_a_row)
    return found
