"""A figure that is one quantity divided by another."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from services.rules.domain import reasons
from services.rules.domain.evidence import Evidence, in_unit
from services.rules.domain.quantity import Quantity, Ratio
from services.rules.domain.wording import Reason

_SHOWN = {"元": (Fraction(1, 10_000), "万元")}


def divided(ratio: Ratio, numerator: Evidence, denominator: Evidence) -> Evidence:
    """Return the quotient of two quantities in their base units, times the factor. Both must be known.

    A denominator of zero gives no ratio: that cannot be judged.
    """
    shown = (_shown(ratio.numerator, numerator), _shown(ratio.denominator, denominator))
    above, below = numerator.actual, denominator.actual
    zero = () if below != 0 else (reasons.zero_denominator(denominator.figures[0].label),)
    return Evidence(
        actual=above / below * ratio.factor if above is not None and below else None,
        missing=_each_once(part.missing for part in shown),
        doubts=(*_each_once(part.doubts for part in shown), *zero),
        remarks=_each_once(part.remarks for part in shown),
        figures=tuple(figure for part in shown for figure in part.figures),
        inputs=tuple(source for part in shown for source in part.inputs),
        simulated=any(part.simulated for part in shown),
    )


def _shown(quantity: Quantity, evidence: Evidence) -> Evidence:
    """Show money in 万元, as the feeds bring it."""
    factor, unit = _SHOWN.get(quantity.unit, (Fraction(1), quantity.unit))
    return in_unit(evidence, quantity.unit, factor, unit)


def _each_once(groups: Iterable[Sequence[Reason]]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for group in groups for reason in group))
