"""Engine and batch are compared to the last verdict: whatever differs is told."""

import polars as pl
import pytest

from benchmarks.restatement.agreement import DisagreementError, compare

FIRST = {
    "city": "321300",
    "slug": "growth-1",
    "target_year": 2025,
    "period": "2024-05",
    "status": "behind",
    "actual": 61_000,
}
SECOND = {**FIRST, "period": "2024-06", "status": "no_data", "actual": None}


def frame(*verdicts: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(verdicts, schema_overrides={"actual": pl.Int64})


def test_the_same_verdicts_in_any_order_agree() -> None:
    assert compare(frame(FIRST, SECOND), frame(SECOND, FIRST)) == 2


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({**FIRST, "status": "on_pace"}, id="another status"),
        pytest.param({**FIRST, "actual": 61_001}, id="another actual"),
        pytest.param({**FIRST, "actual": None}, id="nothing known"),
        pytest.param({**FIRST, "target_year": 2024}, id="another target"),
    ],
)
def test_a_verdict_that_differs_is_told(other: dict[str, object]) -> None:
    with pytest.raises(DisagreementError, match="growth-1"):
        compare(frame(FIRST, SECOND), frame(other, SECOND))


def test_a_verdict_that_one_of_them_lacks_is_told() -> None:
    with pytest.raises(DisagreementError, match="1 of 2 verdicts differ"):
        compare(frame(FIRST, SECOND), frame(FIRST))
