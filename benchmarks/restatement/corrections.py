"""The corrections that are measured: one cell of each kind, one month, everything."""

from collections.abc import Callable, Iterator, Mapping

from benchmarks.restatement.measuring import Bench, Cost, Progress, repeated
from benchmarks.restatement.numbers import Kind, numbers_of
from benchmarks.restatement.pushes import Event, Reporter
from shared.kernel.period import Period

_STRIDE = 7
"""How far apart the cells of two turns lie."""

Correction = Callable[[Reporter, Period, int, int], list[Event]]
"""Makes the submission: of a report, the turn says of which cell, with a revision."""


def figure(reporter: Reporter, report: Period, turn: int, revision: int) -> list[Event]:
    """Restate a published figure."""
    figures = [number for number in numbers_of(reporter.city.size) if number.kind is Kind.FIGURE]
    return reporter.figure(figures[_STRIDE * turn % len(figures)], report, revision)


def project(reporter: Reporter, report: Period, turn: int, revision: int) -> list[Event]:
    """Restate the row of a large project: it counts for many targets."""
    serials = reporter.city.largest_projects(report)
    return reporter.project(serials[turn % len(serials)], report, revision)


def firm(reporter: Reporter, report: Period, turn: int, revision: int) -> list[Event]:
    """Restate the row of a firm of the register."""
    serials = reporter.city.registered(report)
    return reporter.firm(serials[_STRIDE * turn % len(serials)], report, revision)


CELLS: Mapping[str, Correction] = {"a published figure": figure, "a project's row": project, "a firm's row": firm}


async def one_cell(bench: Bench, correction: Correction, report: Period) -> Cost:
    """Correct one cell of a month in the first city, another one each time."""
    reporter = bench.reporters[0]
    return await repeated(
        bench.size.repeats,
        lambda turn: bench.deliver(correction(reporter, report, turn, next(bench.revisions))),
    )


async def one_month(bench: Bench, report: Period) -> Cost:
    """Restate every feed of a month of the first city."""
    reporter = bench.reporters[0]
    return await repeated(
        bench.size.repeats, lambda _turn: bench.deliver(reporter.month(report, next(bench.revisions)))
    )


async def everything(bench: Bench, tell: Progress) -> Cost:
    """Restate every submission of every city, month by month, in batches as the consumer takes them."""
    return await bench.deliver(_everything(bench, tell))


def _everything(bench: Bench, tell: Progress) -> Iterator[Event]:
    revision = next(bench.revisions)
    for report in bench.size.reports:
        for reporter in bench.reporters:
            yield from reporter.month(report, revision)
        tell(f"restated {report}")
