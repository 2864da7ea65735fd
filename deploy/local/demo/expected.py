"""What the system must have found: the truth of the simulated city against the targets it was given."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.kernel.period import Period
from shared.simulation.city import SimulatedCity
from shared.simulation.truth import ExpectedFacts, expected_facts, final_d

PLAN = "suqian-2024"
RATING_RULE = f"{PLAN}/m17/class-d-final"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedVerdict:
    """The verdict a target must have for the period that settles it."""

    target_id: str
    period: str
    actual: int

    def status(self, value: int) -> str:
        """Return the settled status for the target's value: met exactly is met."""
        return "met" if self.actual >= value else "missed"


def expected_verdicts(city: SimulatedCity) -> list[ExpectedVerdict]:
    """Return the settling verdict of every yearly target that the simulated feeds decide."""
    found = []
    for year in range(city.setting.first, city.last + 1):
        december, closing = Period.month(year, 12), Period.month(year + 1, 1)
        at_end, at_closing = expected_facts(city, december), expected_facts(city, closing)
        for slug, actual in _december_counts(at_end).items():
            found.append(ExpectedVerdict(target_id=f"{PLAN}/{slug}@{year}", period=str(december), actual=actual))
        net = ExpectedVerdict(
            target_id=f"{PLAN}/m20/net-above-scale@{year}", period=str(closing), actual=at_closing.net_entries
        )
        found.append(net)
    return found


def _december_counts(facts: ExpectedFacts) -> Mapping[str, int]:
    return {
        "m1/starts-1yi": facts.starts[10_000],
        "m1/starts-10yi": facts.starts[100_000],
        "m1/starts-50yi": facts.starts[500_000],
        "m18/firms-over-100yi": facts.newly_above[1_000_000],
        "m18/firms-10yi": facts.newly_above[100_000],
        "m18/firms-1yi": facts.newly_above[10_000],
    }


def expected_class_d(city: SimulatedCity) -> int:
    """Return how many firms the last published round finally rated D: all of them must be in alerts."""
    return len(final_d(city, city.last - 1))
