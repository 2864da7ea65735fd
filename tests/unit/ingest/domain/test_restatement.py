"""When a restatement is held: thresholds met exactly, what is too small to matter, and the sentences."""

from decimal import Decimal

import pytest

from services.ingest.domain.feeds import FeedName
from services.ingest.domain.restatement import Extent, Ground, HoldLimits, hold_findings, hold_of

LIMITS = HoldLimits(rows_share=Decimal("0.2"), value_share=Decimal("0.2"), min_rows=20)
ROWS, VALUE = Ground.ROWS, Ground.VALUE


def extent(known: int, changed: int, *value: str) -> Extent:
    known_value, changed_value = (Decimal(one) for one in value) if value else (None, None)
    return Extent(known_rows=known, changed_rows=changed, known_value=known_value, changed_value=changed_value)


@pytest.mark.parametrize(
    ("given", "grounds"),
    [
        pytest.param(extent(5000, 1000), (ROWS,), id="the share of rows is met exactly"),
        pytest.param(extent(5000, 999), (), id="one row below"),
        pytest.param(extent(99, 20), (ROWS,), id="just above the share and exactly the least number of rows"),
        pytest.param(extent(101, 20), (), id="enough rows, just below the share"),
        pytest.param(extent(20, 19), (), id="nearly all rows, one fewer than the least number"),
        pytest.param(extent(20, 20), (ROWS,), id="all rows, exactly the least number"),
        pytest.param(extent(3, 1), (), id="one row of three"),
        pytest.param(extent(3, 1, "1000", "1"), (), id="one row of three, a small amount"),
        pytest.param(extent(3, 1, "1000", "200"), (VALUE,), id="one row of three with a fifth of the value, exactly"),
        pytest.param(extent(3, 1, "1000", "199.99999999"), (), id="the smallest step below"),
        pytest.param(extent(5000, 5000, "1000", "0"), (ROWS,), id="all rows change, and no amount"),
        pytest.param(extent(5000, 1240, "1000", "900"), (ROWS, VALUE), id="both"),
        pytest.param(extent(3, 1, "1000", "3000"), (VALUE,), id="more than everything known"),
        pytest.param(extent(3, 1, "0", "5"), (VALUE,), id="a change of what was nothing"),
        pytest.param(extent(3, 1, "0", "0"), (), id="nothing stays nothing"),
        pytest.param(extent(300, 300, "0", "0"), (ROWS,), id="nothing stays nothing in every row"),
    ],
)
def test_a_restatement_is_held_from_a_limit_on(given: Extent, grounds: tuple[Ground, ...]) -> None:
    hold = hold_of(given, LIMITS)
    assert (hold.grounds if hold is not None else ()) == grounds


@pytest.mark.parametrize("off", [None, Decimal(0)])
def test_a_limit_that_is_off_never_holds(off: Decimal | None) -> None:
    all_of_it = extent(100, 100, "100", "100")
    assert hold_of(all_of_it, HoldLimits(rows_share=off, value_share=off, min_rows=1)) is None
    assert not HoldLimits(rows_share=off, value_share=off, min_rows=1).may_hold
    by_value = hold_of(all_of_it, HoldLimits(rows_share=off, value_share=Decimal(1), min_rows=1))
    assert by_value is not None
    assert by_value.grounds == (VALUE,)


def test_a_limit_no_binary_fraction_can_hold_is_met_exactly() -> None:
    tenth = HoldLimits(rows_share=None, value_share=Decimal("0.1"), min_rows=1)
    for known in range(1, 1_000):
        exact = Decimal(known) / 10
        assert hold_of(extent(9, 1, str(known), str(exact)), tenth) is not None
        assert hold_of(extent(9, 1, str(known), str(exact - Decimal("1E-8"))), tenth) is None


def test_the_finding_says_how_many_rows_of_how_many_and_the_limit() -> None:
    hold = hold_of(extent(5000, 1240), LIMITS)
    assert hold is not None
    [finding] = hold_findings(hold, FeedName.RATINGS).listed
    assert finding.code == "restatement.held_rows"
    assert (
        finding.en == "1,240 of 5,000 known rows change or leave (24.8 %), limit 20 %: a second person must release it."
    )
    assert finding.zh == "已知5,000条记录中有1,240条变化或退出（24.8 %），达到限额20 %，须经第二人核准后发布。"


def test_money_is_shown_in_the_unit_of_the_file() -> None:
    hold = hold_of(extent(3, 1, "123456000", "30864000.5"), LIMITS)
    assert hold is not None
    [finding] = hold_findings(hold, FeedName.ENTERPRISES).listed
    assert (finding.code, finding.column) == ("restatement.held_value", "revenue_ytd")
    assert finding.en == (
        "revenue_ytd changes by 3,086.40005万元 of 12,345.6万元 known in all (25 %), limit 20 %:"
        " a second person must release it."
    )
    assert "“营业收入(1-本月)”变动3,086.40005万元，已知合计12,345.6万元（25 %）" in finding.zh


def test_of_indicators_the_figure_that_changes_most_is_named() -> None:
    changed = Extent(
        known_rows=4, changed_rows=2, known_value=Decimal("5.2"), changed_value=Decimal("1.3"), cell="growth|321300"
    )
    hold = hold_of(changed, LIMITS)
    assert hold is not None
    [finding] = hold_findings(hold, FeedName.INDICATORS).listed
    assert (finding.column, finding.value) == ("value", "growth|321300")
    assert finding.en.startswith("value changes by 1.3 of 5.2 known (25 %), limit 20 %")


def test_a_figure_that_was_zero_has_no_share() -> None:
    hold = hold_of(extent(4, 1, "0", "3"), LIMITS)
    assert hold is not None
    [finding] = hold_findings(hold, FeedName.INDICATORS).listed
    assert "(from zero)" in finding.en
    assert "（原为零）" in finding.zh
