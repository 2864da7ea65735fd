from typing import Any

import pytest

from services.query.domain.acknowledgement import MAX_ACTOR, MAX_COMMENT, Acknowledgement, InvalidAcknowledgementError


def acknowledgement(**changes: str) -> Acknowledgement:
    fields: dict[str, Any] = {
        "alert_id": "alert_1",
        "actor": "模拟签收人",
        "unit": "",
        "comment": "",
        "language": "zh",
        **changes,
    }
    return Acknowledgement(**fields)


def test_texts_at_their_limit_are_taken() -> None:
    assert acknowledgement(actor="人" * MAX_ACTOR, unit="局" * MAX_ACTOR, comment="字" * MAX_COMMENT).actor


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("actor", ""),
        ("actor", "人" * (MAX_ACTOR + 1)),
        ("unit", "局" * (MAX_ACTOR + 1)),
        ("comment", "字" * (MAX_COMMENT + 1)),
    ],
)
def test_a_missing_name_and_overlong_texts_are_refused_naming_the_field(field: str, text: str) -> None:
    with pytest.raises(InvalidAcknowledgementError) as refused:
        acknowledgement(**{field: text})
    assert refused.value.field == field
