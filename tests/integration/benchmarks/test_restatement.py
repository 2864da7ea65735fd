"""The benchmark of corrections at its small size: the engine agrees with a batch from scratch, whatever is restated."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console

from benchmarks.restatement.database import Server
from benchmarks.restatement.measuring import Cost
from benchmarks.restatement.report import print_corrections, print_growth
from benchmarks.restatement.run import measure_corrections, measure_growth
from benchmarks.restatement.size import QUICK, QUICK_GROWTH


def _say_nothing(_line: str) -> None:
    pass


def _all_wrote(costs: Iterable[Cost]) -> bool:
    """Every correction measured mattered to some verdict."""
    return all(cost.written > 0 and cost.seconds > 0 and cost.statements > 0 for cost in costs)


async def test_engine_and_batch_agree_after_loading_and_after_everything_was_restated(postgres_admin_url: str) -> None:
    measured = await measure_corrections(Server(postgres_admin_url), QUICK, _say_nothing)
    printed = StringIO()
    print_corrections(Console(file=printed, width=120), QUICK, measured)
    # Each number once in each of 12 reports, and the net increase of 2024 once more in the first report of 2025.
    assert measured.agreeing == QUICK.cities * (QUICK.targets * 12 + 1)
    assert _all_wrote([*measured.loaded, *measured.corrections.values()])
    assert all(name in printed.getvalue() for name in measured.corrections)


async def test_one_cell_is_measured_at_every_length_of_history(postgres_admin_url: str) -> None:
    grown = await measure_growth(Server(postgres_admin_url), QUICK, QUICK_GROWTH, _say_nothing)
    printed = StringIO()
    print_growth(Console(file=printed, width=160), QUICK, grown)
    assert [one.months for one in grown] == list(QUICK_GROWTH)
    assert all(_all_wrote(one.cells.values()) for one in grown)
    assert all(name in printed.getvalue() for name in grown[0].cells)
