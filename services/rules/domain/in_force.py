"""Which version of a plan judges which periods.

A plan holds from a day on as its files stand: an amendment changes what is demanded of periods that end on its day or later,
and leaves what was judged before. A change without an amendment is a correction: it replaces the version it corrects.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.kernel.period import Period


@dataclass(frozen=True, slots=True)
class InForce:
    """The periods that end from `since` on and before `until`; None is unbounded."""

    since: date | None = None
    until: date | None = None

    def holds(self, period: Period) -> bool:
        """Whether the period is one of them: it is told by its last day."""
        return (self.since is None or period.end >= self.since) and (self.until is None or period.end < self.until)

    @property
    def is_empty(self) -> bool:
        """Whether no period can be one of them."""
        return self.since is not None and self.until is not None and self.since >= self.until


ALWAYS = InForce()
"""Every period."""

NEVER = InForce(date.min, date.min)
"""No period at all."""


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A version of a plan. `since` is the day of its last amendment, None when it has none."""

    version: int
    since: date | None


def versions_in_force(versions: Iterable[PlanVersion]) -> tuple[tuple[PlanVersion, InForce], ...]:
    """Return the versions that judge any period, the newest first: a period is judged by the newest that holds at its end."""
    found: list[tuple[PlanVersion, InForce]] = []
    until: date | None = None
    for one in sorted(versions, key=lambda version: version.version, reverse=True):
        if found and one.since is not None and until is not None and one.since >= until:
            continue
        found.append((one, InForce(one.since, until)))
        until = one.since
        if until is None:
            break
    return tuple(found)
