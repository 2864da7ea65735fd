"""Targets, rules and ledgers that tests of rules judge. All of it is invented."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.rules.application.catalogue import PlanDefinition
from services.rules.domain.alerting import AT_ONCE, Alerting, AttainmentRule, Binding
from services.rules.domain.feed import Feed
from services.rules.domain.in_force import ALWAYS, InForce
from services.rules.domain.ledger import Ledger, Submission
from services.rules.domain.lights import Band, Light, Lights, ShortfallUnit
from services.rules.domain.pace import AtHorizon, Horizon, Integer, Linear, Pace, Step, Stepped
from services.rules.domain.quantity import (
    CountProjects,
    CountRecognitions,
    CountRegister,
    Derivation,
    FirmAmount,
    FirmsOver,
    Line,
    NetAboveScale,
    ProjectAmount,
    ProjectChoice,
    ProjectEvent,
    Ratio,
    ReportedFigure,
    SumFirms,
    SumProjects,
    Title,
    TitleCount,
)
from services.rules.domain.signal import SignalKind, SignalRule
from services.rules.domain.target import (
    Clause,
    Comparator,
    Direction,
    Indicator,
    Place,
    Plan,
    Reference,
    Target,
    Unit,
)
from services.rules.domain.wording import Text
from shared.kernel.ids import text_hash
from tests.contracts.rules_rows import CITY, COUNTY, T0, WAN, YI, period

QUOTE = "每年开建10亿元以上项目60个"
PLAN = Plan("example-plan", "示例行动方案", "示政发〔2024〕1号")
CLAUSE = Clause("m1", "示例举措", QUOTE, text_hash(QUOTE))
UNITS = (Unit("市商务局", "lead", answers=True), Unit("市发展改革委", "joint"))
PLACE = Place(id=CITY, name="宿迁市", city=CITY, parts=frozenset({CITY, COUNTY, "321323"}))


def starts_of(total_yuan: int) -> CountProjects:
    """Projects started with a planned total of at least so much."""
    return CountProjects(ProjectChoice(event=ProjectEvent.STARTED, total=Line(total_yuan, inclusive=True)))


STARTS = starts_of(10 * YI)
NET = NetAboveScale(2000 * WAN)
STEPPED = Stepped((Step(2, 1, Decimal(1)),))


def lights(
    unit: ShortfallUnit = ShortfallUnit.POINTS, *, yellow_to: str = "30", alerting: Alerting = AT_ONCE
) -> Lights:
    """Green to 0, yellow to 30, red above."""
    zero, last = Decimal(0), Decimal(yellow_to)
    return Lights(
        "default",
        unit,
        (
            Band(light=Light.GREEN, lower=None, lower_inclusive=False, upper=zero, upper_inclusive=True),
            Band(light=Light.YELLOW, lower=zero, lower_inclusive=False, upper=last, upper_inclusive=True),
            Band(light=Light.RED, lower=last, lower_inclusive=False, upper=None, upper_inclusive=False),
        ),
        alerting,
    )


def indicator(
    derivation: Derivation, *, identifier: str = "starts-10yi", unit: str = "个", scale: str = "1"
) -> Indicator:
    name = Text("开建10亿元以上项目数", "Projects started")
    return Indicator(identifier, name, unit, derivation, scale=Decimal(scale))


def target(  # noqa: PLR0913  every part of a target may matter to a test
    goal: str | None = "60",
    *,
    pace: Pace | None = None,
    derivation: Derivation = STARTS,
    comparator: Comparator = Comparator.GE,
    direction: Direction = Direction.UP,
    unit: str = "个",
    year: int = 2024,
    yearly: bool = False,
    reference: Reference | None = None,
    grading: Lights | None = None,
    identifier: str = "example-plan/m1/starts-10yi",
    scale: str = "1",
    since: int | None = None,
    version: int = 1,
    in_force: InForce = ALWAYS,
    binding: Binding = Binding.EXPECTED,
) -> Target:
    return Target(
        id=f"{identifier}@{year}",
        version=version,
        plan=PLAN,
        clause=CLAUSE,
        units=UNITS,
        name=Text("每年开建10亿元以上项目60个", "60 projects of 1 billion yuan a year"),
        indicator=indicator(derivation, unit=unit, scale=scale),
        place=PLACE,
        goal=None if goal is None else Decimal(goal),
        upper=None,
        reference=reference,
        comparator=comparator,
        comparator_stated=True,
        direction=direction,
        unit=unit,
        factor=Decimal(1),
        horizon=Horizon(since or year, year),
        pace=pace or Linear(),
        pace_stated=True,
        yearly=yearly,
        first=period(f"{year}") if yearly else period(f"{year}-01/P2M"),
        lights=grading or lights(),
        binding=binding,
        in_force=in_force,
    )


def rule(kind: SignalKind, *, line_yuan: int = 0, alert: bool = False) -> SignalRule:
    return SignalRule(
        id=f"example-plan/m1/{kind.value.replace('_', '-')}",
        kind=kind,
        plan=PLAN,
        clause=CLAUSE,
        units=UNITS,
        name=Text("示例事件", "Example signal"),
        place=PLACE,
        first_year=2024,
        last_year=2025,
        line_yuan=line_yuan,
        tiers_yuan=(YI, 10 * YI, 50 * YI, 100 * YI),
        alert=alert,
    )


def submission(feed: Feed, when: str, *, sequence: int = 1, parked: int = 0, simulated: bool = False) -> Submission:
    return Submission(
        submission_id=f"sub_{sequence:06d}",
        source="test",
        feed=feed,
        city=CITY,
        period=period(when),
        action="merge",
        reason=None,
        reference=None,
        sequence=sequence,
        simulated=simulated,
        parked=parked,
        recorded_at=T0,
        correlation_id="correlation",
    )


def ledger(feed: Feed, *periods: str, others: Iterable[Submission] = ()) -> Ledger:
    """The feed's submissions of these periods, and others."""
    return Ledger.of(
        [*(submission(feed, when, sequence=number) for number, when in enumerate(periods, start=1)), *others]
    )


APRIL_FIRST = date(2024, 4, 1)
BEFORE_APRIL, FROM_APRIL = InForce(until=APRIL_FIRST), InForce(since=APRIL_FIRST)


def amended_targets() -> tuple[Target, ...]:
    """What an amendment of 1 April 2024 made of two targets: the first asks for less from then on, the second is dropped."""
    amended, dropped = "example-plan/m1/amended", "example-plan/m1/dropped"
    return (
        target("120", derivation=STARTS, identifier=amended, in_force=BEFORE_APRIL),
        target("12", derivation=STARTS, identifier=amended, in_force=FROM_APRIL, version=2),
        target("120", derivation=STARTS, identifier=dropped, in_force=BEFORE_APRIL),
    )


FORESEEN = Alerting(forecast=AttainmentRule(below=Decimal("0.5"), hold=2))
"""Lights with a rule on forecasts."""


def example_targets(year: int = 2024) -> tuple[Target, ...]:
    """One target of every derivation, of one year; all with a rule on their forecasts."""
    return tuple(replace(one, lights=lights(alerting=FORESEEN)) for one in _example_targets(year))


def _example_targets(year: int) -> tuple[Target, ...]:
    growth = ReportedFigure("growth", ("ytd",))
    return (
        target("60", pace=Integer(), derivation=STARTS, year=year, identifier="example-plan/m1/starts-10yi"),
        target("3", pace=STEPPED, derivation=NET, unit="户", year=year, identifier="example-plan/m20/net"),
        target(
            "2",
            pace=AtHorizon(),
            derivation=FirmsOver(Line(YI, inclusive=True), newly=True),
            unit="户",
            year=year,
            identifier="example-plan/m18/crossing",
        ),
        target("8", derivation=growth, unit="%", year=year, identifier="example-plan/t/growth"),
        target("4", derivation=CountRegister(), unit="户", year=year, identifier="example-plan/t/register"),
        target(
            "1",
            derivation=SumFirms(FirmAmount.REVENUE, ("15",)),
            unit="亿元",
            scale="0.00000001",
            year=year,
            identifier="example-plan/t/revenue",
        ),
        target(
            "50",
            derivation=Ratio(FirmsOver(Line(YI, inclusive=True), newly=False), CountRegister(), Fraction(100)),
            unit="%",
            year=year,
            identifier="example-plan/t/share",
        ),
        target(
            "2",
            derivation=CountRecognitions(
                count=TitleCount.HOLDERS, titles=(Title("national_giant"), Title("champion", frozenset({"national"})))
            ),
            unit="户",
            year=year,
            yearly=True,
            identifier="example-plan/t/holders",
        ),
        target(
            "2",
            derivation=CountRecognitions(
                count=TitleCount.GRANTS, titles=(Title("national_giant"),), register_only=True
            ),
            unit="户",
            year=year,
            identifier="example-plan/t/grants",
        ),
        target(
            "20",
            derivation=SumProjects(ProjectChoice(event=ProjectEvent.LISTED), ProjectAmount.COMPLETED),
            unit="亿元",
            scale="0.00000001",
            year=year,
            identifier="example-plan/m1/completed",
        ),
    )


def plan_of(targets: Iterable[Target]) -> PlanDefinition:
    """A plan to be loaded; its content changes with its targets, which the catalogue of the test brings."""
    content = text_hash(repr([(one.id, one.version, one.in_force) for one in targets]))
    return PlanDefinition(
        plan_id="example-plan",
        title="示例方案",
        document_number=None,
        issuer="示例市人民政府",
        issued_on=None,
        effective_on=date(2024, 1, 1),
        city=CITY,
        text_sha256="",
        content=content,
        document="{}",
        targets=(),
    )
