"""What plans state, in comparable form: the same quantity under one key, every value in its indicator's unit, exact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shared.plans.catalogue import Indicator
from shared.plans.comparison import comparing_words
from shared.plans.horizon import Annual, CumulativeBy, GrowthOver, LevelAtYear
from shared.plans.loader import Plan
from shared.plans.mention import Restatement, Stated, Target, TargetRef, Unmonitored
from shared.plans.schema import Clause
from shared.reference.units_of_measure import UnitsOfMeasure

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Measures:
    """The catalogue's units, and how written units become them."""

    indicators: Mapping[str, Indicator]
    units: UnitsOfMeasure

    def convert(self, value: Decimal, unit: str, indicator: str) -> Decimal | None:
        """Return the value in the indicator's unit; None when either is unknown (lint says so elsewhere)."""
        known = self.indicators.get(indicator)
        if known is None or not self.units.are_compatible(unit, known.unit):
            return None
        return self.units.convert(value, from_unit=unit, to_unit=known.unit)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number is about. `years` are first and last of what is added up or grown; the year of a level twice.

    Annual quantities have no years: they hold in every year of their plan.
    """

    indicator: str
    area: str
    scope: str | None
    horizon: str
    years: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place where a plan gives a quantity a value, `low` to `high` in the indicator's unit.

    `words` are comparator and qualifier; None for a milestone, which has neither. `judged` is false for a restatement.
    """

    ref: TargetRef
    quote: str
    quantity: Quantity
    low: Decimal
    high: Decimal
    written: str
    words: tuple[str, str] | None
    judged: bool

    @property
    def value(self) -> tuple[Decimal, Decimal]:
        """The value, as a range when it is one."""
        return self.low, self.high


def number_ref(clause: Clause, number: Target | Restatement | Unmonitored) -> TargetRef:
    """Return how the plan itself refers to one of its numbers."""
    return f"{clause.id}/{number.slug}"


def targets_of(plan: Plan) -> Iterator[tuple[TargetRef, Target]]:
    """Return the plan's targets as the plan refers to them, in the order of the document."""
    return ((number_ref(clause, target), target) for clause in plan.clauses for target in clause.targets)


def find_target(ref: TargetRef, plan: Plan, plans: Mapping[str, Plan]) -> tuple[Plan, Target] | None:
    """Return the target a reference names and the plan it stands in; None when there is none."""
    other, colon, local = ref.rpartition(":")
    home = plans.get(other) if colon else plan
    if home is None:
        return None
    return next(((home, target) for known, target in targets_of(home) if known == local), None)


def target_mentions(plan: Plan, measures: Measures) -> Iterator[Mention]:
    """Return what the plan's targets and milestones state; relative targets state no value."""
    for ref, target in targets_of(plan):
        yield from mentions_of(target, ref, plan, measures)


def mentions_of(target: Target, ref: TargetRef, plan: Plan, measures: Measures) -> Iterator[Mention]:
    """Return what one target states: its milestones, then itself."""
    for milestone in target.milestones:
        value = measures.convert(milestone.value, target.unit, target.indicator)
        if value is not None:
            yield Mention(
                ref=ref,
                quote=target.quote_of(milestone),
                quantity=_quantity(target, plan, year=milestone.year),
                low=value,
                high=value,
                written=f"{milestone.value}{target.as_written}",
                words=None,
                judged=True,
            )
    mention = _mention(target, ref, target, plan, measures, judged=True)
    if mention is not None:
        yield mention


def restatement_mentions(plan: Plan, plans: Mapping[str, Plan], measures: Measures) -> Iterator[Mention]:
    """Return what the plan's restatements state. One that repeats a milestone's value is about that milestone."""
    for clause in plan.clauses:
        for restatement in clause.restatements:
            found = find_target(restatement.target, plan, plans)
            if found is None:
                continue
            home, target = found
            ref = number_ref(clause, restatement)
            year = _milestone_year(restatement, target)
            mention = _mention(restatement, ref, target, home, measures, judged=False, year=year)
            if mention is not None:
                yield mention


def _milestone_year(restatement: Restatement, target: Target) -> int | None:
    if restatement.value == target.value:
        return None
    years = (one.year for one in target.milestones if one.value == restatement.value)
    return next(years, None)


def _mention(  # noqa: PLR0913 - the number, what it is about, and where it stands
    stated: Stated,
    ref: TargetRef,
    target: Target,
    home: Plan,
    measures: Measures,
    *,
    judged: bool,
    year: int | None = None,
) -> Mention | None:
    if stated.value is None or stated.unit is None:
        return None
    low = measures.convert(stated.value, stated.unit, target.indicator)
    high = low if stated.upper is None else measures.convert(stated.upper, stated.unit, target.indicator)
    if low is None or high is None:
        return None
    return Mention(
        ref=ref,
        quote=stated.quote,
        quantity=_quantity(target, home, year=year),
        low=low,
        high=high,
        written=written(stated),
        words=None if year is not None else comparing_words(stated.comparator, stated.qualifier),
        judged=judged,
    )


def written(stated: Stated) -> str:
    """Return value, range, unit and qualifier for people: 3-5项, 39%左右."""
    span = "" if stated.upper is None else f"-{stated.upper}"
    qualifier = f"（{stated.qualifier}）" if stated.qualifier else ""
    return f"{stated.value}{span}{stated.as_written}{qualifier}"


def _quantity(target: Target, plan: Plan, *, year: int | None = None) -> Quantity:
    area = target.area or plan.head.city
    if year is not None:
        return Quantity(target.indicator, area, target.scope, "level_at_year", (year, year))
    match target.horizon:
        case Annual(kind=kind):
            years = None
        case LevelAtYear(kind=kind, year=last):
            years = (last, last)
        case CumulativeBy(kind=kind, year=last, since=since):
            years = (since or plan.head.effective.first_year, last)
        case GrowthOver(kind=kind, year=last, since=first):
            years = (first, last)
    return Quantity(target.indicator, area, target.scope, kind, years)


def half_a_digit(value: Decimal) -> Decimal:
    """Return half of the last written digit's place: 39.5 was rounded by at most 0.05."""
    exponent = value.as_tuple().exponent
    return HALF.scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
