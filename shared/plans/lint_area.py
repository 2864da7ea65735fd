"""Lint of areas: each that a plan file names is one of the reference data."""

from collections.abc import Callable, Iterator

from shared.plans.findings import LintFinding
from shared.plans.spot import Spot

Known = Callable[[str], bool]


def lint_area(area: str | None, spot: Spot, is_known_area: Known) -> Iterator[LintFinding]:
    """Find an area that nobody knows; none given is fine."""
    if area is not None and not is_known_area(area):
        yield spot.find("area.unknown", f"未知区域“{area}”", f"unknown area {area!r}")
