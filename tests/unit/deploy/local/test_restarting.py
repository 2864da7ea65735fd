import pytest

from deploy.local.restarting import RestartPolicy, describe_exit

POLICY = RestartPolicy(
    first_delay_seconds=1.0, longest_delay_seconds=5.0, quick_death_seconds=10.0, most_quick_deaths=5
)


@pytest.mark.parametrize(
    ("lifetimes", "delay"),
    [
        pytest.param([0.5], 1.0, id="first death"),
        pytest.param([0.5, 0.5], 2.0, id="second in a row waits longer"),
        pytest.param([0.5, 0.5, 0.5, 0.5], 5.0, id="never longer than the longest"),
        pytest.param([0.5] * 5, None, id="too many in a row"),
        pytest.param([0.5, 0.5, 0.5, 0.5, 10.0], 1.0, id="a long life starts the count afresh"),
        pytest.param([10.0, 9.9], 1.0, id="just short of a long life"),
    ],
)
def test_the_wait_grows_until_it_gives_up(lifetimes: list[float], delay: float | None) -> None:
    assert POLICY.decide_delay(lifetimes) == delay


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "ended by itself"), (3, "ended with exit code 3"), (-9, "was ended by signal 9")],
)
def test_an_exit_is_told_in_words(code: int, words: str) -> None:
    assert describe_exit(code) == words
