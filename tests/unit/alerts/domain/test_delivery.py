"""What follows from a try."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.domain.delivery import (
    Accepted,
    Failed,
    Gone,
    Refused,
    Rejected,
    RetryAt,
    RetryPolicy,
    Sent,
    Try,
    Unavailable,
    next_step,
)

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
POLICY = RetryPolicy(
    first=timedelta(seconds=10), longest=timedelta(minutes=10), give_up_after=timedelta(days=3), refusals=3
)


def attempt(number: int = 1) -> Try:
    return Try(notice_id="notice_1", number=number, queued_at=T0)


def test_accepted_is_sent() -> None:
    assert next_step(Accepted(), attempt(), now=T0, policy=POLICY) == Sent()


def test_unavailable_is_tried_again() -> None:
    step = next_step(Unavailable("busy"), attempt(), now=T0, policy=POLICY)

    assert step == RetryAt(T0 + POLICY.delay("notice_1", 1), "busy")


def test_what_the_receiver_asks_for_is_waited_but_no_longer_than_the_longest_wait() -> None:
    step = next_step(Unavailable("busy", timedelta(minutes=5)), attempt(), now=T0, policy=POLICY)
    greedy = next_step(Unavailable("busy", timedelta(days=9)), attempt(), now=T0, policy=POLICY)

    assert step == RetryAt(T0 + timedelta(minutes=5), "busy")
    assert greedy == RetryAt(T0 + timedelta(minutes=10), "busy")


@pytest.mark.parametrize(
    ("elapsed", "given_up"),
    [
        pytest.param(timedelta(days=2, hours=23), False, id="within the days"),
        pytest.param(timedelta(days=3), True, id="the next try would be past them"),
    ],
)
def test_undelivered_notice_fails_after_the_days_of_the_policy(elapsed: timedelta, given_up: bool) -> None:  # noqa: FBT001
    step = next_step(Unavailable("busy"), attempt(100), now=T0 + elapsed, policy=POLICY)

    assert isinstance(step, Failed) is given_up


@pytest.mark.parametrize(("number", "fails"), [(1, False), (2, False), (3, True)])
def test_refusals_are_few(number: int, fails: bool) -> None:  # noqa: FBT001
    assert isinstance(next_step(Refused("HTTP 400"), attempt(number), now=T0, policy=POLICY), Failed) is fails


def test_rejected_fails_at_once_and_gone_takes_the_endpoint_with_it() -> None:
    assert next_step(Rejected("SMTP 550"), attempt(), now=T0, policy=POLICY) == Failed("SMTP 550")
    assert next_step(Gone("HTTP 410"), attempt(), now=T0, policy=POLICY) == Failed("HTTP 410", endpoint_gone=True)


@given(st.text(min_size=1), st.integers(min_value=1, max_value=10_000))
def test_delay_doubles_within_its_bounds_and_is_the_same_everywhere(notice_id: str, number: int) -> None:
    delay = POLICY.delay(notice_id, number)
    doubled = min(POLICY.first * 2 ** min(number - 1, 30), POLICY.longest)

    assert doubled / 2 <= delay <= doubled
    assert delay == POLICY.delay(notice_id, number)


def test_notices_that_fail_together_do_not_come_again_together() -> None:
    assert len({POLICY.delay(f"notice_{number}", 5) for number in range(50)}) > 45
