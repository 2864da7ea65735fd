"""`planwatch parked list | resend`."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from services.rules.adapters.cli_surroundings import Surroundings, run
from shared.adapters.clock import system_clock
from shared.adapters.kafka import started_producer
from shared.adapters.parked import list_parked, resend_parked
from shared.adapters.postgres import connected_engine, session_factory

T = TypeVar("T")
SchemaOption = Annotated[str, typer.Option("--service", help="Whose parked messages: rules or alerts.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def add_parked_commands(app: typer.Typer, around: Surroundings) -> None:
    """Add the commands."""
    _add_list(app, around)
    _add_resend(app, around)


def _add_list(app: typer.Typer, around: Surroundings) -> None:
    @app.command("list")
    def list_(*, service: SchemaOption = "rules", as_json: JsonOption = False) -> None:
        """List what is parked and not yet sent again."""
        messages = run(_in_schema(around, _schema(service), lambda session: list_parked(session, service)))
        if as_json:
            rows = [
                {"parked_id": one.parked_id, "topic": one.topic, "reason": one.reason, "at": one.parked_at.isoformat()}
                for one in messages
            ]
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        table = Table("id", "topic", "partition", "offset", "parked at", "reason")
        for one in messages:
            table.add_row(
                str(one.parked_id), one.topic, str(one.partition), str(one.offset), f"{one.parked_at:%F %T}", one.reason
            )
        Console().print(table)


def _add_resend(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def resend(*, service: SchemaOption = "rules") -> None:
        """Send every parked message to its topic again."""
        schema = _schema(service)

        async def work(session: AsyncSession) -> int:
            async with started_producer(around.server("PLANWATCH_KAFKA_BOOTSTRAP_SERVERS", "kafka")) as producer:
                return await resend_parked(session, schema, producer, at=system_clock())

        typer.echo(f"{run(_in_schema(around, schema, work))} messages sent again")


def _schema(service: str) -> str:
    if service not in ("rules", "alerts"):
        raise typer.BadParameter("rules or alerts", param_hint="--service")
    return service


async def _in_schema(around: Surroundings, schema: str, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    url = around.server("PLANWATCH_DATABASE_URL", "postgresql")
    async with (
        connected_engine(url, role=f"planwatch_{schema}", pool_size=1) as engine,
        session_factory(engine).begin() as session,
    ):
        return await work(session)
