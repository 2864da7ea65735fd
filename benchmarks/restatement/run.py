"""One run: load, correct, restate everything, the same from scratch in polars, and what one cell costs as history grows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter, process_time

import polars as pl

from benchmarks.restatement.agreement import compare, current_verdicts
from benchmarks.restatement.batch import judge_all, numbers_frame
from benchmarks.restatement.corrections import CELLS, everything, one_cell, one_month
from benchmarks.restatement.database import Server
from benchmarks.restatement.measuring import Bench, Cost, Progress, new_bench
from benchmarks.restatement.numbers import numbers_of
from benchmarks.restatement.size import Size, first_year_of
from deploy.local.layout import PROJECT_ROOT

PLANS = PROJECT_ROOT / "plans"
DATA = PROJECT_ROOT / "data"
GROWING_PLAN_YEARS = 2
"""While a history grows its plans follow each other, as action plans of two years do: what is touched stays as large."""
OLD_REPORT = 3
"""Of a growing history: the same month, whatever comes after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What loading, each correction and the batch cost, and how many verdicts agree."""

    loaded: Sequence[Cost]
    corrections: Mapping[str, Cost]
    batch: Cost
    agreeing: int


@dataclass(frozen=True, slots=True)
class Grown:
    """What one cell of each kind costs with so many months loaded."""

    months: int
    cells: Mapping[str, Cost]


async def measure_corrections(server: Server, size: Size, tell: Progress) -> Corrected:
    """Load, correct one cell of each kind and one month, restate everything; both ends must agree with the batch."""
    async with server.database(DATA) as opened:
        bench = await new_bench(opened, size, plans_dir=PLANS, data_dir=DATA)
        loaded = await bench.load(size.reports, tell)
        await _agree(bench)
        await opened.settle()
        report = size.reports[len(size.reports) // 4]
        corrections: dict[str, Cost] = {}
        for name, correction in CELLS.items():
            tell(f"correcting {name} of {report}")
            corrections[f"{name} of {report}"] = await one_cell(bench, correction, report)
        tell(f"restating {report} of one city")
        corrections[f"all feeds of {report}, one city"] = await one_month(bench, report)
        corrections["everything"] = await everything(bench, tell)
        batch, agreeing = await _agree(bench)
    return Corrected(loaded=loaded, corrections=corrections, batch=batch, agreeing=agreeing)


async def _agree(bench: Bench) -> tuple[Cost, int]:
    """Compare all current verdicts with the batch's; return what the batch costs and how many they are."""
    size = bench.size
    frames, numbers = bench.archive.frames(size), numbers_frame(numbers_of(size))
    batch, cost = _timed(lambda: judge_all(frames, numbers, size), size.repeats)
    return cost, compare(await current_verdicts(bench.opened), batch)


def _timed(work: Callable[[], pl.DataFrame], times: int) -> tuple[pl.DataFrame, Cost]:
    costs = []
    for _ in range(times):
        begun, worked = perf_counter(), process_time()
        result = work()
        costs.append(Cost(perf_counter() - begun, process_time() - worked, statements=0, written=0))
    return result, Cost.median(costs)


async def measure_growth(server: Server, size: Size, months: Sequence[int], tell: Progress) -> list[Grown]:
    """Let one city's history grow; at each length correct cells of an old month and of the newest."""
    size = replace(
        size,
        cities=1,
        months=max(months),
        first_year=first_year_of(max(months)),
        plan_years=GROWING_PLAN_YEARS,
    )
    grown = []
    async with server.database(DATA) as opened:
        bench = await new_bench(opened, size, plans_dir=PLANS, data_dir=DATA)
        known = 0
        for length in months:
            reports = replace(size, months=length).reports
            await bench.load(reports[known:], tell)
            known = len(reports)
            await opened.settle()
            tell(f"correcting cells of {length} months")
            ages = {f"old month ({reports[OLD_REPORT]})": reports[OLD_REPORT], "newest month": reports[-1]}
            cells = {
                f"{name}, {age}": await one_cell(bench, correction, report)
                for name, correction in CELLS.items()
                for age, report in ages.items()
            }
            grown.append(Grown(length, cells))
    return grown
