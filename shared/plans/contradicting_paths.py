"""Numbers of one plan that do not fit each other: a step back from a baseline, parts above their total, a pace that misses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

from shared.plans.contradiction import Contradiction
from shared.plans.horizon import Annual, BaselineGrowthPace, BaselineLinearPace, LevelAtYear
from shared.plans.loader import Plan
from shared.plans.mention import Baseline, Target, TargetRef
from shared.plans.model import BilingualName
from shared.plans.statements import Measures, find_target, half_a_digit, targets_of, written

_TOTALS = ("合计", "总计")
_NEVER_ADD_UP = frozenset({"growth", "index", "rank"})


# ---- baseline ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stop:
    year: int
    value: Decimal
    quote: str


def wrong_turns(target: Target, ref: TargetRef) -> Iterator[Contradiction]:
    """Find a milestone or the target itself on the wrong side of what comes before it."""
    if not isinstance(target.horizon, LevelAtYear) or target.value is None:
        return
    stops = [_Stop(one.year, one.value, target.quote_of(one)) for one in target.milestones]
    if target.baseline is not None:
        stops.insert(0, _Stop(target.baseline.year, target.baseline.value, target.baseline.quote))
    stops.append(_Stop(target.horizon.year, target.value, target.quote))
    for before, after in pairwise(stops):
        if after.value < before.value if target.direction == "up" else after.value > before.value:
            yield Contradiction(
                kind="baseline",
                between=(ref,),
                quotes=tuple(dict.fromkeys((before.quote, after.quote))),
                note=_wrong_turn(target, before, after),
            )


def _wrong_turn(target: Target, before: _Stop, after: _Stop) -> BilingualName:
    unit, up = target.as_written, target.direction == "up"
    return BilingualName(
        zh=f"应{'升' if up else '降'}，但{after.year}年的{after.value}{unit}{'低' if up else '高'}于"
        f"{before.year}年的{before.value}{unit}",
        en=f"it should {'rise' if up else 'fall'}, but {after.value}{unit} of {after.year} is "
        f"{'below' if up else 'above'} {before.value}{unit} of {before.year}",
    )


# ---- pace -------------------------------------------------------------------------------------------------------


def missed_paces(target: Target, ref: TargetRef) -> Iterator[Contradiction]:
    """Find a stated yearly pace that does not lead from baseline to target, whatever the written digits were rounded from."""
    pace, horizon, baseline = target.pace, target.horizon, target.baseline
    if not isinstance(pace, BaselineLinearPace | BaselineGrowthPace) or pace.yearly is None:
        return
    if baseline is None or target.value is None or not isinstance(horizon, LevelAtYear):
        return
    years = horizon.year - baseline.year
    reached = _growth if isinstance(pace, BaselineGrowthPace) else _steps
    ends = [reached(start, step, years) for start, step in product(_bounds(baseline.value), _bounds(pace.yearly))]
    least, most = _bounds(target.value)
    if most >= min(ends) and least <= max(ends):
        return
    exact = reached(Fraction(baseline.value), Fraction(pace.yearly), years)
    yield Contradiction(
        kind="pace",
        between=(ref,),
        quotes=tuple(dict.fromkeys((baseline.quote, target.quote))),
        note=_missed(target, baseline, pace, _rounded(exact, target.value)),
    )


def _bounds(value: Decimal) -> tuple[Fraction, Fraction]:
    """Return what the written digits may have been rounded from."""
    rounding = half_a_digit(value)
    return Fraction(value - rounding), Fraction(value + rounding)


def _steps(value: Fraction, yearly: Fraction, years: int) -> Fraction:
    return value + yearly * years


def _growth(value: Fraction, yearly: Fraction, years: int) -> Fraction:
    return value * (1 + yearly / 100) ** years


def _rounded(exact: Fraction, like: Decimal) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        like.normalize() if like % 1 else Decimal(1)
    )


def _missed(
    target: Target, baseline: Baseline, pace: BaselineLinearPace | BaselineGrowthPace, reached: Decimal
) -> BilingualName:
    unit, step = target.as_written, f"{pace.yearly}%" if isinstance(pace, BaselineGrowthPace) else f"{pace.yearly}"
    return BilingualName(
        zh=f"从{baseline.year}年的{baseline.value}{unit}起每年{step}，到目标年份为{reached}{unit}，而目标是{written(target)}",
        en=f"{step} a year from {baseline.value}{unit} of {baseline.year} gives {reached}{unit}, not {written(target)}",
    )


# ---- sum --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    ref: TargetRef
    target: Target


@dataclass(frozen=True, slots=True)
class _Column:
    """One value of a target: its own, or that of a baseline or milestone. `at` is the kind of horizon and its year.

    `high` ends a range.
    """

    at: tuple[str, int | None]
    low: Decimal
    high: Decimal
    quote: str


def wrong_sums(plan: Plan, plans: Mapping[str, Plan], measures: Measures) -> Iterator[Contradiction]:
    """Find totals that their parts exceed; and those written as 合计 that the parts do not add up to."""
    parts: dict[TargetRef, list[_Part]] = {}
    for ref, target in targets_of(plan):
        if target.part_of is not None:
            parts.setdefault(target.part_of, []).append(_Part(ref, target))
    for ref, members in parts.items():
        found = find_target(ref, plan, plans)
        indicator = None if found is None else measures.indicators.get(found[1].indicator)
        if found is not None and indicator is not None and indicator.kind not in _NEVER_ADD_UP:
            yield from _wrong_sum(_Part(ref, found[1]), members, measures)


def _wrong_sum(whole: _Part, parts: list[_Part], measures: Measures) -> Iterator[Contradiction]:
    total_words = f"{whole.target.name.zh}{whole.target.scope or ''}{whole.target.quote}"
    is_total = any(word in total_words for word in _TOTALS)
    of_parts = [{column.at: column for column in _columns(part.target, measures)} for part in parts]
    for total in _columns(whole.target, measures):
        columns = [columns[total.at] for columns in of_parts if total.at in columns]
        low, high = sum(one.low for one in columns), sum(one.high for one in columns)
        complete = len(columns) == len(parts)
        if low > total.high or (is_total and complete and high < total.low):
            yield Contradiction(
                kind="sum",
                between=(whole.ref, *(part.ref for part in parts)),
                quotes=tuple(dict.fromkeys((total.quote, *(one.quote for one in columns)))),
                note=_sum_note(total, low, high, is_above=low > total.high),
            )


def _columns(target: Target, measures: Measures) -> Iterator[_Column]:
    horizon, baseline, levels = target.horizon, target.baseline, target.milestones
    year = None if isinstance(horizon, Annual) else horizon.year
    found: list[tuple[tuple[str, int | None], Decimal | None, Decimal | None, str]] = [
        *((("level_at_year", one.year), one.value, None, one.quote) for one in (baseline,) if one is not None),
        *((("level_at_year", one.year), one.value, None, target.quote_of(one)) for one in levels),
        ((horizon.kind, year), target.value, target.upper, target.quote),
    ]
    for at, value, upper, quote in found:
        low = None if value is None else measures.convert(value, target.unit, target.indicator)
        high = low if upper is None else measures.convert(upper, target.unit, target.indicator)
        if low is not None and high is not None:
            yield _Column(at, low, high, quote)


def _sum_note(total: _Column, low: Decimal | int, high: Decimal | int, *, is_above: bool) -> BilingualName:
    parts = f"{low}" if low == high else f"{low}-{high}"
    whole = total.high if is_above else total.low
    _, year = total.at
    return BilingualName(
        zh=f"{f'{year}年' if year else ''}各分项之和{parts}{'大于' if is_above else '小于'}总数{whole}",
        en=f"{f'{year}: ' if year else ''}the parts add up to {parts}, {'more' if is_above else 'less'} than the total {whole}",
    )
