"""Names of areas and indicators, from the reference data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.plans.catalogue import IndicatorFile
from shared.plans.loader import parse
from shared.reference.areas import Areas


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorName:
    """An indicator of the catalogue, for people."""

    name_zh: str
    name_en: str
    unit: str
    kind: str


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called, in the order of the reference data. An unknown id stands for itself."""

    areas: Mapping[str, str]
    indicators: Mapping[str, IndicatorName]

    def area(self, area_id: str) -> str:
        """Return the area's name."""
        return self.areas.get(area_id, area_id)

    def indicator(self, indicator_id: str) -> IndicatorName:
        """Return the indicator's names, unit and kind."""
        return self.indicators.get(
            indicator_id, IndicatorName(name_zh=indicator_id, name_en=indicator_id, unit="", kind="")
        )


def load_names(*, data_dir: Path, plans_dir: Path) -> Names:
    """Read the areas and the catalogue of indicators."""
    areas = Areas.load(data_dir / "areas.csv")
    catalogue = parse(plans_dir / "indicators.yaml", IndicatorFile).model
    return Names(
        {area.id: area.name for area in areas.by_id.values()},
        {
            indicator.id: IndicatorName(
                name_zh=indicator.name.zh, name_en=indicator.name.en, unit=indicator.unit, kind=indicator.kind
            )
            for indicator in catalogue.indicators
        },
    )
