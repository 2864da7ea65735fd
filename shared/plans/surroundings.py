"""What plans may refer to, whatever file it stands in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.plans.catalogue import Indicator
from shared.plans.directory import UnitDirectory
from shared.plans.lights import Lights
from shared.plans.mention import TargetRef


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What plans may refer to. `targets` are those of all plans, as `<plan>:<clause>/<slug>`."""

    is_known_area: Callable[[str], bool]
    is_within: Callable[[str, str], bool]
    are_compatible_units: Callable[[str, str], bool]
    is_known_unit: Callable[[str], bool]
    indicators: Mapping[str, Indicator]
    lights: Mapping[str, Lights]
    directories: Mapping[str, UnitDirectory]
    targets: frozenset[TargetRef]
