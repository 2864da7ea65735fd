"""Names of areas, indicators, titles and units of measure, from the reference data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.plans.loader import load_indicators
from shared.reference.areas import Areas
from shared.reference.recognition_kinds import RecognitionKinds
from shared.reference.units_of_measure import UnitsOfMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorName:
    """An indicator of the catalogue, for people."""

    name_zh: str
    name_en: str
    unit: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleName:
    """A kind of recognition, for people."""

    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called, in the order of the reference data. An unknown id stands for itself."""

    areas: Mapping[str, str]
    indicators: Mapping[str, IndicatorName]
    titles: Mapping[str, TitleName]
    units: Mapping[str, str]

    def area(self, area_id: str) -> str:
        """Return the area's name."""
        return self.areas.get(area_id, area_id)

    def indicator(self, indicator_id: str) -> IndicatorName:
        """Return the indicator's names, unit and kind."""
        return self.indicators.get(
            indicator_id, IndicatorName(name_zh=indicator_id, name_en=indicator_id, unit="", kind="")
        )

    def title(self, kind: str) -> TitleName:
        """Return the names of a kind of recognition."""
        return self.titles.get(kind, TitleName(name_zh=kind, name_en=kind))


def load_names(*, data_dir: Path, plans_dir: Path) -> Names:
    """Read the areas, the catalogue of indicators, the kinds of titles, and the units of measure."""
    areas = Areas.load(data_dir / "areas.csv")
    return Names(
        {area.id: area.name for area in areas.by_id.values()},
        {
            indicator.id: IndicatorName(
                name_zh=indicator.name.zh, name_en=indicator.name.en, unit=indicator.unit, kind=indicator.kind
            )
            for indicator in load_indicators(plans_dir)
        },
        {
            kind.kind: TitleName(name_zh=kind.name_zh, name_en=kind.name_en)
            for kind in RecognitionKinds.load(data_dir / "recognition_kinds.csv").by_kind.values()
        },
        {unit.unit: unit.name_en for unit in UnitsOfMeasure.load(data_dir / "units_of_measure.csv").by_unit.values()},
    )
