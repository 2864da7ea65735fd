"""Who may decide about a held submission, and when."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.domain.envelope import Action
from services.ingest.domain.errors import IngestError, NotHeldError, OwnReleaseError, ReleaseNotAllowedError
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.hold_decision import Decision, HeldSubmission, Verb, decision_before
from services.ingest.domain.submission import Series
from tests.contracts.ingest_submissions import sender

HELD = HeldSubmission(
    submission_id="sub_1",
    sequence=1,
    key_id="key_1",
    series=Series(source="example-bureau", city="321300", feed=FeedName.PROJECTS, period="2024-06"),
    action=Action.MERGE,
    area=None,
    received=1,
    is_held=True,
    decision=None,
)
RELEASED = Decision(
    verb=Verb.RELEASED,
    by="甲",
    comment="已核对",
    key_id="key_2",
    decided_at=datetime(2024, 7, 21, tzinfo=UTC),
    events=1,
)
SECOND = sender(key_id="key_2", may_release=True)


@pytest.mark.parametrize("verb", list(Verb))
def test_another_key_with_the_right_may_decide(verb: Verb) -> None:
    assert decision_before(HELD, verb, SECOND) is None


def test_the_same_decision_again_is_the_one_taken_before() -> None:
    assert decision_before(replace(HELD, decision=RELEASED), Verb.RELEASED, SECOND) is RELEASED


@pytest.mark.parametrize(
    ("changes", "verb", "who", "error"),
    [
        pytest.param({}, Verb.RELEASED, {"key_id": "key_2"}, ReleaseNotAllowedError, id="without the right"),
        pytest.param({}, Verb.WITHDRAWN, {"key_id": "key_2"}, ReleaseNotAllowedError, id="nor withdraw"),
        pytest.param(
            {},
            Verb.RELEASED,
            {"key_id": "key_2", "may_release": True, "feeds": (FeedName.RATINGS,)},
            ReleaseNotAllowedError,
            id="the right, for other feeds",
        ),
        pytest.param({}, Verb.RELEASED, {"may_release": True}, OwnReleaseError, id="the key that pushed it"),
        pytest.param(
            {"decision": RELEASED}, Verb.RELEASED, {"may_release": True}, OwnReleaseError, id="even once it is released"
        ),
        pytest.param(
            {"is_held": False}, Verb.RELEASED, {"key_id": "key_2", "may_release": True}, NotHeldError, id="never held"
        ),
        pytest.param(
            {"decision": RELEASED},
            Verb.WITHDRAWN,
            {"key_id": "key_2", "may_release": True},
            NotHeldError,
            id="withdrawn after its release",
        ),
        pytest.param(
            {"decision": replace(RELEASED, verb=Verb.WITHDRAWN)},
            Verb.RELEASED,
            {"key_id": "key_2", "may_release": True},
            NotHeldError,
            id="released after its withdrawal",
        ),
    ],
)
def test_anything_else_is_refused(
    changes: dict[str, Any], verb: Verb, who: dict[str, Any], error: type[IngestError]
) -> None:
    with pytest.raises(error):
        decision_before(replace(HELD, **changes), verb, sender(**who))


def test_the_key_that_pushed_may_withdraw_with_the_right() -> None:
    assert decision_before(HELD, Verb.WITHDRAWN, sender(may_release=True)) is None
