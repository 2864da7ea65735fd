"""Forecasts are as sure as they say: measured on invented histories of a fixed seed (`python -m benchmarks.forecast` has more)."""

import pytest

from benchmarks.calibration import reliability, score
from benchmarks.forecast import measure
from benchmarks.histories import kinds
from shared.simulation.dice import Dice

SEED = 5
HISTORIES = 150
MONTHS = (5, 8, 11)
PREPARED = (
    "events, 60 a year in clumps",
    "events, 200 a year in clumps",
    "amount to the end, 2 years before",
    "growth to date, independent months",
    "stock, random walk with drift",
)


@pytest.mark.parametrize("name", PREPARED)
def test_four_of_five_year_ends_lie_inside_the_interval_and_probabilities_come_true(name: str) -> None:
    kind = next(kind for kind in kinds() if kind.name == name)
    dice = Dice(SEED, name)
    measured = measure(((kind, kind.draw(dice)) for _ in range(HISTORIES)), MONTHS)[name]
    outcomes = [one for month in MONTHS for one in measured[month]]
    found = score(outcomes)
    assert found is not None
    assert found.forecasts == HISTORIES * len(MONTHS)
    assert 0.75 <= found.covered <= 0.85
    told = [one for one in reliability(outcomes) if one is not None]
    assert sum(one.forecasts * abs(one.told - one.attained) for one in told) < 0.1 * sum(one.forecasts for one in told)
    assert all(one.attained == bool(one.probability) for one in outcomes if one.is_decided)
