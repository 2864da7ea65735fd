"""`planwatch feed held | release | withdraw`: a second person decides about large restatements, over HTTP."""

import json
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console

from services.ingest.adapters.cli_push import (
    REJECTED,
    UNREACHABLE,
    JsonOption,
    KeyFileOption,
    KeyOption,
    UrlOption,
    read_key,
)
from services.ingest.adapters.push_client import IngestDoor, PushAnswer, UnreachableError

_PAGE = "200"
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The submission's id, as `feed held` shows it.")]
ByOption = Annotated[str, typer.Option(help="Name of the person who decides.")]
CommentOption = Annotated[str, typer.Option(help="Why.")]


def add_hold_commands(app: typer.Typer, ingest_url: Callable[[], str]) -> None:
    """Add the commands. Exit codes: 0 done, 1 refused, 2 usage, 3 ingest does not answer."""
    _add_held(app, ingest_url)
    _add_decision(app, ingest_url, name="release", text="Release a held submission: it is published from now on.")
    _add_decision(app, ingest_url, name="withdraw", text="Withdraw a held submission: it is never published.")


def _add_held(app: typer.Typer, ingest_url: Callable[[], str]) -> None:
    @app.command()
    def held(
        *, url: UrlOption = None, key: KeyOption = None, key_file: KeyFileOption = None, as_json: JsonOption = False
    ) -> None:
        """List what waits for a release: what the key pushed, and what it may release."""
        items = _list_held(IngestDoor(url=url or ingest_url(), key=read_key(key, key_file)))
        if as_json:
            typer.echo(json.dumps(items, ensure_ascii=False))
        else:
            _show(items)


def _add_decision(app: typer.Typer, ingest_url: Callable[[], str], *, name: str, text: str) -> None:
    @app.command(name, help=text)
    def decide(  # noqa: PLR0913  options of a command
        submission_id: IdArgument,
        *,
        by: ByOption,
        comment: CommentOption,
        url: UrlOption = None,
        key: KeyOption = None,
        key_file: KeyFileOption = None,
        as_json: JsonOption = False,
    ) -> None:
        door = IngestDoor(url=url or ingest_url(), key=read_key(key, key_file))
        path = f"/v1/submissions/{quote(submission_id, safe='')}/{name}"
        answer = _answer(lambda: door.post(path, {"by": by, "comment": comment}))
        if as_json:
            typer.echo(json.dumps({"status": answer.status, **answer.body}, ensure_ascii=False))
        elif answer.is_taken:
            typer.echo(
                f"{answer.body['decision']}  {submission_id}  {answer.body['by']}  events {answer.body['events']}"
            )
        if not answer.is_taken:
            _refuse(answer)


def _list_held(door: IngestDoor) -> list[dict[str, Any]]:
    """Return all pages."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = _answer(lambda: door.get("/v1/submissions", state="held", limit=_PAGE, **cursor))  # noqa: B023
        if not answer.is_taken:
            _refuse(answer)
        items += answer.body["items"]
        if answer.body["next"] is None:
            return items
        cursor = {"cursor": answer.body["next"]}


def _show(items: list[dict[str, Any]]) -> None:
    """Print each with its reasons below it: sentences do not fit into columns."""
    console = Console(soft_wrap=True)
    for item in items:
        pushed = " ".join(str(item[name]) for name in ("feed", "period", "source", "reason", "recorded_at"))
        console.print(f"[yellow]待核准 held[/yellow]  {item['id']}  {pushed}")
        for reason in item["hold"]["reasons"]:
            console.print(f"  {reason['message']}")
    if not items:
        console.print("没有待核准的报送 nothing is held")


def _answer(ask: Callable[[], PushAnswer]) -> PushAnswer:
    try:
        return ask()
    except UnreachableError as error:
        typer.echo(f"planwatch: {error}", err=True)
        raise typer.Exit(UNREACHABLE) from error


def _refuse(answer: PushAnswer) -> None:
    typer.echo(f"planwatch: {answer.status} {answer.body.get('title', '')}", err=True)
    raise typer.Exit(REJECTED)
