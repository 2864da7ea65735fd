"""How numbers, money, periods, instants and comparators are written for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from services.query.adapters.pages.texts import code_text
from services.query.adapters.reading.other_sources import Told
from services.query.adapters.reading.plan_numbers import NumberHorizon
from services.query.adapters.reading.signals import Signal
from shared.adapters.problems import Language
from shared.kernel.china_time import CHINA
from shared.kernel.period import Grain, Period

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_QUARTERS = "一二三四"
_COMPARATORS: Mapping[str, str] = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "="}
_YI, _WAN = Decimal(10) ** 8, Decimal(10) ** 4
_CODED: Mapping[str, str] = {
    "operating_status": "operating",
    "entry_kind": "entry_kind",
    "exit_kind": "exit_kind",
    "kind": "project_kind",
    "start_evidence": "evidence",
    "stage": "stage",
    "level": "level",
}
"""The columns of rows that hold a code, and the group that says what it means."""
NONE = "—"


def number(value: Decimal | int | str | None, places: int | None = None) -> str:
    """Write an exact number with thousands separators; with `places`, rounded half up to at most so many."""
    if value is None:
        return NONE
    exact = Decimal(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{exact:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def signed(value: Decimal | None, places: int | None = None) -> str:
    """Write a difference with its sign."""
    text = number(value, places)
    return f"+{text}" if value is not None and value > 0 and text != "0" else text


def share(value: Decimal | int | None, whole: Decimal | int | str | None) -> str | None:
    """Write how much of a whole is reached, in per cent, or None where that means nothing."""
    if value is None or whole is None or Decimal(whole) <= 0:
        return None
    return f"{number(Decimal(value) * 100 / Decimal(whole), 1)}%"


@dataclass(frozen=True, slots=True)
class Formats:
    """The formats that depend on the language; `units` names units of measure in English."""

    language: Language
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def filters(self) -> Mapping[str, Callable[..., str | None]]:
        """All of them, as templates name them."""
        return {
            "number": number,
            "signed": signed,
            "share": share,
            "money": self.money,
            "told": self.told,
            "period": self.period,
            "instant": instant,
            "comparator": comparator,
            "unit": self.unit,
            "signal_detail": self.signal_detail,
            "horizon": self.horizon,
        }

    def horizon(self, horizon: NumberHorizon) -> str:
        """Write when a number must be reached."""
        zh = {
            "annual": "每年" if horizon.year is None else f"到{horizon.year}年每年",
            "level_at_year": f"到{horizon.year}年",
            "cumulative_by": f"{horizon.since}—{horizon.year}年累计" if horizon.since else f"到{horizon.year}年累计",
            "growth": f"{horizon.since}—{horizon.year}年年均",
        }
        en = {
            "annual": "every year" if horizon.year is None else f"every year to {horizon.year}",
            "level_at_year": f"by {horizon.year}",
            "cumulative_by": f"{horizon.since}–{horizon.year} in all" if horizon.since else f"in all by {horizon.year}",
            "growth": f"mean of {horizon.since}–{horizon.year}",
        }
        return (zh if self.language == "zh" else en)[horizon.kind]

    def money(self, yuan: int | None) -> str:
        """Write yuan as 亿元 or 万元, whichever reads better."""
        if yuan is None:
            return NONE
        size = _YI if abs(yuan) >= _YI else _WAN
        if self.language == "zh":
            return f"{number(Decimal(yuan) / size, 2)}{'亿元' if size == _YI else '万元'}"
        return f"¥{number(Decimal(yuan) / 10**6, 2)} million"

    def told(self, value: Told, name: str) -> str:
        """Write a value of a row by the name of its column."""
        if value is None:
            return NONE
        if name == "above_scale":
            return code_text(self.language, name, "yes" if value else "no")
        if isinstance(value, int):
            return self.money(value) if name.endswith("_yuan") else number(value)
        group = _CODED.get(name)
        return value if group is None else code_text(self.language, group, value)

    def period(self, text: str | None) -> str:
        """Write a period as people say it."""
        if text is None:
            return NONE
        period = Period.parse(text)
        return _chinese_period(period) if self.language == "zh" else _english_period(period)

    def signal_detail(self, signal: Signal) -> str:
        """Write what a signal says of its firm or project."""
        detail = signal.detail
        match signal.kind:
            case "project_start":
                return f"{code_text(self.language, 'field', 'planned_total_yuan')} {self.money(detail['planned_total_yuan'])}"
            case "above_scale_entry":
                return code_text(self.language, "entry_kind", detail["entry_kind"])
            case "above_scale_candidate":
                revenue = self.money(detail["revenue_of_12_months_yuan"])
                return f"{code_text(self.language, 'field', 'revenue_of_12_months_yuan')} {revenue}"
            case "class_d_final":
                return f"{code_text(self.language, 'field', 'year')} {detail['round']}"
            case _:
                return NONE

    def unit(self, unit: str) -> str:
        """Write a unit of measure."""
        return unit if self.language == "zh" else self.units.get(unit, unit)


def comparator(code: str) -> str:
    """Write a comparator as its sign."""
    return _COMPARATORS[code]


def instant(moment: datetime | None) -> str:
    """Write an instant in China's time, to the minute."""
    return NONE if moment is None else f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _chinese_period(period: Period) -> str:
    match period.grain:
        case Grain.YEAR:
            return f"{period.year}年"
        case Grain.QUARTER:
            return f"{period.year}年{_QUARTERS[period.last_month // 3 - 1]}季度"
        case Grain.TWO_MONTHS:
            return f"{period.year}年1—2月"
        case Grain.MONTH:
            return f"{period.year}年{period.first_month}月"


def _english_period(period: Period) -> str:
    match period.grain:
        case Grain.YEAR:
            return f"{period.year}"
        case Grain.QUARTER:
            return f"Q{period.last_month // 3} {period.year}"
        case Grain.TWO_MONTHS:
            return f"Jan–Feb {period.year}"
        case Grain.MONTH:
            return f"{_MONTHS[period.first_month - 1]} {period.year}"
