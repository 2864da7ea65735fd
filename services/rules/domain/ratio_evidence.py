"""A figure that is one quantity divided by another."""

from dataclasses import replace
from fractions import Fraction

from services.rules.domain import reasons
from services.rules.domain.evidence import Evidence, in_unit, together
from services.rules.domain.quantity import Quantity, Ratio

_SHOWN = {"元": (Fraction(1, 10_000), "万元")}


def divided(ratio: Ratio, numerator: Evidence, denominator: Evidence) -> Evidence:
    """Return the quotient of two quantities in their base units, times the factor. Both must be known.

    A denominator of zero gives no ratio: that cannot be judged.
    """
    shown = (_shown(ratio.numerator, numerator), _shown(ratio.denominator, denominator))
    above, below = numerator.actual, denominator.actual
    zero = () if below != 0 else (reasons.zero_denominator(denominator.figures[0].label),)
    both = together(shown)
    return replace(
        both,
        actual=above / below * ratio.factor if above is not None and below else None,
        missing=tuple(dict.fromkeys(both.missing)),
        doubts=(*both.doubts, *zero),
    )


def _shown(quantity: Quantity, evidence: Evidence) -> Evidence:
    """Show money in 万元, as the feeds bring it."""
    factor, unit = _SHOWN.get(quantity.unit, (Fraction(1), quantity.unit))
    return in_unit(evidence, quantity.unit, factor, unit)
