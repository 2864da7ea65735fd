from datetime import UTC, datetime
from decimal import Decimal

import pytest

from services.query.adapters.pages.formats import Formats, instant, number, share, signed

ZH, EN = Formats("zh"), Formats("en")


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (None, None, "—"),
        (Decimal("0"), None, "0"),
        (Decimal("1234567.80"), None, "1,234,567.8"),
        (Decimal("0.1") + Decimal("0.2"), None, "0.3"),
        (Decimal("1E+3"), None, "1,000"),
        (Decimal("-12.345"), 2, "−12.35"),
        (Decimal("-0.001"), 2, "0"),
        (Decimal("2.675"), 2, "2.68"),
        (600, None, "600"),
    ],
)
def test_numbers_are_exact_and_rounded_half_up(value: Decimal | int | None, places: int | None, written: str) -> None:
    assert number(value, places) == written


def test_a_difference_carries_its_sign() -> None:
    assert [signed(Decimal(value)) for value in ("6", "0", "-13")] == ["+6", "0", "−13"]


def test_a_share_of_nothing_is_not_written() -> None:
    assert (share(Decimal(1), "0"), share(None, "60"), share(Decimal(27), "60")) == (None, None, "45%")


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        (None, "—", "—"),
        (6_200_000_000, "62亿元", "¥6,200 million"),
        (21_460_000, "2,146万元", "¥21.46 million"),
        (-1_200_000, "−120万元", "¥−1.2 million"),
        (100_000_000, "1亿元", "¥100 million"),
    ],
)
def test_money_is_written_in_the_unit_that_reads_best(yuan: int | None, zh: str, en: str) -> None:
    assert (ZH.money(yuan), EN.money(yuan)) == (zh, en)


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2024-01/P2M", "2024年1—2月", "Jan–Feb 2024"),
        ("2024-06", "2024年6月", "Jun 2024"),
        ("2024-Q2", "2024年二季度", "Q2 2024"),
        ("2024", "2024年", "2024"),
    ],
)
def test_periods_are_written_as_people_say_them(period: str, zh: str, en: str) -> None:
    assert (ZH.period(period), EN.period(period)) == (zh, en)


def test_instants_are_shown_in_the_time_of_china() -> None:
    assert instant(datetime(2025, 5, 28, 18, 4, tzinfo=UTC)) == "2025-05-29 02:04"
