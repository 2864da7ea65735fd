"""Stored answers: what a receipt holds comes back as it was, from before submissions could be held too."""

from decimal import Decimal
from typing import Any

import orjson
import pytest

from services.ingest.adapters.receipt_json import receipt_document, receipt_of_document
from services.ingest.domain.envelope import Action, Reason
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.finding import Findings
from services.ingest.domain.restatement import Extent, Hold, HoldLimits
from services.ingest.domain.submission import Receipt, State

HOLD = Hold(
    extent=Extent(
        known_rows=4, changed_rows=1, known_value=Decimal("5.20"), changed_value=Decimal("1E+3"), cell="growth|321300"
    ),
    limits=HoldLimits(rows_share=None, value_share=Decimal("0.2"), min_rows=20),
)


def receipt(hold: Hold | None) -> Receipt:
    return Receipt(
        submission_id="sub_1",
        feed=FeedName.INDICATORS,
        period="2024-06",
        action=Action.MERGE,
        reason=Reason.REVISION,
        reference=None,
        state=State.HELD if hold is not None else State.ACCEPTED,
        received=1,
        accepted=1,
        unchanged=0,
        restated=1,
        removed=0,
        warnings=Findings(),
        hold=hold,
    )


def stored(given: Receipt) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(orjson.dumps(receipt_document(given)))
    return document


@pytest.mark.parametrize("hold", [None, HOLD], ids=["in effect", "held"])
def test_a_receipt_comes_back_as_it_was(hold: Hold | None) -> None:
    assert receipt_of_document(stored(receipt(hold))) == receipt(hold)


def test_an_answer_stored_before_submissions_could_be_held_is_still_read() -> None:
    document = stored(receipt(None))
    del document["hold"]
    assert receipt_of_document(document) == receipt(None)
