"""What `/healthz` and `/readyz` ask: liveness of the loops, readiness of what the service needs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

LivenessCheck = Callable[[], str | None]
ReadinessCheck = Callable[[], Awaitable[str | None]]


@dataclass(slots=True)
class Health:
    """Named checks. A check returns None when all is well, else one sentence that says what is wrong."""

    liveness: dict[str, LivenessCheck] = field(default_factory=dict)
    readiness: dict[str, ReadinessCheck] = field(default_factory=dict)

    def dead(self) -> dict[str, str]:
        """Return what is stuck, by name."""
        return {name: problem for name, check in self.liveness.items() if (problem := check()) is not None}

    async def missing(self) -> dict[str, str]:
        """Return what is not ready, by name."""
        found: dict[str, str] = {}
        for name, check in self.readiness.items():
            problem = await check()
            if problem is not None:
                found[name] = problem
        return found
