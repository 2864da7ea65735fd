"""The consumer loop's decisions: how long to wait, and when there is too much poison."""

from datetime import timedelta

import pytest

from shared.adapters.consumer_loop import PoisonLimit, TooMuchPoisonError
from shared.adapters.retrying import RetryPolicy


def test_backoff_doubles_up_to_its_bound_and_ends() -> None:
    policy = RetryPolicy(first=timedelta(seconds=1), longest=timedelta(seconds=5), tries=5)
    delays = [policy.delay(attempt) for attempt in range(1, 6)]
    assert delays == [timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=5), None]


def test_half_poison_goes_on_and_more_stops() -> None:
    limit = PoisonLimit(window=4, share=0.5)
    for poison in (True, False, True, False):
        limit.record(poison=poison)
    limit.record(poison=True)
    with pytest.raises(TooMuchPoisonError):
        limit.record(poison=True)


def test_a_burst_of_half_the_window_does_not_stop_and_one_more_does() -> None:
    limit = PoisonLimit(window=100)
    for _ in range(50):
        limit.record(poison=True)
    with pytest.raises(TooMuchPoisonError):
        limit.record(poison=True)
