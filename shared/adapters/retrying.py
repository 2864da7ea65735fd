"""When and how long to wait before trying again."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential backoff for passing faults; `delay` is a pure decision."""

    first: timedelta = timedelta(milliseconds=200)
    longest: timedelta = timedelta(seconds=10)
    tries: int = 60

    def delay(self, attempt: int) -> timedelta | None:
        """Return how long to wait before try `attempt` + 1 (attempts count from 1); None: give up."""
        if attempt >= self.tries:
            return None
        doublings: int = 2 ** min(attempt - 1, 16)
        return min(self.first * doublings, self.longest)


async def wait_for_stop(stop: asyncio.Event, at_most: timedelta) -> bool:
    """Wait until `stop` is set, at most so long; return whether it is set."""
    try:
        await asyncio.wait_for(stop.wait(), at_most.total_seconds())
    except TimeoutError:
        return False
    return True
