"""`planwatch feed simulate`: a seeded, invented city that writes its feeds to files or pushes them month after month."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.ingest.adapters.cli_push import (
    REJECTED,
    UNREACHABLE,
    KeyFileOption,
    KeyOption,
    UrlOption,
    read_key,
    show_answer,
)
from services.ingest.adapters.media_type import JSON
from services.ingest.adapters.push_client import PushRequest, UnreachableError, push_file
from shared.kernel.period import Period
from shared.simulation.city import SimulatedCity, SimulationError
from shared.simulation.firm_rows import ENTERPRISE_COLUMNS, Row
from shared.simulation.project_rows import PROJECT_COLUMNS
from shared.simulation.ratings import RATING_COLUMNS
from shared.simulation.recognitions import RECOGNITION_COLUMNS
from shared.simulation.writers import write_csv, write_json

_IN_MEMORY_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSubmission:
    """One submission of the simulated city; its rows are made while they are read."""

    feed: str
    period: Period
    name: str
    columns: Sequence[str]
    rows: Callable[[], Iterable[Row]]

    @property
    def envelope(self) -> dict[str, str]:
        """The envelope of a JSON body."""
        return {"period": str(self.period), "action": "merge"}


def simulated_submissions(city: SimulatedCity, periods: Iterable[Period]) -> Iterator[SimulatedSubmission]:
    """Yield what the city pushes: the titles held so far, then month after month firms, projects, titles and ratings."""
    for number, period in enumerate(periods):
        if number == 0:
            yield _held_titles(city, period.year - 1)
        stem = str(period).replace("/", "-")
        yield SimulatedSubmission(
            feed="enterprises",
            period=period,
            name=f"{stem}-enterprises",
            columns=ENTERPRISE_COLUMNS,
            rows=lambda period=period: city.enterprises(period),  # type: ignore[misc]  # a default keeps the period
        )
        yield SimulatedSubmission(
            feed="projects",
            period=period,
            name=f"{stem}-projects",
            columns=PROJECT_COLUMNS,
            rows=lambda period=period: city.projects(period),  # type: ignore[misc]
        )
        yield SimulatedSubmission(
            feed="recognitions",
            period=period,
            name=f"{stem}-recognitions",
            columns=RECOGNITION_COLUMNS,
            rows=lambda period=period: city.recognitions(period),  # type: ignore[misc]
        )
        for stage in city.rating_stages(period):
            yield SimulatedSubmission(
                feed="ratings",
                period=period,
                name=f"{stem}-ratings-{stage.year}-{stage.stage}",
                columns=RATING_COLUMNS,
                rows=lambda stage=stage: city.ratings(stage),  # type: ignore[misc]
            )


def _held_titles(city: SimulatedCity, year: int) -> SimulatedSubmission:
    return SimulatedSubmission(
        feed="recognitions",
        period=Period.whole_year(year),
        name=f"{year}-recognitions",
        columns=RECOGNITION_COLUMNS,
        rows=lambda: city.recognitions_held(year),
    )


def add_simulate_command(app: typer.Typer, ingest_url: Callable[[], str]) -> None:
    """Add the command. Exit codes: 0 done, 1 a submission was rejected, 2 usage, 3 ingest does not answer."""

    @app.command()
    def simulate(  # noqa: PLR0913  options of a command
        *,
        out: Annotated[Path | None, typer.Option(help="Write files into this folder.", file_okay=False)] = None,
        push: Annotated[bool, typer.Option("--push", help="Push month after month instead.")] = False,
        seed: Annotated[int, typer.Option(help="Same seed, same city.")] = 1,
        months: Annotated[int, typer.Option(help="12, 24 or 36.")] = 24,
        first: Annotated[int, typer.Option(help="First year.")] = 2024,
        firms: Annotated[
            int | None, typer.Option(help="Firms in the first report; default: like the real city.")
        ] = None,
        history: Annotated[bool, typer.Option("--history", help="Also the year before the first.")] = False,
        closing: Annotated[bool, typer.Option("--closing", help="Also the 1–2月 report after the last year.")] = False,
        file_format: Annotated[Literal["json", "csv"], typer.Option("--format", help="Format of the files.")] = "json",
        url: UrlOption = None,
        key: KeyOption = None,
        key_file: KeyFileOption = None,
    ) -> None:
        """Simulate 宿迁: every firm and project is invented and named so. The key used to push must be a simulated one."""
        if push == (out is not None):
            raise typer.BadParameter("give exactly one of --out and --push")
        try:
            city = SimulatedCity(seed, firms, months, first)
        except SimulationError as error:
            raise typer.BadParameter(str(error)) from error
        submissions = list(simulated_submissions(city, city.periods(history=history, closing=closing)))
        if out is not None:
            _write_all(submissions, out, file_format)
            return
        request = PushRequest(
            url=url or ingest_url(), key=read_key(key, key_file), feed="", content_type=JSON, query={}
        )
        _push_all(submissions, request)


def _write_all(submissions: Sequence[SimulatedSubmission], folder: Path, file_format: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with _progress() as bar:
        for submission in bar.track(submissions, description="writing"):
            path = folder / f"{submission.name}.{file_format}"
            if file_format == "csv":
                with path.open("w", encoding="utf-8", newline="") as text:
                    write_csv(text, submission.columns, submission.rows())
            else:
                with path.open("wb") as body:
                    write_json(body, submission.envelope, submission.rows())
    typer.echo(f"{len(submissions)} files in {folder}")


def _push_all(submissions: Sequence[SimulatedSubmission], request: PushRequest) -> None:
    rows = 0
    with _progress() as bar:
        task = bar.add_task("pushing", total=len(submissions))
        for submission in submissions:
            bar.update(task, description=f"{submission.feed} {submission.period}")
            rows += _push_one(submission, request)
            bar.advance(task)
    typer.echo(f"{len(submissions)} submissions with {rows} rows accepted or unchanged")


def _push_one(submission: SimulatedSubmission, base: PushRequest) -> int:
    request = replace(base, feed=submission.feed)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as spool:
        body = cast("BinaryIO", spool)
        rows = write_json(body, submission.envelope, submission.rows())
        body.seek(0)
        try:
            answer = push_file(request, body, sent=lambda _: None)
        except UnreachableError as error:
            typer.echo(f"planwatch: {error}", err=True)
            raise typer.Exit(UNREACHABLE) from error
    if not answer.is_taken:
        show_answer(answer)
        raise typer.Exit(REJECTED)
    return rows


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
