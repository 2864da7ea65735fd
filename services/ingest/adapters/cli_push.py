"""`planwatch feed push`: pushes one file and shows the receipt or the findings."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from services.ingest.adapters.media_type import CSV, JSON
from services.ingest.adapters.push_client import PushAnswer, PushRequest, UnreachableError, push_file
from services.ingest.domain.feeds import FeedName

REJECTED, USAGE, UNREACHABLE = 1, 2, 3
_SHOWN_FINDINGS = 50
_CONTENT_TYPES = {".json": JSON, ".csv": CSV}
_COUNTS = ("received", "accepted", "unchanged", "restated", "removed", "rejected")
UrlOption = Annotated[str | None, typer.Option(help="Address of ingest; default: the one running on this machine.")]
KeyOption = Annotated[str | None, typer.Option(help="API key. Other users of this machine can see it; see --key-file.")]
KeyFileOption = Annotated[Path | None, typer.Option(help="File that holds the API key.", exists=True, dir_okay=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def add_push_command(app: typer.Typer, ingest_url: Callable[[], str]) -> None:
    """Add the command. Exit codes: 0 taken, 1 rejected, 2 usage, 3 ingest does not answer."""

    @app.command()
    def push(  # noqa: PLR0913  options of a command
        file: Annotated[Path, typer.Argument(help="A .json or .csv file.", exists=True, dir_okay=False)],
        *,
        feed: Annotated[FeedName, typer.Option(help="Which feed.")],
        period: Annotated[
            str | None, typer.Option(help="Period of a CSV file, such as 2024-06 or 2024-01/P2M.")
        ] = None,
        action: Annotated[str | None, typer.Option(help="merge or replace, for a CSV file.")] = None,
        reason: Annotated[str | None, typer.Option(help="Reason of a restatement, for a CSV file.")] = None,
        reference: Annotated[str | None, typer.Option(help="Notice a restatement follows, for a CSV file.")] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only, write nothing.")] = False,
        idempotency_key: Annotated[str | None, typer.Option(help="Same key and file: the stored answer.")] = None,
        url: UrlOption = None,
        key: KeyOption = None,
        key_file: KeyFileOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Push one file. A JSON file carries its own envelope; of a CSV file it is given here."""
        envelope = {"period": period, "action": action, "reason": reason, "reference": reference}
        request = PushRequest(
            url=url or ingest_url(),
            key=read_key(key, key_file),
            feed=feed,
            content_type=_content_type(file),
            query=_query(file, envelope, dry_run=dry_run),
            idempotency_key=idempotency_key,
        )
        answer = _push(request, file, show=not as_json)
        if as_json:
            typer.echo(json.dumps({"status": answer.status, **answer.body}, ensure_ascii=False))
        else:
            show_answer(answer)
        raise typer.Exit(0 if answer.is_taken else REJECTED)


def read_key(key: str | None, key_file: Path | None) -> str:
    """Return the API key from one of the two options."""
    if (key is None) == (key_file is None):
        raise typer.BadParameter("give exactly one of --key and --key-file")
    return key if key is not None else key_file.read_text(encoding="utf-8").strip() if key_file is not None else ""


def show_answer(answer: PushAnswer) -> None:
    """Print the receipt or what is wrong."""
    console = Console()
    body = answer.body
    if answer.is_taken:
        console.print(f"[green]已接收 accepted[/green]  {body['id'] or '(dry run)'}  {body['feed']}  {body['period']}")
        console.print("  ".join(f"{name} {body[name]}" for name in _COUNTS))
        show_hold(console, body)
        _show_findings(console, body["warnings"], total=body["warnings_total"], title="提示 warnings")
        return
    console.print(f"[red]未接收 refused[/red]  {answer.status}  {body.get('title', '')}")
    errors = body.get("errors", [])
    _show_findings(console, errors, total=body.get("errors_total", len(errors)), title="问题 findings")


def show_hold(console: Console, body: Mapping[str, Any]) -> None:
    """Print why a submission waits for a second person, if it does."""
    if body["hold"] is not None:
        console.print("[yellow]待核准 held[/yellow]")
        for reason in body["hold"]["reasons"]:
            console.print(f"  {reason['message']}")


def _push(request: PushRequest, file: Path, *, show: bool) -> PushAnswer:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    try:
        with (
            file.open("rb") as body,
            Progress(*columns, console=Console(stderr=True), disable=not show, transient=True) as bar,
        ):
            task = bar.add_task(f"{request.feed} {file.name}", total=file.stat().st_size)
            return push_file(request, body, sent=lambda count: bar.advance(task, count))
    except UnreachableError as error:
        typer.echo(f"planwatch: {error}", err=True)
        raise typer.Exit(UNREACHABLE) from error


def _show_findings(console: Console, findings: list[dict[str, Any]], *, total: int, title: str) -> None:
    if not findings:
        return
    table = Table("行 row", "列 column", "代码 code", "值 value", "说明 message", title=title)
    for finding in findings[:_SHOWN_FINDINGS]:
        table.add_row(*(str(finding.get(name) or "") for name in ("row", "column", "code", "value", "message")))
    console.print(table)
    if total > _SHOWN_FINDINGS:
        console.print(f"… 共 {total} 处 in all; --json 列出全部 lists them")


def _content_type(file: Path) -> str:
    content_type = _CONTENT_TYPES.get(file.suffix.lower())
    if content_type is None:
        raise typer.BadParameter("the file must end in .json or .csv", param_hint="FILE")
    return content_type


def _query(file: Path, envelope: dict[str, str | None], *, dry_run: bool) -> dict[str, str]:
    given = {name: value for name, value in envelope.items() if value is not None}
    if given and _content_type(file) == JSON:
        raise typer.BadParameter(f"a JSON file carries its own envelope: {', '.join(given)}")
    return {**given, **({"dry_run": "true"} if dry_run else {})}
