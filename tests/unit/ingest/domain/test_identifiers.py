"""Identifiers against python-stdnum and the real codes of the reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from services.ingest.domain.errors import CellError
from services.ingest.domain.identifiers import (
    doubt_project_code,
    doubt_uscc,
    mod_11_10,
    parse_project_code,
    parse_uscc,
)

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_bodies = st.tuples(st.text("0123456789", min_size=8, max_size=8), st.text(_ALPHABET, min_size=9, max_size=9)).map(
    "".join
)


@given(_bodies, st.sampled_from(_ALPHABET))
def test_check_digit_agrees_with_stdnum(body: str, last: str) -> None:
    assert (doubt_uscc(parse_uscc(body + last)) is None) == oracle.is_valid(body + last)


@pytest.mark.parametrize("code", ["91350200MA2YJ1XR9G", "91440101MA5CJQ4N59", "913502000728319549"])
def test_real_codes_pass(code: str) -> None:
    assert doubt_uscc(parse_uscc(code)) is None


@pytest.mark.parametrize("code", ["91350100M0001TGQXM", "91350211M0000XUF46"])
def test_legal_codes_of_the_pilot_are_doubted_not_refused(code: str) -> None:
    flaw = doubt_uscc(parse_uscc(code))
    assert flaw is not None
    assert flaw.code == "uscc.check_digit"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("91350200MA2YJ1XR9", id="17 characters"),
        pytest.param("91350200MA2YJ1XR9GG", id="19 characters"),
        pytest.param("91350200MA2YJ1XRIG", id="letter I"),
        pytest.param("9135020OMA2YJ1XR9G", id="letter O in the region"),
        pytest.param("９1350200MA2YJ1XR9G", id="full-width digit"),
        pytest.param("", id="empty"),
    ],
)
def test_wrong_form_is_an_error(text: str) -> None:
    with pytest.raises(CellError):
        parse_uscc(text)


def test_small_letters_become_capitals() -> None:
    assert parse_uscc("91350200ma2yj1xr9g") == "91350200MA2YJ1XR9G"


@pytest.mark.parametrize(
    ("code", "is_doubted"),
    [
        pytest.param("2409-320656-89-02-557559", False, id="new, platform region"),
        pytest.param("2309-321302-89-01-829469", False, id="new"),
        pytest.param("2306-320924-89-02-799920", False, id="new, check digit 0"),
        pytest.param("2309-321302-89-01-829468", True, id="new, wrong check digit"),
        pytest.param("2011-321302-89-01-829468", True, id="new, of November 2020"),
        pytest.param("2018-330602-33-03-067534", False, id="old, no check digit"),
        pytest.param("2018-330602-33-03-067534-000", False, id="old with suffix"),
        pytest.param("2020-321300-41-03-500000", False, id="old of 2020"),
    ],
)
def test_project_codes(code: str, *, is_doubted: bool) -> None:
    assert (doubt_project_code(parse_project_code(code)) is not None) == is_doubted


@pytest.mark.parametrize(
    "text", ["2413-321302-89-01-829469", "2309-32130-89-01-829469", "23093213028901829469", "1999-321300-41-03-500000"]
)
def test_wrong_project_codes_are_errors(text: str) -> None:
    with pytest.raises(CellError):
        parse_project_code(text)


@given(st.text("0123456789", min_size=19, max_size=19), st.integers(0, 18), st.integers(1, 9))
def test_check_digit_finds_every_single_error(digits: str, place: int, shift: int) -> None:
    changed = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert mod_11_10(changed) != mod_11_10(digits)
