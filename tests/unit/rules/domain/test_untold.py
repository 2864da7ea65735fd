from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.domain.untold import Telling, summed
from services.rules.domain.wording import Text

RD, FIRMS = Text("研发费用", "R&D expenditure"), Text("户企业", "firms")


def codes(telling: Telling, percent: int = 0) -> tuple[object, object, object]:
    found = summed(telling, up_to=Fraction(percent, 100), amount=RD, whose=FIRMS)
    return found.value, [one.code for one in found.missing], [one.code for one in found.remarks]


def test_a_sum_that_everyone_tells_is_known() -> None:
    assert codes(Telling(Fraction(70), untold=0, of=20)) == (70, [], [])


def test_one_who_does_not_tell_leaves_the_sum_unknown_unless_the_indicator_allows_it() -> None:
    one_of_twenty = Telling(Fraction(70), untold=1, of=20)
    assert codes(one_of_twenty) == (None, ["amount_untold"], [])
    assert codes(one_of_twenty, 4) == (None, ["amount_untold"], [])
    assert codes(one_of_twenty, 5) == (70, [], ["amount_left_out"])


def test_who_is_left_out_is_counted_for_people() -> None:
    (said,) = summed(Telling(Fraction(70), 1, 20), up_to=Fraction(1, 20), amount=RD, whose=FIRMS).remarks
    assert said.zh == "有1户企业未报研发费用，按指标口径未计入"
    assert said.en == "1 firms do not tell their R&D expenditure; the indicator allows it, and they are left out"


@pytest.mark.parametrize("percent", [0, 50, 99])
def test_where_nobody_tells_anything_there_is_no_figure(percent: int) -> None:
    assert codes(Telling(Fraction(0), untold=1, of=1), percent)[0] is None


def test_an_empty_register_sums_to_zero() -> None:
    assert codes(Telling(Fraction(0), untold=0, of=0)) == (0, [], [])


@given(of=st.integers(1, 300), untold=st.integers(0, 300), percent=st.integers(0, 99))
def test_a_sum_is_either_known_or_says_why_not(of: int, untold: int, percent: int) -> None:
    value, missing, remarks = codes(Telling(Fraction(of), untold=min(untold, of), of=of), percent)
    assert (value is None) == bool(missing)
    assert bool(remarks) == (value is not None and untold > 0)
