"""The operator's commands, `planwatch channels …` and `planwatch notices …`. The environment comes from `services.__main__`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypeVar

import orjson
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from services.alerts.adapters.channels import BadChannelsFileError, load_channels
from services.alerts.adapters.postgres_redelivery import NoticeLine, enable_endpoint, list_notices, requeue_failed
from services.alerts.adapters.reach import Unreachable, units_without_channel
from services.alerts.domain.notice import NoticeState
from shared.adapters.clock import system_clock
from shared.adapters.postgres import connected_engine, session_factory
from shared.kernel.china_time import CHINA, day_in_china
from shared.kernel.clock import Clock
from shared.plans.findings import PlanFileError
from shared.plans.loader import load_plans

T = TypeVar("T")
STATE_DIR = Path(".planwatch")
UNITS_UNREACHABLE = 1
BAD_INPUT = 2
ROLE = "planwatch_alerts"

ChannelsFile = Annotated[
    Path | None,
    typer.Option(help="The channels file; else PLANWATCH_ALERTS_CHANNELS_FILE, else .planwatch/channels.yaml."),
]
PlansDir = Annotated[Path, typer.Option(help="Folder of the plan files.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")]


def channels_commands(environ: Mapping[str, str], *, state_dir: Path = STATE_DIR) -> typer.Typer:
    """Return the sub-application `channels`."""
    app = typer.Typer(help="Channels by which responsible units are reached.", no_args_is_help=True)

    @app.command()
    def check(
        channels_file: ChannelsFile = None, plans_dir: PlansDir = Path("plans"), *, as_json: AsJson = False
    ) -> None:
        """List units of the plans that no channel reaches, and names nobody has; exit code 1 when there is one."""
        try:
            channels = load_channels(channels_file or _channels_file(environ, state_dir), plans_dir)
            missing = units_without_channel(channels, load_plans(plans_dir), on=day_in_china(system_clock()))
        except (BadChannelsFileError, PlanFileError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(BAD_INPUT) from error
        unknown = channels.unknown()
        if as_json:
            typer.echo(orjson.dumps({"unreachable": missing, "unknown": unknown}).decode())
        else:
            typer.echo("\n".join(_report(missing, unknown)))
        raise typer.Exit(UNITS_UNREACHABLE if missing or unknown else 0)

    @app.command()
    def enable(url: str) -> None:
        """Use a webhook again that had answered 410 Gone; exit code 1 when it was not disabled."""
        enabled = _in_transaction(_database_url(environ, state_dir), lambda session: enable_endpoint(session, url))
        typer.echo("已恢复 (enabled)" if enabled else "该地址未被停用 (it was not disabled)")
        raise typer.Exit(0 if enabled else 1)

    return app


def notices_commands(
    environ: Mapping[str, str], *, clock: Clock = system_clock, state_dir: Path = STATE_DIR
) -> typer.Typer:
    """Return the sub-application `notices`."""
    app = typer.Typer(help="Notices and their delivery.", no_args_is_help=True)

    @app.command("list")
    def list_(
        state: Annotated[NoticeState | None, typer.Option(help="Only notices in this state.")] = None,
        limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
        *,
        as_json: AsJson = False,
    ) -> None:
        """List notices, the newest first."""
        url = _database_url(environ, state_dir)
        lines = _in_transaction(url, lambda session: list_notices(session, state=state, limit=limit))
        if as_json:
            typer.echo(orjson.dumps([asdict(line) for line in lines]).decode())
        else:
            Console().print(_table(lines))

    @app.command()
    def retry(
        notice: Annotated[list[str] | None, typer.Option(help="Only this notice; may be given several times.")] = None,
    ) -> None:
        """Queue failed notices again, words unchanged; those of disabled endpoints stay failed."""
        count = _in_transaction(
            _database_url(environ, state_dir),
            lambda session: requeue_failed(session, notice_ids=notice or [], now=clock()),
        )
        typer.echo(f"重新排队 {count} 条通知 ({count} notices queued again)")

    return app


def _report(missing: list[Unreachable], unknown: tuple[str, ...]) -> list[str]:
    lines = [
        f"没有通知渠道 (no channel): {one.city} {one.unit}，涉及 {one.matters} 项 (of {one.matters} targets and rules)"
        for one in missing
    ]
    lines += [f"名录中没有该单位 (no such unit in the directory): {name}" for name in unknown]
    return lines or ["全部责任单位均有通知渠道 (all units are reached)"]


def _table(lines: list[NoticeLine]) -> Table:
    table = Table("时间", "状态", "渠道", "单位", "主题", "次数", "原因")
    for line in lines:
        when = line.created_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        table.add_row(
            when, line.state, line.channel, line.unit, line.subject, str(line.attempts), line.last_error or ""
        )
    return table


def _channels_file(environ: Mapping[str, str], state_dir: Path) -> Path:
    return Path(environ.get("PLANWATCH_ALERTS_CHANNELS_FILE") or state_dir / "channels.yaml")


def _database_url(environ: Mapping[str, str], state_dir: Path) -> str:
    """Return the URL the environment names, else that of the system running on this machine."""
    named = environ.get("PLANWATCH_DATABASE_URL")
    run_file = state_dir / "run.json"
    if not named and run_file.is_file():
        named = orjson.loads(run_file.read_bytes())["servers"].get("postgresql")
    if not named:
        typer.echo("planwatch: set PLANWATCH_DATABASE_URL, or start planwatch with `planwatch up`", err=True)
        raise typer.Exit(BAD_INPUT)
    return str(named)


def _in_transaction(database_url: str, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def run() -> T:
        async with (
            connected_engine(database_url, role=ROLE, pool_size=1) as engine,
            session_factory(engine).begin() as session,
        ):
            return await work(session)

    return asyncio.run(run())
