"""Shows how far long work is, on standard error: a bar on a terminal, one line a stage elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Stages:
    """The stages of a command, one after the other."""

    def __init__(self, console: Console, bar: Progress) -> None:
        self._console = console
        self._bar = bar
        self._task: TaskID | None = None

    def begin(self, name: str, total: int) -> None:
        """Show the next stage, which has so many steps."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(name, total=total, detail="")
        if not self._console.is_terminal:
            self._console.print(f"{name} ({total})", highlight=False)

    def step(self, detail: str = "") -> None:
        """Show that a step of the stage is done."""
        if self._task is not None:
            self._bar.update(self._task, advance=1, detail=detail)


@contextmanager
def shown_stages() -> Iterator[Stages]:
    """Show stages while the block runs; what was shown goes away at its end."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    detail = TextColumn("{task.fields[detail]}")
    with Progress(*columns, detail, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Stages(console, bar)
