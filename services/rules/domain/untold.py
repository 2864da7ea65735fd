"""What a sum is worth when some do not tell the amount: the indicator says how many may be left out (E14).

Nobody is ever taken for zero: who is left out is named beside the figure, and where nobody tells anything there is no figure.
"""

from dataclasses import dataclass
from fractions import Fraction

from services.rules.domain.wording import Reason, Text


@dataclass(frozen=True, slots=True)
class Telling:
    """An amount summed over those who tell it: how many do not, and how many there are in all."""

    total: Fraction
    untold: int
    of: int


@dataclass(frozen=True, slots=True)
class Summed:
    """The sum with what must be said of it; without one, why."""

    value: Fraction | None
    missing: tuple[Reason, ...] = ()
    remarks: tuple[Reason, ...] = ()


def summed(told: Telling, *, up_to: Fraction, amount: Text, whose: Text) -> Summed:
    """Return the sum when at most the share `up_to` (0 to 1) does not tell the amount; exactly that share still may."""
    if not told.untold:
        return Summed(told.total)
    if told.untold < told.of and told.untold <= up_to * told.of:
        return Summed(told.total, remarks=(_left_out(told.untold, amount, whose),))
    return Summed(None, missing=(_unknown(told.untold, amount, whose),))


def _unknown(count: int, amount: Text, whose: Text) -> Reason:
    return Reason(
        "amount_untold",
        f"有{count}{whose.zh}未报{amount.zh}，合计数未知",
        f"{count} {whose.en} do not tell their {amount.en}: the sum is unknown",
    )


def _left_out(count: int, amount: Text, whose: Text) -> Reason:
    return Reason(
        "amount_left_out",
        f"有{count}{whose.zh}未报{amount.zh}，按指标口径未计入",
        f"{count} {whose.en} do not tell their {amount.en}; the indicator allows it, and they are left out",
    )
