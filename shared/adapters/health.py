"""What `/healthz` and `/readyz` ask: liveness of the loops, readiness of what the service needs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

LivenessCheck = Callable[[], str | None]
ReadinessCheck = Callable[[], Awaitable[str | None]]


@dataclass(slots=True)
class Health:
    """Named checks. A check returns None when all is well, else one sentence that says what is wrong."""

    liveness: dict[str, LivenessCheck] = field(default_factory=dict)
    readiness: dict[str, ReadinessCheck] = field(default_factory=dict)
    degradation: dict[str, ReadinessCheck] = field(default_factory=dict)
    """What is away while the service can still do its work."""

    def dead(self) -> dict[str, str]:
        """Return what is stuck, by name."""
        return {name: problem for name, check in self.liveness.items() if (problem := check()) is not None}

    async def missing(self) -> dict[str, str]:
        """Return what is not ready, by name."""
        return await _problems(self.readiness)

    async def degraded(self) -> dict[str, str]:
        """Return what is away without keeping the service from its work, by name."""
        return await _problems(self.degradation)


async def _problems(checks: Mapping[str, ReadinessCheck]) -> dict[str, str]:
    return {name: problem for name, check in checks.items() if (problem := await check()) is not None}
