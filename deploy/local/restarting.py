"""When a service that died is started again: a pure decision."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """Waits longer after each quick death, and gives up after too many in a row."""

    first_delay_seconds: float = 0.2
    longest_delay_seconds: float = 5.0
    quick_death_seconds: float = 10.0
    """A service that lived at least so long died for a new reason: counting starts afresh."""
    most_quick_deaths: int = 6

    def decide_delay(self, lifetimes_seconds: Sequence[float]) -> float | None:
        """Return how long to wait before the next start, None to give up; the latest lifetime is the last."""
        quick = 0
        for lifetime in reversed(lifetimes_seconds):
            if lifetime >= self.quick_death_seconds:
                break
            quick += 1
        if quick >= self.most_quick_deaths:
            return None
        return float(min(self.first_delay_seconds * 2 ** max(quick - 1, 0), self.longest_delay_seconds))


def describe_exit(code: int) -> str:
    """Say how a process ended, in words."""
    if code < 0:
        return f"was ended by signal {-code}"
    return "ended by itself" if code == 0 else f"ended with exit code {code}"
