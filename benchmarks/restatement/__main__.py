"""`python -m benchmarks.restatement`: what corrections cost, beside a batch over the same data in polars.

Printed, in one run on this machine: loading a month, one cell, one month and everything restated (time in
`receive_batch` with its commit, verdicts judged and written, statements), each beside a vectorised batch that judges
everything from scratch and must agree with every current verdict; and one cell as history grows. It needs PostgreSQL
alone. Figures of different machines or moments do not compare; the ratios within one run do.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.restatement.database import running_server
from benchmarks.restatement.measuring import Progress
from benchmarks.restatement.report import print_corrections, print_growth
from benchmarks.restatement.run import measure_corrections, measure_growth
from benchmarks.restatement.size import QUICK, QUICK_GROWTH, Size, first_year_of
from deploy.local.layout import STATE_DIRECTORY

GROWTH = (10, 60, 120)
console = Console()


async def run(size: Size, growth: tuple[int, ...], folder: Path) -> None:
    """Measure both and print them."""
    async with running_server(folder, os.environ) as server:
        with _told() as tell:
            tell(f"loading and restating {size.cities} cities × {size.months} months")
            corrected = await measure_corrections(server, size, tell)
        print_corrections(console, size, corrected)
        with _told() as tell:
            tell(f"letting one city's history grow to {growth[-1]} months")
            grown = await measure_growth(server, size, growth, tell)
        print_growth(console, size, grown)


@contextmanager
def _told() -> Iterator[Progress]:
    """Yield what shows the last line on a terminal, and every line elsewhere."""
    if not console.is_terminal:
        yield lambda line: console.print(line)
        return
    with console.status("") as status:
        yield lambda line: status.update(line)


def main(
    cities: Annotated[int, typer.Option(help="Cities.", min=1, max=5)] = Size.cities,
    targets: Annotated[int, typer.Option(help="Numbers of each city's plan.", min=100)] = Size.targets,
    months: Annotated[int, typer.Option(help="Months that are loaded and restated.", min=12)] = Size.months,
    firms: Annotated[int, typer.Option(help="Firms of each city in every month.", min=20)] = Size.firms,
    projects: Annotated[int, typer.Option(help="Projects of each city begun a year.", min=10)] = Size.projects,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="A small size that shows it works, in seconds.")] = False,
) -> None:
    """Measure what corrections cost: one cell, one month, everything, beside a batch from scratch in polars."""
    size = Size(
        cities=cities,
        targets=targets,
        months=months,
        firms=firms,
        projects=projects,
        first_year=first_year_of(months),
    )
    parent = STATE_DIRECTORY / "benchmark"
    parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=parent) as folder:
        Path(folder).chmod(0o755)
        asyncio.run(run(QUICK if quick else size, QUICK_GROWTH if quick else GROWTH, Path(folder)))


if __name__ == "__main__":
    typer.run(main)
