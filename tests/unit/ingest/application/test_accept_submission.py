"""Accepting, with the in-memory store."""

from typing import Any

import pytest

from services.ingest.application.accept_submission import Accepted, Rejected, accept_submission
from services.ingest.domain.errors import StoreUnavailableError
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.finding import MAX_LISTED
from tests.contracts.ingest_acceptance import AcceptanceContract, Parts
from tests.contracts.ingest_submissions import command, figure, firm, intake, project
from tests.fakes.ingest import InMemoryAcceptanceStore, InMemoryPublishQueue


class TestInMemoryAcceptance(AcceptanceContract):
    @pytest.fixture
    def parts(self) -> Any:
        store = InMemoryAcceptanceStore()
        return Parts(store, InMemoryPublishQueue(store.tables))


async def _push(rows: list[Any], **changes: Any) -> Any:
    return await accept_submission(command(rows, **changes), intake(InMemoryAcceptanceStore()))


async def test_store_away_is_an_error_never_an_acceptance() -> None:
    store = InMemoryAcceptanceStore()
    store.is_away = True
    with pytest.raises(StoreUnavailableError):
        await accept_submission(command([firm(1)]), intake(store))


@pytest.mark.parametrize(
    ("members", "code"),
    [
        pytest.param({"action": "delete"}, "action.unsupported", id="delete is a later feature"),
        pytest.param({"mode": "partial"}, "mode.unsupported", id="partial is a later feature"),
        pytest.param({"period": "2024-02"}, "period.no_february", id="there is no February"),
        pytest.param({"reason": "because"}, "reason.unknown", id="reasons are a closed list"),
        pytest.param({"period": ""}, "envelope.missing", id="empty period"),
        pytest.param({"period": None}, "envelope.missing", id="no period"),
        pytest.param({"action": []}, "action.unknown", id="action is an array"),
        pytest.param({"reason": {}}, "reason.unknown", id="reason is an object"),
        pytest.param({"area": "320602"}, "area.foreign", id="a replacement of another city"),
    ],
)
async def test_bad_envelope_is_refused(members: dict[str, Any], code: str) -> None:
    outcome = await _push([firm(1)], **members)
    assert isinstance(outcome, Rejected)
    assert [(one.row, one.code) for one in outcome.errors.listed] == [(None, code)]


async def test_all_errors_are_counted_and_the_first_ten_thousand_listed() -> None:
    outcome = await _push([firm(1, uscc="x")] * (MAX_LISTED + 5))
    assert isinstance(outcome, Rejected)
    assert (outcome.errors.total, outcome.errors.rows, len(outcome.errors.listed)) == (10_005, 10_005, MAX_LISTED)


async def test_wrong_check_digit_is_a_warning() -> None:
    code = str(firm(1)["uscc"])
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    outcome = await _push([firm(1, uscc=wrong)])
    assert isinstance(outcome, Accepted)
    assert [one.code for one in outcome.receipt.warnings.listed] == ["uscc.check_digit"]


async def test_projects_and_figures_are_accepted_too() -> None:
    assert isinstance(await _push([project(1)], feed=FeedName.PROJECTS), Accepted)
    assert isinstance(await _push([figure()], feed=FeedName.INDICATORS), Accepted)
