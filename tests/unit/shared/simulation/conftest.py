"""The default city, built once: it is read only."""

import pytest

from shared.simulation.city import SimulatedCity

SEED = 20240221


@pytest.fixture(scope="session")
def city() -> SimulatedCity:
    return SimulatedCity(SEED)
