"""`planwatch keys create | list | revoke`."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Column, Table

from services.ingest.adapters.postgres_keys import PostgresKeyStore
from services.ingest.application.manage_keys import CreateKey, NewKey, create_key
from services.ingest.domain.errors import StoreUnavailableError
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.sender import Sender
from shared.adapters.clock import system_clock
from shared.adapters.postgres import connected_engine, session_factory

T = TypeVar("T")
UNREACHABLE = 3
_ROLE = "planwatch_ingest"
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def add_key_commands(app: typer.Typer, database_url: Callable[[], str]) -> None:
    """Add the commands. Exit codes: 0 done, 1 no such key, 2 usage, 3 database away."""
    _add_create(app, database_url)
    _add_list(app, database_url)
    _add_revoke(app, database_url)


def _add_create(app: typer.Typer, database_url: Callable[[], str]) -> None:
    @app.command()
    def create(  # noqa: PLR0913  options of a command
        *,
        source: Annotated[
            str, typer.Option(help="Who pushes, as it appears in every event: letters, digits, - and _.")
        ],
        name: Annotated[str, typer.Option(help="The source's name for people.")],
        city: Annotated[str, typer.Option(help="Area id of the city the key may write, such as 321300.")],
        feeds: Annotated[str, typer.Option(help=f"Comma-separated: {','.join(FeedName)}.")],
        authority: Annotated[
            str | None,
            typer.Option(help="Publishing authority of its figures and rows: where sources differ, its rank decides."),
        ] = None,
        simulated: Annotated[
            bool, typer.Option("--simulated", help="Its figures are invented; say so everywhere.")
        ] = False,
        may_release: Annotated[
            bool,
            typer.Option("--may-release", help="It may release large restatements that other keys of the city pushed."),
        ] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Make a key and print it, once: afterwards only its hash is known."""
        command = CreateKey(
            source=_source(source),
            name=name,
            city=city,
            feeds=_feeds(feeds),
            simulated=simulated,
            authority=authority,
            may_release=may_release,
        )
        made = _with_store(database_url(), lambda keys: _create(command, keys))
        if as_json:
            typer.echo(json.dumps({"key": made.secret, **_document(made.sender)}, ensure_ascii=False))
        else:
            typer.echo(made.secret)
            typer.echo(f"key id {made.sender.key_id}; the key is not shown again", err=True)


def _add_list(app: typer.Typer, database_url: Callable[[], str]) -> None:
    @app.command("list")
    def list_keys(*, as_json: JsonOption = False) -> None:
        """List all keys, without their secrets."""
        senders = _with_store(database_url(), lambda keys: keys.list_all())
        if as_json:
            typer.echo(json.dumps([_document(sender) for sender in senders], ensure_ascii=False))
            return
        headings = ("source", "name", "authority", "city", "feeds", "simulated", "releases", "created", "revoked")
        table = Table(Column("key id", no_wrap=True), *headings)
        for sender in senders:
            document = _document(sender)
            table.add_row(
                *(str(document[name] or "") for name in ("key_id", "source", "name", "authority", "city")),
                ", ".join(sender.feeds),
                "yes" if sender.simulated else "no",
                "yes" if sender.may_release else "no",
                f"{sender.created_at:%Y-%m-%d %H:%M}",
                f"{sender.revoked_at:%Y-%m-%d %H:%M}" if sender.revoked_at else "",
            )
        Console().print(table)


def _add_revoke(app: typer.Typer, database_url: Callable[[], str]) -> None:
    @app.command()
    def revoke(key_id: Annotated[str, typer.Argument(help="The key's id, as `keys list` shows it.")]) -> None:
        """Refuse a key from now on."""
        if not _with_store(database_url(), lambda keys: keys.revoke(key_id, system_clock())):
            typer.echo(f"planwatch: no key {key_id} is in force", err=True)
            raise typer.Exit(1)
        typer.echo(f"revoked {key_id}")


async def _create(command: CreateKey, keys: PostgresKeyStore) -> NewKey:
    return await create_key(
        command,
        keys,
        clock=system_clock,
        new_key_id=lambda: f"key_{secrets.token_hex(8)}",
        new_secret=lambda: secrets.token_urlsafe(32),
    )


def _with_store(url: str, work: Callable[[PostgresKeyStore], Awaitable[T]]) -> T:
    async def run() -> T:
        async with connected_engine(url, role=_ROLE, pool_size=1) as engine:
            return await work(PostgresKeyStore(session_factory(engine)))

    try:
        return asyncio.run(run())
    except StoreUnavailableError as error:
        typer.echo(f"planwatch: {error}", err=True)
        raise typer.Exit(UNREACHABLE) from error


def _source(text: str) -> str:
    if not text.isascii() or not text.replace("-", "").replace("_", "").isalnum():
        raise typer.BadParameter("use letters, digits, - and _ only", param_hint="--source")
    return text


def _feeds(text: str) -> tuple[FeedName, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    unknown = [name for name in names if name not in set(FeedName)]
    if unknown:
        raise typer.BadParameter(f"no such feed: {', '.join(unknown)}", param_hint="--feeds")
    return tuple(FeedName(name) for name in names)


def _document(sender: Sender) -> dict[str, object]:
    return {
        "key_id": sender.key_id,
        "source": sender.source,
        "name": sender.name,
        "city": sender.city,
        "feeds": [str(feed) for feed in sender.feeds],
        "simulated": sender.simulated,
        "authority": sender.authority,
        "may_release": sender.may_release,
        "created_at": sender.created_at.isoformat(),
        "revoked_at": sender.revoked_at.isoformat() if sender.revoked_at else None,
    }
