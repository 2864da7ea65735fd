"""Invented targets that forecasts are measured on: one for each way a figure moves."""

from decimal import Decimal

from services.rules.domain.lights import Lights, ShortfallUnit
from services.rules.domain.pace import Horizon, Linear
from services.rules.domain.quantity import (
    CountProjects,
    Derivation,
    FirmAmount,
    ProjectChoice,
    ProjectEvent,
    ReportedFigure,
    SumFirms,
)
from services.rules.domain.target import Clause, Comparator, Direction, Indicator, Place, Plan, Target
from services.rules.domain.wording import Text
from shared.kernel.period import Period

STARTS = CountProjects(ProjectChoice(event=ProjectEvent.STARTED))
OUTPUT = SumFirms(FirmAmount.OUTPUT)
GROWTH = ReportedFigure("growth", ("ytd",))
STOCK = ReportedFigure("level", ("point",))
_NAME = Text("示例目标", "Example target")


def target_of(figure: Derivation, goal: Decimal, *, year: int) -> Target:
    """Return a target of one year that demands at least the goal, judged by the month."""
    return Target(
        id=f"benchmark/forecast@{year}",
        version=1,
        plan=Plan("benchmark", "示例方案", None),
        clause=Clause("m1", "示例举措", "示例", "0" * 64),
        units=(),
        name=_NAME,
        indicator=Indicator("benchmark", _NAME, "个", figure),
        place=Place(id="321300", name="宿迁市", city="321300", parts=frozenset({"321300"})),
        goal=goal,
        upper=None,
        reference=None,
        comparator=Comparator.GE,
        comparator_stated=True,
        direction=Direction.UP,
        unit="个",
        factor=Decimal(1),
        horizon=Horizon(year, year),
        pace=Linear(),
        pace_stated=True,
        yearly=False,
        first=Period.month(year, 2),
        lights=Lights("none", ShortfallUnit.POINTS, ()),
    )
