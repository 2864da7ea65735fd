"""`planwatch shadow`: changed plans beside the live ones, and the difference."""

import json
import re
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from deploy.local.until_signal import run_until_signal
from deploy.replay.backtest_report import pair_document, print_pairs, totals_in_words
from deploy.replay.cli_parts import RULES_HELP, JsonOption, answered, trial_plans
from deploy.replay.difference import totals_of
from deploy.replay.shadow import Shadow, Standing, Told, forget_shadow, run_shadow
from deploy.replay.trial_plans import fingerprint_of
from services.rules.adapters.cli_surroundings import Surroundings

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")


def add_shadow(app: typer.Typer, around: Surroundings) -> None:
    """Add `shadow`."""

    @app.command()
    def shadow(
        rules: Annotated[Path | None, typer.Argument(help=RULES_HELP)] = None,
        *,
        name: Annotated[str | None, typer.Option(help="What it is called; default: the folder's name.")] = None,
        city: Annotated[str | None, typer.Option(help="One city, by its code; default: all.")] = None,
        once: Annotated[bool, typer.Option("--once", help="End when it has caught up.")] = False,
        forget: Annotated[
            str | None, typer.Option(metavar="NAME", help="Forget a shadow that does not run, and its difference.")
        ] = None,
        as_json: JsonOption = False,
    ) -> None:
        """Run changed plans or thresholds beside the live ones, telling nobody, and show the difference at `/shadows`.

        Everything ever accepted is judged first, then what comes, until Ctrl-C. Of the live system only schema `shadow`
        is written. Started again under its name it begins anew and ends in the same difference.
        Exit code 0 also when alerts differ, 1 when the plans have errors or the name is taken, 2 wrong use, 3 when the
        server is away.
        """
        live_url = around.server("PLANWATCH_DATABASE_URL", "postgresql")
        if forget is not None:
            _forget(live_url, forget, is_alone=rules is None and name is None)
            return
        if rules is None:
            raise typer.BadParameter("缺少规划文件夹 a folder of plans is needed", param_hint="RULES")
        plans = trial_plans(rules, around)
        command = Shadow(
            name=_checked(name or rules.resolve().name),
            live_url=live_url,
            data_dir=around.data_dir,
            duties_dir=around.plans_dir if around.plans_dir.is_dir() else None,
            plans=plans,
            fingerprint=fingerprint_of(plans),
            city=city,
        )
        told = _teller(command, once=once, as_json=as_json)
        answered(run_until_signal(run_shadow(command, once=once, told=told)))


def _forget(live_url: str, name: str, *, is_alone: bool) -> None:
    if not is_alone:
        raise typer.BadParameter("只与名称同用 takes a name and nothing else", param_hint="--forget")
    answered(forget_shadow(live_url, _checked(name)))
    typer.echo(f"已删除影子 forgotten: {name}")


def _checked(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise typer.BadParameter(
            f"名称只能含小写字母、数字和连字符，最多32个 up to 32 lower-case letters, digits and hyphens: {name}",
            param_hint="--name",
        )
    return name


def _teller(command: Shadow, *, once: bool, as_json: bool) -> Told:
    """Return what tells each new difference: as a line of JSON, as a table, or in one line while it is followed."""

    def tell(standing: Standing) -> None:
        if as_json:
            typer.echo(json.dumps(document_of(command, standing), ensure_ascii=False))
        elif once:
            print_pairs(Console(), standing.pairs, title=f"影子 shadow {command.name}")
        else:
            typer.echo(f"{_reached(standing)}: {totals_in_words(standing.pairs)}")

    return tell


def _reached(standing: Standing) -> str:
    last = standing.last
    return "没有评判批次 no rounds yet" if last is None else f"第{last.number}批次 round {last.number}, {last.at:%F %T}"


def document_of(command: Shadow, standing: Standing) -> dict[str, Any]:
    """Return how a shadow stands as JSON."""
    last = standing.last
    return {
        "name": command.name,
        "fingerprint": command.fingerprint,
        "round": None if last is None else last.number,
        "at": None if last is None else last.at.isoformat(),
        "totals": totals_of(standing.pairs),
        "alerts": [pair_document(pair) for pair in standing.pairs],
    }
