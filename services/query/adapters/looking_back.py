"""Which instant a request looks back to, and how its answer repeats it."""

from collections.abc import Mapping

from starlette.requests import Request

from services.query.domain.as_of import AsOf

AS_OF_HEADER = "Planwatch-As-Of"


def look_back(request: Request, as_of: AsOf | None) -> None:
    """Keep the instant for whoever answers the request; None is now."""
    request.state.as_of = as_of


def instant_of(request: Request) -> AsOf | None:
    """Return the instant this request looks back to."""
    as_of: AsOf | None = getattr(request.state, "as_of", None)
    return as_of


def headers_of(as_of: AsOf | None) -> Mapping[str, str]:
    """Return the header that repeats the instant; of now, none."""
    return {} if as_of is None else {AS_OF_HEADER: as_of.instant.isoformat().replace("+00:00", "Z")}
