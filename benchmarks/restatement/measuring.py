"""Sends submissions into the engine's entry points and measures each transaction, commit included."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from cProfile import Profile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from pstats import Stats
from statistics import median
from time import perf_counter, process_time

from benchmarks.restatement.archive import Archive
from benchmarks.restatement.database import Opened
from benchmarks.restatement.plans import definitions
from benchmarks.restatement.pushes import RECORDED_AT, Event, Reporter, batches
from benchmarks.restatement.rows import City
from benchmarks.restatement.size import Size
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.receive_batch import ReceiveBatch, receive_batch
from services.rules.domain.ledger import Announcement
from shared.kernel.period import Period
from shared.reference.areas import Areas

Progress = Callable[[str], None]
_JUDGE = ("verdict.py", "judge")
"""The pure function that judges; a profiler counts its calls, wherever they come from."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one delivery took: on the clock, and of the processor in this process, without PostgreSQL's part.

    `written` counts new verdicts, `judged` is None where nobody counted.
    """

    seconds: float
    processor_seconds: float
    statements: int
    written: int
    judged: int | None = None

    @classmethod
    def total(cls, costs: Sequence["Cost"]) -> "Cost":
        """Return what several took together."""
        return cls._of(costs, sum)

    @classmethod
    def median(cls, costs: Sequence["Cost"], *, judged: int | None = None) -> "Cost":
        """Return the median of each part."""
        return cls._of(costs, median, judged=judged)

    @classmethod
    def _of(
        cls, costs: Sequence["Cost"], one_of: Callable[[list[float]], float], *, judged: int | None = None
    ) -> "Cost":
        return cls(
            one_of([cost.seconds for cost in costs]),
            one_of([cost.processor_seconds for cost in costs]),
            round(one_of([cost.statements for cost in costs])),
            round(one_of([cost.written for cost in costs])),
            judged,
        )


@dataclass(slots=True, kw_only=True)
class Bench:
    """Rules with made-up plans, its cities' reporters, and what they have sent."""

    size: Size
    opened: Opened
    reporters: Sequence[Reporter]
    archive: Archive = field(default_factory=Archive)
    revisions: "count[int]" = field(default_factory=lambda: count(1))

    async def deliver(self, events: Iterable[Event]) -> Cost:
        """Send the events, in as many batches as the consumer would make of them; making them is not measured."""
        costs = []
        for batch in batches(events):
            self.archive.keep(batch)
            costs.append(await self._measured(batch))
        return Cost.total(costs)

    async def _measured(self, batch: Sequence[Event]) -> Cost:
        before, begun, worked = self.opened.statements.count, perf_counter(), process_time()
        written = await self._receive(batch)
        return Cost(perf_counter() - begun, process_time() - worked, self.opened.statements.count - before, written)

    async def _receive(self, batch: Sequence[Event]) -> int:
        command = ReceiveBatch(
            rows=tuple(one for one in batch if not isinstance(one, Announcement)),
            announcements=tuple(one for one in batch if isinstance(one, Announcement)),
        )
        async with self.opened.database.transaction() as stores:
            outcome = await receive_batch(stores, command, now=RECORDED_AT)
        return len(outcome.verdicts)

    async def load(self, reports: Iterable[Period], tell: Progress) -> list[Cost]:
        """Report the months one after the other, all cities of a month together."""
        costs = []
        for report in reports:
            events = [event for reporter in self.reporters for event in reporter.month(report, 0)]
            costs.append(await self.deliver(events))
            tell(f"loaded {report}: {costs[-1].seconds:.2f} s")
        return costs


async def new_bench(opened: Opened, size: Size, *, plans_dir: Path, data_dir: Path) -> Bench:
    """Load the plans; return what delivers and measures."""
    command = LoadPlans(plans=definitions(size, plans_dir), correlation_id="benchmark")
    async with opened.database.transaction() as stores:
        await load_plans(stores, command, now=RECORDED_AT)
    areas, sequence = Areas.load(data_dir / "areas.csv"), count(1)
    cities = [City(city, _counties(areas, city), size) for city in size.city_ids]
    return Bench(size=size, opened=opened, reporters=[Reporter(city, sequence) for city in cities])


def _counties(areas: Areas, city: str) -> tuple[str, ...]:
    """Return the counties of the city that exist today, itself where none is known."""
    known = [area.id for area in areas.within(city) if area.level == "county" and area.valid_to is None]
    return tuple(sorted(known)) or (city,)


async def repeated(times: int, once: Callable[[int], Awaitable[Cost]]) -> Cost:
    """Return the medians of several repetitions, and of one more, which is not timed, the verdicts judged."""
    costs = [await once(turn) for turn in range(times)]
    profile = Profile(builtins=False)
    profile.enable()
    await once(times)
    profile.disable()
    return Cost.median(costs, judged=judged_in(profile))


def judged_in(profile: Profile) -> int:
    """Return how often a verdict was made while the profiler looked."""
    stats: dict[tuple[str, int, str], tuple[int, ...]] = Stats(profile).stats  # type: ignore[attr-defined]
    return sum(calls[0] for (file, _, name), calls in stats.items() if (Path(file).name, name) == _JUDGE)
