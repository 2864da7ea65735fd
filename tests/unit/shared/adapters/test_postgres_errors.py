"""Which errors of the database pass by themselves."""

import asyncpg
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.adapters.postgres import is_passing


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        pytest.param(asyncpg.CannotConnectNowError("starting"), True, id="starting up"),
        pytest.param(asyncpg.DiskFullError("full"), True, id="disk full"),
        pytest.param(asyncpg.TooManyConnectionsError("many"), True, id="too many connections"),
        pytest.param(asyncpg.ReadOnlySQLTransactionError("standby"), True, id="failed over to a standby"),
        pytest.param(PoolTimeoutError("pool"), True, id="no connection became free"),
        pytest.param(asyncpg.UniqueViolationError("twice"), False, id="a bug"),
    ],
)
def test_passing_errors_are_told_from_bugs(error: Exception, *, passes: bool) -> None:
    assert is_passing(error) is passes
