"""Prints what a run measured."""

from collections.abc import Sequence
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.restatement.measuring import Cost
from benchmarks.restatement.run import Corrected, Grown
from benchmarks.restatement.size import Size


def print_corrections(console: Console, size: Size, measured: Corrected) -> None:
    """Print the cost of loading, of each correction, and of the batch from scratch."""
    title = (
        f"{size.cities} cities × {size.targets} targets × {size.months} months, {measured.agreeing:,} current verdicts"
    )
    table = Table(title=title)
    for column in ("what came", "seconds", "of the batch", "judged", "written", "statements"):
        table.add_column(column, justify="left" if column == "what came" else "right")
    for name, cost in (*_loading(measured.loaded), *measured.corrections.items()):
        table.add_row(name, f"{cost.seconds:.3f}", f"× {cost.seconds / measured.batch_seconds:,.1f}", *_counts(cost))
    table.add_row("from scratch in polars (frames in memory)", f"{measured.batch_seconds:.3f}", "× 1.0")
    console.print(table)
    console.print(f"Engine and batch agree in status and actual of all {measured.agreeing:,} verdicts.")


def _loading(costs: Sequence[Cost]) -> list[tuple[str, Cost]]:
    first, last = costs[: len(costs) // 5 + 1], costs[-(len(costs) // 5 + 1) :]
    return [
        ("loading a month of all cities", _median(costs)),
        ("  of the first fifth", _median(first)),
        ("  of the last fifth", _median(last)),
        ("loading everything", _total(costs)),
    ]


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(cost.seconds for cost in costs),
        round(median(cost.statements for cost in costs)),
        round(median(cost.written for cost in costs)),
    )


def _total(costs: Sequence[Cost]) -> Cost:
    return Cost(
        sum(cost.seconds for cost in costs), sum(cost.statements for cost in costs), sum(cost.written for cost in costs)
    )


def _counts(cost: Cost) -> tuple[str, str, str]:
    return "–" if cost.judged is None else f"{cost.judged:,}", f"{cost.written:,}", f"{cost.statements:,}"


def print_growth(console: Console, size: Size, grown: Sequence[Grown]) -> None:
    """Print the cost of one cell at each length of history, and its ratio to the shortest."""
    table = Table(title=f"one cell as history grows, 1 city × {size.targets} targets: ms (of the shortest) · judged")
    table.add_column("cell")
    for one in grown:
        table.add_column(f"{one.months} months", justify="right")
    for name, base in grown[0].cells.items():
        table.add_row(name, *(_grown(one.cells[name], base) for one in grown))
    console.print(table)


def _grown(cost: Cost, base: Cost) -> str:
    return f"{cost.seconds * 1000:,.0f} (× {cost.seconds / base.seconds:.2f}) · {cost.judged:,}"
