"""All versions of one target: which one judges a period, and whether the plan still has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.rules.domain.in_force import InForce
from services.rules.domain.suspension import Suspension
from services.rules.domain.target import Target
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True)
class TargetHistory:
    """The versions of a target, by the day they begin to hold."""

    versions: tuple[Target, ...]

    @property
    def latest(self) -> Target:
        """The version that holds last."""
        return self.versions[-1]

    @property
    def withdrawn_on(self) -> date | None:
        """The day from which the plan has the target no more; None when a correction took it out altogether."""
        return None if self.latest.in_force.is_empty else self.latest.in_force.until

    @property
    def suspensions(self) -> tuple[Suspension, ...]:
        """What is suspended of the target: of each version the days on which it holds; what goes on in the next is one."""
        held = (rest.within(one.in_force) for one in self.versions for rest in one.suspensions)
        found: list[Suspension] = []
        for rest in sorted((one for one in held if one is not None), key=lambda one: one.since):
            if found and found[-1].goes_on_in(rest):
                found[-1] = replace(found[-1], until=rest.until)
            else:
                found.append(rest)
        return tuple(found)

    def at(self, period: Period) -> Target | None:
        """Return the version that judges a period."""
        return next((one for one in self.versions if one.in_force.holds(period)), None)

    def is_current(self, period: Period, version: int) -> bool:
        """Whether a version is the one that judges the period."""
        target = self.at(period)
        return target is not None and target.version == version

    @property
    def is_withdrawn(self) -> bool:
        """Whether the plan dropped the target before it ran its full course.

        A target whose last period ended before the plan dropped it was demanded until its end, and stays judged.
        """
        until = self.latest.in_force.until
        return until is not None and self.latest.last.end >= until


def histories(targets: Iterable[Target]) -> Mapping[str, TargetHistory]:
    """Return the history of each target, by id; versions that judge nothing stand first."""
    grouped: dict[str, list[Target]] = {}
    for target in targets:
        grouped.setdefault(target.id, []).append(target)
    return {target_id: TargetHistory(tuple(sorted(group, key=_order))) for target_id, group in grouped.items()}


def joined(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Join what is the same version of a target in several versions of its plan that follow each other.

    A target that no version of the plan in force has is kept, judging nothing: what was told of it must be taken back.
    """
    return tuple(one for history in histories(targets).values() for one in _joined(history.versions))


def _joined(versions: Iterable[Target]) -> Iterable[Target]:
    found: list[Target] = []
    for target in versions:
        before = found.pop() if found else None
        if before is None or before.in_force.is_empty:
            found.append(target)
        elif before.version == target.version and before.in_force.until == target.in_force.since:
            found.append(replace(target, in_force=InForce(before.in_force.since, target.in_force.until)))
        else:
            found += [before, target]
    return found


def _order(target: Target) -> tuple[bool, date, int]:
    return (not target.in_force.is_empty, target.in_force.since or date.min, target.version)
