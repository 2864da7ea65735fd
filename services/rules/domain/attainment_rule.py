"""A rule on forecasts: the probability of attaining a goal has been too low for some periods."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.rules.domain.forecast import Forecast, NotEnoughData
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True)
class AttainmentRule:
    """It fires when the probability is below a bound in so many forecasts in a row; exactly the bound is not below it."""

    below: Decimal
    hold: int


def fires_in(rule: AttainmentRule, forecasts: Mapping[Period, Forecast | NotEnoughData]) -> tuple[Period, ...]:
    """Return the periods in which the rule fires, in order.

    A period without enough data neither counts nor interrupts: it says nothing of good or bad.
    """
    fired: list[Period] = []
    in_a_row = 0
    for period in sorted(forecasts):
        found = forecasts[period]
        if isinstance(found, NotEnoughData):
            continue
        in_a_row = in_a_row + 1 if found.probability < rule.below else 0
        if in_a_row >= rule.hold:
            fired.append(period)
    return tuple(fired)
