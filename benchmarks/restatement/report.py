"""Prints what a run measured."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.restatement.measuring import Cost
from benchmarks.restatement.run import GROWING_PLAN_YEARS, Corrected, Grown
from benchmarks.restatement.size import Size


def print_corrections(console: Console, size: Size, measured: Corrected) -> None:
    """Print the cost of loading, of each correction, and of the batch from scratch."""
    title = (
        f"{size.cities} cities × {size.targets} targets × {size.months} months, {measured.agreeing:,} current verdicts"
    )
    table = Table(title=title)
    for column in ("what came", "seconds", "of the batch", "CPU s", "judged", "written", "statements"):
        table.add_column(column, justify="left" if column == "what came" else "right")
    batch = measured.batch
    for name, cost in (*_loading(measured.loaded), *measured.corrections.items()):
        table.add_row(name, f"{cost.seconds:.3f}", f"× {cost.seconds / batch.seconds:,.1f}", *_counts(cost))
    row = (
        "from scratch in polars (frames in memory)",
        f"{batch.seconds:.3f}",
        "× 1.0",
        f"{batch.processor_seconds:.3f}",
    )
    table.add_row(*row)
    console.print(table)
    console.print(f"Engine and batch agree in status and actual of all {measured.agreeing:,} verdicts.")


def _loading(costs: Sequence[Cost]) -> list[tuple[str, Cost]]:
    first, last = costs[: len(costs) // 5 + 1], costs[-(len(costs) // 5 + 1) :]
    return [
        ("loading a month of all cities", Cost.median(costs)),
        ("  of the first fifth", Cost.median(first)),
        ("  of the last fifth", Cost.median(last)),
        ("loading everything", Cost.total(costs)),
    ]


def _counts(cost: Cost) -> tuple[str, ...]:
    judged = "–" if cost.judged is None else f"{cost.judged:,}"
    return f"{cost.processor_seconds:.3f}", judged, f"{cost.written:,}", f"{cost.statements:,}"


def print_growth(console: Console, size: Size, grown: Sequence[Grown]) -> None:
    """Print the cost of one cell at each length of history, and its ratio to the shortest."""
    table = Table(
        title=f"one cell as history grows, 1 city, plans of {GROWING_PLAN_YEARS} years with {size.targets} numbers each:"
        " ms, CPU ms (of the shortest), judged"
    )
    table.add_column("cell")
    for one in grown:
        table.add_column(f"{one.months} months", justify="right")
    for name, base in grown[0].cells.items():
        table.add_row(name, *(_grown(one.cells[name], base) for one in grown))
    console.print(table)


def _grown(cost: Cost, base: Cost) -> str:
    clock = f"{cost.seconds * 1000:,.0f} (× {cost.seconds / base.seconds:.2f})"
    processor = f"{cost.processor_seconds * 1000:,.0f} (× {cost.processor_seconds / base.processor_seconds:.2f})"
    return f"{clock}, {processor}, {cost.judged:,}"
