"""Tells people and programs what tried plans would have raised."""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.replay.backtest import Backtest, Tried
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


def totals_of(tried: Tried) -> dict[str, int]:
    """Count the alerts by what the plans make of them."""
    counted = Counter(pair.outcome for pair in tried.pairs)
    return {outcome.value: counted[outcome] for outcome in Outcome}


def document_of(command: Backtest, tried: Tried) -> dict[str, Any]:
    """Return everything as JSON."""
    return {
        "vintage": command.vintage.value,
        "from": str(command.since),
        "to": str(command.until),
        "scratch": tried.scratch,
        "submissions": tried.met.submissions,
        "totals": totals_of(tried),
        "alerts": [_pair_document(pair) for pair in tried.pairs],
    }


def _pair_document(pair: Pair) -> dict[str, Any]:
    shown = pair.shown
    return {
        "outcome": pair.outcome.value,
        "target_id": shown.key.target_id,
        "area": shown.key.area,
        "kind": shown.key.kind.value,
        "name": shown.name,
        "area_name": shown.area_name,
        "quote": shown.quote,
        "live": _opening_document(pair.live),
        "tried": _opening_document(pair.tried),
    }


def _opening_document(one: Opening | None) -> dict[str, Any] | None:
    if one is None:
        return None
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
    table = Table("结果\noutcome", "目标\ntarget", "现行\nlive", "试算\ntried", title=title)
    table.add_column("原文\nquote", overflow="fold")
    for pair in tried.pairs:
        shown = pair.shown
        target = f"{escape(shown.area_name)} {escape(shown.name)}\n[dim]{escape(shown.key.target_id)}[/dim]"
        if shown.key.kind in _KINDS:
            target += f"\n{_KINDS[shown.key.kind]}"
        sides = (_side(pair.live), _side(pair.tried))
        table.add_row(_NAMES[pair.outcome], target, *sides, escape(shown.quote))
    console.print(table)
    counted = ", ".join(f"{outcome} {number}" for outcome, number in totals_of(tried).items())
    console.print(f"合计 totals: {counted}", highlight=False)


def _side(one: Opening | None) -> str:
    if one is None:
        return "–"
    periods = one.period if one.since == one.period else f"{one.since} – {one.period}"
    lights = " → ".join(dict.fromkeys((_LIGHTS[one.severity], _LIGHTS[one.worst])))
    return f"{periods}\n{lights}\n{one.state}"
