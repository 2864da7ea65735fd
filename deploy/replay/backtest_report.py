"""Tells people and programs what tried plans would have raised."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.replay.backtest import Backtest, Tried
from deploy.replay.difference import totals_of
from deploy.replay.openings import Opening, Outcome, Pair
from services.alerts.domain.finding import FindingKind

_NAMES = {
    Outcome.ADDED: "[green]新增 added[/green]",
    Outcome.LOST: "[red]不再有 lost[/red]",
    Outcome.SEVERITY: "[yellow]灯色不同 other light[/yellow]",
    Outcome.DATES: "[yellow]期次不同 other periods[/yellow]",
    Outcome.SAME: "[dim]相同 same[/dim]",
}
_KINDS = {FindingKind.FORECAST: "预测预警 forecast", FindingKind.RATING_D: "D类 rated D"}
"""What an alert is about, where it is not the light of its target."""
_LIGHTS = {"red": "红 red", "yellow": "黄 yellow"}  # as it opened, and the worst it became


def document_of(command: Backtest, tried: Tried) -> dict[str, Any]:
    """Return everything as JSON."""
    return {
        "vintage": command.vintage.value,
        "from": str(command.since),
        "to": str(command.until),
        "scratch": tried.scratch,
        "submissions": tried.met.submissions,
        "totals": totals_of(tried.pairs),
        "alerts": [pair_document(pair) for pair in tried.pairs],
    }


def pair_document(pair: Pair) -> dict[str, Any]:
    """Return an alert of both sides as JSON."""
    shown = pair.shown
    return {
        "outcome": pair.outcome.value,
        "target_id": shown.key.target_id,
        "area": shown.key.area,
        "kind": shown.key.kind.value,
        "name": shown.name,
        "area_name": shown.area_name,
        "quote": shown.quote,
        "live": None if pair.live is None else opening_document(pair.live),
        "tried": None if pair.tried is None else opening_document(pair.tried),
    }


def opening_document(one: Opening) -> dict[str, Any]:
    """Return an alert as it opened as JSON."""
    return {
        "since": one.since,
        "period": one.period,
        "severity": one.severity,
        "worst": one.worst,
        "opened_at": one.opened_at.isoformat(),
        "state": one.state,
    }


def print_tried(console: Console, command: Backtest, tried: Tried) -> None:
    """Print the alerts side by side, and how many there are of each outcome."""
    title = f"试算 backtest {command.since} – {command.until}, vintage {command.vintage}"
    print_pairs(console, tried.pairs, title=title)


def print_pairs(console: Console, pairs: Sequence[Pair], *, title: str) -> None:
    """Print the alerts of both sides, and how many there are of each outcome."""
    table = Table("结果\noutcome", "目标\ntarget", "现行\nlive", "试算\ntried", title=title)
    table.add_column("原文\nquote", overflow="fold")
    for pair in pairs:
        shown = pair.shown
        target = f"{escape(shown.area_name)} {escape(shown.name)}\n[dim]{escape(shown.key.target_id)}[/dim]"
        if shown.key.kind in _KINDS:
            target += f"\n{_KINDS[shown.key.kind]}"
        sides = (_side(pair.live), _side(pair.tried))
        table.add_row(_NAMES[pair.outcome], target, *sides, escape(shown.quote))
    console.print(table)
    console.print(f"合计 totals: {totals_in_words(pairs)}", highlight=False)


def totals_in_words(pairs: Sequence[Pair]) -> str:
    """Say how many alerts there are of each outcome."""
    return ", ".join(f"{outcome} {number}" for outcome, number in totals_of(pairs).items())


def _side(one: Opening | None) -> str:
    if one is None:
        return "–"
    periods = one.period if one.since == one.period else f"{one.since} – {one.period}"
    lights = " → ".join(dict.fromkeys((_LIGHTS[one.severity], _LIGHTS[one.worst])))
    return f"{periods}\n{lights}\n{one.state}"
