"""Prints what happened: lights, alerts, notices, checks, and where to look."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.local.demo.outcome import ACTIVE, Check, Record

_LIGHTS = {"green": "[green]● 绿[/]", "yellow": "[yellow]▲ 黄[/]", "red": "[red]■ 红[/]", "grey": "[dim]○ 未评[/]"}


def print_plans(console: Console, plans: Sequence[Record], alerts: Sequence[Record]) -> None:
    """Print each plan with the lights of its targets and its alerts that somebody must act on."""
    table = Table(title="规划 Plans")
    for column in ("规划", *_LIGHTS.values(), "未解除预警"):
        table.add_column(column)
    active = Counter(alert["plan_id"] for alert in alerts if alert["state"] in ACTIVE)
    for plan in plans:
        lights = [str(plan["targets"][light]) for light in _LIGHTS]
        table.add_row(plan["title_zh"], *lights, str(active[plan["id"]]))
    console.print(table)


def print_targets(console: Console, targets: Sequence[Record]) -> None:
    """Print each judged target with its light and figures; the others are told as a number."""
    waiting = [target for target in targets if target["light"] == "grey"]
    table = Table(title="目标与亮灯 Targets", caption=f"另有 {len(waiting)} 项暂无评判（缺数据或未到时点）")
    for column, justify in (
        ("目标", "left"),
        ("期", "left"),
        ("实际", "right"),
        ("应达", "right"),
        ("灯", "left"),
        ("状态", "left"),
    ):
        table.add_column(column, justify="right" if justify == "right" else "left")
    for target in (one for one in targets if one["light"] != "grey"):
        verdict = target["verdict"] or {}
        table.add_row(
            f"{target['name_zh']}（{target['year']}）",
            verdict.get("period", ""),
            verdict.get("actual") or "—",
            verdict.get("expected") or "—",
            _LIGHTS[target["light"]],
            verdict.get("status", ""),
        )
    console.print(table)


def print_alerts(console: Console, alerts: Sequence[Record]) -> None:
    """Print each alert with its state."""
    table = Table(title="预警 Alerts", caption="其他规划的预警见网页 those of other plans are on the pages")
    for column in ("预警", "区域", "级别", "状态", "开始", "最近一期"):
        table.add_column(column)
    for alert in alerts:
        name = f"{alert['name_zh']} 第{alert['episode']}次" if alert["episode"] > 1 else alert["name_zh"]
        table.add_row(
            name,
            alert["area_name"],
            _LIGHTS[alert["severity"]],
            alert["state"],
            alert["opened_period"],
            alert["period"],
        )
    console.print(table)


def print_notices(console: Console, details: Sequence[Record], folder: Path) -> None:
    """Print how many notices of each channel stand in which state, and where the mails lie."""
    counts = Counter((notice["channel"], notice["state"]) for detail in details for notice in detail["notices"])
    for (channel, state), count in sorted(counts.items()):
        console.print(f"通知 notices: {channel} {state} {count}")
    console.print(f"收到的邮件 the mails received: {folder}")


def print_checks(console: Console, checks: Sequence[Check]) -> None:
    """Print every expectation that does not hold, or that all do."""
    failed = [check for check in checks if not check.holds]
    for check in failed:
        console.print(f"[red]✗ {check.what}: expected {check.expected}, found {check.found}[/]")
    console.print(
        f"{len(checks) - len(failed)} of {len(checks)} expectations hold (the simulation's truth against the system)"
    )


def print_addresses(console: Console, urls: Mapping[str, str]) -> None:
    """Print where to look."""
    console.print(f"\n网页 web pages  {urls['query']}/")
    for name in ("ingest", "alerts", "query"):
        console.print(f"接口 API        {urls[name]}/openapi.json")
