import pytest

from services.query.adapters.http_errors import problem_of
from services.query.domain.errors import (
    InstantInFutureError,
    InstantsConflictError,
    InstantUnreadableError,
    PastNotKeptError,
    QueryError,
    UpdatedAfterAsOfError,
)


@pytest.mark.parametrize(
    ("error", "code", "named"),
    [
        (InstantUnreadableError("as_of"), "instant-unreadable", "as_of"),
        (InstantInFutureError("updatedAfter"), "instant-in-future", "updatedAfter"),
        (InstantsConflictError(), "as-of-conflict", "asOf"),
        (PastNotKeptError("shadow"), "past-not-kept", "as_of"),
        (UpdatedAfterAsOfError(), "updated-after-as-of", "updatedAfter"),
    ],
)
def test_every_refused_instant_is_a_problem_that_names_the_parameter(error: QueryError, code: str, named: str) -> None:
    problem = problem_of(error)
    assert (problem.status, problem.code) == (422, code)
    assert named in problem.zh
    assert named in problem.en
