"""The limits from which on a restatement is held, as the environment gives them."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from services.ingest.domain.restatement import HoldLimits
from services.ingest.settings import Settings

REQUIRED = {
    "PLANWATCH_DATABASE_URL": "postgresql://x@127.0.0.1/x",
    "PLANWATCH_HTTP_PORT": "1",
    "PLANWATCH_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9",
}


def limits(**given: str) -> HoldLimits:
    named = {f"PLANWATCH_INGEST_HOLD_{name.upper()}": value for name, value in given.items()}
    return Settings.load({**REQUIRED, **named}, service="ingest").hold_limits


def test_a_fifth_is_large_unless_told_otherwise() -> None:
    assert limits() == HoldLimits(rows_share=Decimal("0.2"), value_share=Decimal("0.2"), min_rows=20)


def test_shares_are_exact_decimals() -> None:
    given = limits(rows_share="0.1", value_share="1.5", min_rows="3")
    assert given == HoldLimits(rows_share=Decimal("0.1"), value_share=Decimal("1.5"), min_rows=3)


@pytest.mark.parametrize("off", ["none", "None", "0", "0.0"])
def test_none_and_zero_switch_off(off: str) -> None:
    assert not limits(rows_share=off, value_share=off).may_hold


@pytest.mark.parametrize("wrong", ["-0.1", "NaN", "Infinity", "a fifth", ""])
def test_anything_else_stops_the_start(wrong: str) -> None:
    with pytest.raises(ValidationError):
        limits(rows_share=wrong)
