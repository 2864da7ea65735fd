"""`planwatch verdicts recompute`: judges a verdict again from its page alone."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer

from services.rules.adapters.cli_surroundings import RUN_FILE, UNREACHABLE, USAGE, Surroundings
from services.rules.adapters.recompute import UnreadablePageError, differences, recompute
from services.rules.domain.verdict import Judgement
from shared.reference.units_of_measure import UnitsOfMeasure

DIFFERENT = 1
_PATIENCE_SECONDS = 30


def verdicts_commands(environ: Mapping[str, str], *, run_file: Path = RUN_FILE) -> typer.Typer:
    """Return the sub-application `verdicts`. Exit codes: 0 the same, 1 different, 2 usage, 3 no answer."""
    app = typer.Typer(help="Verdicts: judge one again.", no_args_is_help=True)
    around = Surroundings(environ, run_file)

    @app.callback()
    def _commands() -> None:
        """Keep `recompute` a command of its own."""

    @app.command("recompute")
    def recompute_verdict(
        source: Annotated[
            str, typer.Argument(help="Address of a verdict (/v1/verdicts/…), a file with its JSON, or -.")
        ],
        *,
        as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    ) -> None:
        """Judge a verdict again from its page alone, and compare: figures, target version, arithmetic, quote."""
        page = _page(source)
        units = UnitsOfMeasure.load(around.data_dir / "units_of_measure.csv")
        try:
            again = recompute(page, units)
        except UnreadablePageError as error:
            typer.echo(f"planwatch: {error}", err=True)
            raise typer.Exit(USAGE) from error
        found = [(one.what, str(one.page), str(one.recomputed)) for one in differences(page, again)]
        typer.echo(_as_json(again, found) if as_json else _as_text(page, again, found))
        raise typer.Exit(DIFFERENT if found else 0)

    return app


def _page(source: str) -> Mapping[str, Any]:
    try:
        text = _fetched(source) if source.startswith(("http://", "https://")) else _read(source)
        page: Mapping[str, Any] = json.loads(text)
    except httpx2.HTTPError as error:
        typer.echo(f"planwatch: {source} does not answer with a verdict: {error}", err=True)
        raise typer.Exit(UNREACHABLE) from error
    except (OSError, ValueError) as error:
        typer.echo(f"planwatch: {source} cannot be read: {error}", err=True)
        raise typer.Exit(USAGE) from error
    return page


def _fetched(url: str) -> str:
    response = httpx2.get(url, headers={"Accept": "application/json"}, timeout=_PATIENCE_SECONDS)
    response.raise_for_status()
    return response.text


def _read(source: str) -> str:
    return sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")


def _as_text(page: Mapping[str, Any], again: Judgement, found: list[tuple[str, str, str]]) -> str:
    lines = [f"{page['target_id']} · {page['period']} · {again.status}", ""]
    lines += [f"  {step.name.zh} {step.name.en}: {step.formula} = {step.value}{step.unit}" for step in again.steps] or [
        f"  {reason.zh}" for reason in again.reasons
    ]
    lines += ["", *(f"  {what}: {before} ≠ {after}" for what, before, after in found)]
    lines.append("与页面不一致 Not what the page says" if found else "与页面一致 The same as the page says")
    return "\n".join(lines)


def _as_json(again: Judgement, found: list[tuple[str, str, str]]) -> str:
    differing = [{"what": what, "page": before, "recomputed": after} for what, before, after in found]
    return json.dumps({"verdict_id": again.verdict_id, "same": not found, "differences": differing}, ensure_ascii=False)
