"""Tells people and programs what a verification found."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.replay.compare import Comparison, Difference
from deploy.replay.verify import Verified

_HASH_SHOWN = 8
_VALUE_SHOWN = 300
_NAMES = {
    "rounds": "评判轮次 rounds",
    "submissions": "报送批次 submissions",
    "rows": "行 rows",
    "verdicts": "评判 verdicts",
    "forecasts": "预测 forecasts",
    "signals": "事件 signals",
    "findings": "研判结果 findings",
    "alerts": "预警 alerts",
    "history": "预警经过 history",
    "notices": "通知 notices",
}


def document_of(verified: Verified) -> dict[str, Any]:
    """Return everything as JSON."""
    return {
        "equal": verified.equal,
        "scratch": verified.scratch,
        "submissions": verified.met.submissions,
        "parked_rows": {submission: list(rows) for submission, rows in verified.met.parked.items()},
        "not_accepted": verified.met.not_accepted,
        "refused_acts": verified.acted.refused,
        "findings_not_taken_up": verified.acted.waiting,
        "kinds": [_kind_document(one) for one in verified.comparisons],
    }


def _kind_document(one: Comparison) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "live": one.live,
        "replayed": one.replayed,
        "live_sha256": one.live_hash,
        "replayed_sha256": one.replayed_hash,
        "equal": one.equal,
        "different": one.different,
        "first": [
            {
                "key": difference.key,
                "found": difference.found,
                "members": [
                    {"name": name, "live": live, "replayed": replayed} for name, live, replayed in difference.members
                ],
            }
            for difference in one.first
        ],
    }


def print_verified(console: Console, verified: Verified) -> None:
    """Print the table, what the replay met, and the first differences of each kind."""
    table = Table(title="重放比对 replayed and compared")
    table.add_column("类别\nkind", no_wrap=True)
    for heading in ("现行\nlive", "重放\nreplayed"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("SHA-256\nlive", "SHA-256\nreplayed", "一致\nequal"):
        table.add_column(heading, no_wrap=True)
    for one in verified.comparisons:
        hashes = (one.live_hash[:_HASH_SHOWN], one.replayed_hash[:_HASH_SHOWN])
        mark = "[green]是 yes[/green]" if one.equal else f"[red]否 no: {one.different}[/red]"
        table.add_row(_NAMES.get(one.kind, one.kind), f"{one.live:,}", f"{one.replayed:,}", *hashes, mark)
    console.print(table)
    for line in _met(verified):
        console.print(line, highlight=False)
    for one in verified.comparisons:
        _print_differences(console, one)


def _met(verified: Verified) -> Iterator[str]:
    if verified.met.parked:
        listed = "; ".join(
            f"{submission}: {', '.join(map(str, rows))}" for submission, rows in sorted(verified.met.parked.items())
        )
        yield (
            f"[yellow]搁置未存的行 rows parked and never stored: {verified.met.parked_rows}[/yellow] ({escape(listed)})"
        )
    if verified.met.not_accepted:
        listed = ", ".join(verified.met.not_accepted)
        yield f"[red]采集库没有的报送 submissions that ingest does not have[/red]: {escape(listed)}"
    if verified.acted.refused:
        listed = "; ".join(verified.acted.refused)
        yield f"[red]无法重做的处置 acts that could not be done again[/red]: {escape(listed)}"
    if verified.acted.waiting:
        yield f"[yellow]预警尚未接收的研判结果 findings that alerts has not taken up: {verified.acted.waiting}[/yellow]"


def _print_differences(console: Console, one: Comparison) -> None:
    if not one.first:
        return
    name = _NAMES.get(one.kind, one.kind)
    console.print(f"\n[bold]{name}[/bold]: {len(one.first)} / {one.different}", highlight=False)
    for difference in one.first:
        _print_difference(console, difference)


def _print_difference(console: Console, difference: Difference) -> None:
    console.print(f"  {difference.found}  {escape(difference.key)}", highlight=False, soft_wrap=True)
    for name, live, replayed in difference.members:
        values = f"现行 live {_cut(live)}  重放 replayed {_cut(replayed)}"
        console.print(f"    {escape(name)}: {escape(values)}", highlight=False, soft_wrap=True)


def _cut(value: str) -> str:
    return value if len(value) <= _VALUE_SHOWN else f"{value[:_VALUE_SHOWN]}…"
