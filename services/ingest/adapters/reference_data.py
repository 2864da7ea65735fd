"""The reference data and the indicator catalogue, read once at the start, as the rules of the domain need them."""

from datetime import date
from pathlib import Path

from services.ingest.domain.feed_age import DueOn
from services.ingest.domain.indicator_figure import IndicatorRule
from services.ingest.domain.row_check import ReferenceData
from shared.kernel.period import Period
from shared.plans.catalogue import Indicator
from shared.plans.loader import load_indicators
from shared.reference.areas import Areas
from shared.reference.feed_calendar import FeedCalendar
from shared.reference.industries import Industries
from shared.reference.recognition_kinds import RecognitionKinds
from shared.reference.units_of_measure import UnitsOfMeasure
from shared.reference.working_days import WorkingDays


class PlanIndicatorCatalogue:
    """Indicators of `plans/indicators/` with every unit their figures may be given in."""

    def __init__(self, indicators: tuple[Indicator, ...], units: UnitsOfMeasure) -> None:
        self._rules = {indicator.id: _rule(indicator, units) for indicator in indicators}

    def find(self, indicator: str) -> IndicatorRule | None:
        """Return the rule of the indicator, None when it is unknown."""
        return self._rules.get(indicator)


def load_reference_data(data_dir: Path, plans_dir: Path) -> ReferenceData:
    """Read areas, industries, indicators and kinds of titles."""
    units = UnitsOfMeasure.load(data_dir / "units_of_measure.csv")
    return ReferenceData(
        areas=Areas.load(data_dir / "areas.csv"),
        industries=Industries.load(data_dir / "industries.csv"),
        indicators=PlanIndicatorCatalogue(load_indicators(plans_dir), units),
        titles=RecognitionKinds.load(data_dir / "recognition_kinds.csv"),
    )


def load_due_days(data_dir: Path) -> DueOn:
    """Return the feed calendar's answer: the due day of a feed for a period."""
    calendar = FeedCalendar.load(data_dir / "feed_calendar.yaml", WorkingDays.announced())

    def due_on(feed: str, period: Period) -> date | None:
        due = calendar.due_on(feed, period)
        return due.day if due is not None else None

    return due_on


def _rule(indicator: Indicator, units: UnitsOfMeasure) -> IndicatorRule:
    if indicator.reported is None:
        return IndicatorRule(unit=indicator.unit)
    declared = units.by_unit[indicator.unit]
    return IndicatorRule(
        unit=indicator.unit,
        measure=indicator.reported.measure,
        bases=indicator.reported.bases,
        factors={
            unit.unit: unit.factor / declared.factor
            for unit in units.by_unit.values()
            if unit.dimension == declared.dimension
        },
    )
