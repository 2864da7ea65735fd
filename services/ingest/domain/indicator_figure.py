"""The extra rules of the indicators feed: the catalogue decides measure, basis and unit of a figure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from services.ingest.domain.errors import CellError, Flaw
from shared.kernel.period import Grain, Period

_UNKNOWN = Flaw("indicator.unknown", "指标目录中没有该指标。", "The indicator catalogue does not hold this indicator.")
_DERIVED = Flaw(
    "indicator.derived",
    "该指标由系统根据明细报表计算，不接收报送。",
    "planwatch counts this indicator from the rows of other feeds; it cannot be pushed.",
)
_BASIS_PERIOD = Flaw(
    "basis.period", "年度口径的数据，期别应为年份。", "A figure on basis `year` needs a year as its period."
)
_AFTER = Flaw(
    "period.after_envelope",
    "数据期别晚于报送期别。",
    "The figure's period ends after the period of the submission.",
)
_NO_AUTHORITY = Flaw(
    "authority.missing",
    "未注明发布机构，且密钥未登记发布机构。",
    "No authority is given, and the key has none on record.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRule:
    """What the catalogue says of an indicator. `factors` turn each accepted unit into the declared one.

    A derived indicator has no measure: it cannot be pushed.
    """

    unit: str
    measure: str | None = None
    bases: tuple[str, ...] = ()
    factors: Mapping[str, Decimal] = field(default_factory=dict)


class IndicatorCatalogue(Protocol):
    """Knows the indicators."""

    def find(self, indicator: str) -> IndicatorRule | None:
        """Return the rule of the indicator, None when it is unknown."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCheck:
    """Completes the content of one indicators row."""

    catalogue: IndicatorCatalogue
    period: Period
    authority: str | None

    def complete(self, content: dict[str, Any]) -> None:
        """Convert the value to the declared unit and fill what the envelope or the key gives; raise CellError."""
        rule = self._rule(content)
        unit = content["unit"]
        factor = rule.factors.get(unit)
        if factor is None:
            raise CellError(_unit_flaw(rule), column="unit")
        if unit != rule.unit:
            content["value"] = _plain(Decimal(content["value"]) * factor)
            content["unit"] = rule.unit
        self._complete_period(content)
        content["authority"] = content.get("authority") or self.authority
        if content["authority"] is None:
            raise CellError(_NO_AUTHORITY, column="authority")

    def _rule(self, content: Mapping[str, Any]) -> IndicatorRule:
        rule = self.catalogue.find(content["indicator"])
        if rule is None:
            raise CellError(_UNKNOWN, column="indicator")
        if rule.measure is None:
            raise CellError(_DERIVED, column="indicator")
        if content["measure"] != rule.measure:
            raise CellError(_not_declared("measure", "口径", (rule.measure,)), column="measure")
        if content["basis"] not in rule.bases:
            raise CellError(_not_declared("basis", "时间口径", rule.bases), column="basis")
        return rule

    def _complete_period(self, content: dict[str, Any]) -> None:
        period: Period = content.get("value_period") or self.period
        if content["basis"] == "year" and period.grain is not Grain.YEAR:
            raise CellError(_BASIS_PERIOD, column="period")
        if period.end > self.period.end:
            raise CellError(_AFTER, column="period")
        content["value_period"] = str(period)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _unit_flaw(rule: IndicatorRule) -> Flaw:
    accepted = "、".join(rule.factors)
    return Flaw(
        "unit.unknown",
        f"该指标的计量单位为“{rule.unit}”，可使用：{accepted}。",
        f"The indicator's unit is {rule.unit}; accepted are {', '.join(rule.factors)}.",
    )


def _not_declared(name: str, zh: str, allowed: tuple[str, ...]) -> Flaw:
    return Flaw(
        f"{name}.undeclared",
        f"指标目录规定该指标的{zh}为：{'、'.join(allowed)}。",
        f"The catalogue declares the {name} of this indicator as {', '.join(allowed)}.",
    )
