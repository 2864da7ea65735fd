"""`python -m benchmarks.forecast`: how often the 80 % intervals of forecasts held, and their probabilities came true.

Thousands of invented years of each kind, and the areas of simulated cities, are forecast from what was known with the
reports of April to November. An honest interval holds in 80 of 100 cases; of the goals given 70 %, 70 of 100 are attained.
Intervals of few events hold more often: whole numbers cannot cut off 10 % exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.calibration import BINS, Outcome, outcome, reliability, score
from benchmarks.histories import History, Kind, city_histories, kinds
from shared.simulation.dice import Dice

MONTHS = (4, 5, 6, 7, 8, 9, 10, 11)
console = Console(width=170)

Measured = dict[str, dict[int, list[Outcome]]]


def histories(count: int, seed: int, cities: int) -> Iterator[tuple[Kind, History]]:
    """Yield every history with its kind."""
    for kind in kinds():
        dice = Dice(seed, kind.name)
        for _ in range(count):
            yield kind, kind.draw(dice)
    yield from city_histories(seed, cities)


def measure(drawn: Iterable[tuple[Kind, History]], months: Iterable[int] = MONTHS) -> Measured:
    """Forecast each history at each month; months at which nothing could be said stay empty."""
    measured: Measured = defaultdict(lambda: defaultdict(list))
    for kind, history in drawn:
        for month in months:
            found = outcome(kind.figure, history, month)
            measured[kind.name][month] += [] if found is None else [found]
    return measured


def report_coverage(measured: Measured) -> None:
    """Print the coverage of the 80 % interval by kind and month."""
    table = Table(title="share of year ends inside the 80 % interval, by the last known month (– not enough data)")
    table.add_column("kind")
    for heading in (*map(str, MONTHS), "below", "above"):
        table.add_column(heading, justify="right")
    for name, by_month in measured.items():
        scores = [score(by_month[month]) for month in MONTHS]
        whole = score(one for outcomes in by_month.values() for one in outcomes)
        sides = ("–", "–") if whole is None else (f"{whole.below:.2f}", f"{whole.above:.2f}")
        table.add_row(name, *("–" if one is None else f"{one.covered:.2f}" for one in scores), *sides)
    console.print(table)


def report_reliability(measured: Measured) -> None:
    """Print, for the probabilities told in each fifth, their mean and how often the goal was attained; and the Brier score."""
    table = Table(
        title="told → attained (number of forecasts), of goals that were not decided yet; Brier score by month"
    )
    table.add_column("kind")
    for part in range(BINS):
        table.add_column(f"P {part / BINS:.1f}–{(part + 1) / BINS:.1f}", justify="right")
    for month in (5, 7, 9, 11):
        table.add_column(f"Brier {month}", justify="right")
    for name, by_month in measured.items():
        groups = reliability(one for outcomes in by_month.values() for one in outcomes)
        cells = ["–" if one is None else f"{one.told:.2f}→{one.attained:.2f} ({one.forecasts})" for one in groups]
        scores = [score(by_month[month]) for month in (5, 7, 9, 11)]
        table.add_row(name, *cells, *("–" if one is None else f"{one.brier:.3f}" for one in scores))
    console.print(table)


def report_decided(measured: Measured) -> None:
    """Print how many goals were called decided, and how many of them turned out otherwise."""
    decided = [one for months in measured.values() for group in months.values() for one in group if one.is_decided]
    wrong = sum(1 for one in decided if one.attained != bool(one.probability))
    console.print(f"goals said to be decided: {len(decided):,}; wrong: {wrong}")


def main(
    count: Annotated[int, typer.Option("--histories", help="Histories of each kind.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same histories.")] = 1,
    cities: Annotated[int, typer.Option(help="Simulated cities, nine areas each.")] = 20,
) -> None:
    """Measure the forecasts' calibration."""
    console.print(f"seed {seed}, {count:,} histories of each kind, {cities} simulated cities")
    total = count * len(kinds()) + 2 * 9 * cities
    measured = measure(track(histories(count, seed, cities), total=total, description="forecasting"))
    report_coverage(measured)
    report_reliability(measured)
    report_decided(measured)


if __name__ == "__main__":
    typer.run(main)
