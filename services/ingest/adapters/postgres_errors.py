"""The database being away or full, in the words of ingest."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from services.ingest.domain.errors import StoreUnavailableError
from shared.adapters.postgres import is_passing


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn the driver's passing errors into StoreUnavailableError; anything else is a bug and goes on."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreUnavailableError("no database connection became free") from error
    except Exception as error:
        if not is_passing(error):
            raise
        raise StoreUnavailableError(f"the database is away: {type(error).__name__}") from error
