"""A random past of one city, written as rules and alerts would have, and a model in memory that knew everything all along."""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg

from shared.kernel.ids import stable_id
from shared.kernel.period import Period
from shared.plans.expand import YearTarget
from tests.fakes.query_base import CITY, PLAN, Row, insert

START = datetime(2025, 1, 1, tzinfo=UTC)
SPAN_MINUTES = 400_000
INDICATOR = "high-tech-share-of-output"
PERIODS = [Period.parse(text) for text in ("2025-01/P2M", "2025-03", "2025-04", "2025-Q2", "2025-06")]
_AREAS = ("321300", "321322")
_CODES = tuple(f"2401-321300-04-01-10000{number}" for number in range(3))
_STATUSES = {"on_pace": "green", "behind": "yellow", "far_behind": "red", "no_data": None}


@dataclass(frozen=True, slots=True)
class Past:
    """Everything that was ever written. `known` methods answer as a list of what was known at an instant should."""

    targets: Sequence[YearTarget]
    submissions: list[dict[str, Any]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    projects: list[dict[str, Any]] = field(default_factory=list)
    plan_versions: list[dict[str, Any]] = field(default_factory=list)
    target_versions: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    signals: list[dict[str, Any]] = field(default_factory=list)
    alerts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def known_figures(self, at: datetime) -> dict[tuple[str, str], tuple[Decimal, str]]:
        """By period and area: the value and the submission it comes from."""
        newest = self._newest(self.figures, at, lambda row: (row["value_period"], row["area"]))
        return {cell: (row["value"], row["submission_id"]) for cell, row in newest.items() if not row["removed"]}

    def known_projects(self, at: datetime) -> dict[str, tuple[str, int, str]]:
        """By code: period, amount and submission of its newest report; a project its newest report removed is gone."""
        reports = self._newest(self.projects, at, lambda row: (row["code"], row["period_end"]))
        latest: dict[str, dict[str, Any]] = {}
        for (code, _), row in sorted(reports.items()):
            latest[code] = row
        return {
            code: (row["period"], row["completed_ytd_yuan"], row["submission_id"])
            for code, row in latest.items()
            if not row["removed"]
        }

    def known_verdicts(self, target_id: str, at: datetime) -> dict[str, str]:
        """By period: the id of the verdict that held."""
        found: dict[str, str] = {}
        for row in self.verdicts:  # in the order of their sequence
            if row["target_id"] == target_id and row["recorded_at"] <= at:
                found[row["period"]] = row["verdict_id"]
        return found

    def known_targets(self, at: datetime) -> dict[str, tuple[int, str | None, str]]:
        """By id: version, governing verdict and light of the targets that the plan had."""
        plans = [row for row in self.plan_versions if row["recorded_at"] <= at]
        versions = {row["target_id"]: row["version"] for row in self.target_versions if row["recorded_at"] <= at}
        named = plans[-1]["document"]["target_ids"] if plans else []
        return {
            target: (version, *self._governing(target, at)) for target, version in versions.items() if target in named
        }

    def known_signals(self, at: datetime) -> dict[str, str]:
        """By id: the period of the signals that held."""
        newest = {row["signal_id"]: row for row in self.signals if row["recorded_at"] <= at}
        return {signal: row["period"] for signal, row in newest.items() if row["active"]}

    def known_alerts(self, at: datetime) -> dict[str, tuple[str, str, str, str | None]]:
        """By id: state, severity, period and the ground of its end."""
        last = {
            alert: [event for event in events if event["updated_at"] <= at] for alert, events in self.alerts.items()
        }
        return {
            alert: (held[-1]["state"], held[-1]["severity"], held[-1]["period"], held[-1]["ground"])
            for alert, held in last.items()
            if held
        }

    def _governing(self, target_id: str, at: datetime) -> tuple[str | None, str]:
        rows = [row for row in self.verdicts if row["target_id"] == target_id and row["recorded_at"] <= at]
        if not rows:
            return None, "grey"
        latest = max(row["period_end"] for row in rows)
        shortest = min(len(row["period"]) for row in rows if row["period_end"] == latest)
        held = [row for row in rows if row["period_end"] == latest and len(row["period"]) == shortest][-1]
        return held["verdict_id"], held["light"] or "grey"

    def _newest(
        self, rows: Iterable[dict[str, Any]], at: datetime, cell: Callable[[dict[str, Any]], Any]
    ) -> dict[Any, dict[str, Any]]:
        complete = {
            one["submission_id"]
            for one in self.submissions
            if one["completed_at"] is not None and one["completed_at"] <= at
        }
        known = [row for row in rows if row["submission_id"] in complete]
        return {cell(row): row for row in sorted(known, key=lambda row: (row["sequence"], row["row_number"]))}


def chance_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  (for a made-up past, no secret)


def random_past(seed: int, all_targets: Sequence[YearTarget]) -> Past:
    """Make one up: late, repeated, removed, never finished and out of order."""
    chance = chance_of(seed)
    past = Past([target for target in all_targets if target.clause.id == "m1"][:4])
    _feeds(past, chance)
    _plans(past, chance)
    _judgements(past, chance)
    _signals(past, chance)
    for number in range(6):
        past.alerts[stable_id("alert", "past", str(number))] = _alert_life(chance, past.targets[number % 4], number)
    return past


def some_instant(chance: random.Random) -> datetime:
    return START + timedelta(minutes=chance.randrange(SPAN_MINUTES), microseconds=chance.randrange(3))


def _instants(chance: random.Random, count: int) -> list[datetime]:
    return sorted(some_instant(chance) for _ in range(count))


def _feeds(past: Past, chance: random.Random) -> None:
    sequences = chance.sample(range(1, 1000), 40)
    for number, (sequence, recorded) in enumerate(zip(sequences, _instants(chance, 40), strict=True)):
        period = chance.choice(PERIODS)
        feed = chance.choice(["indicators", "projects"])
        submission: dict[str, Any] = {
            "submission_id": f"sub_past_{number}",
            "source": "simulated.example",
            "simulated": True,
            "city": CITY,
            "feed": feed,
            "period": str(period),
            "period_end": period.end,
            "action": "merge",
            "reason": chance.choice([None, "revision"]),
            "sequence": sequence,
            "events": 3,
            "received": 3,
            "parked": 0,
            "recorded_at": recorded,
            "completed_at": recorded + timedelta(minutes=chance.choice([0, 1, 30_000]))
            if chance.random() < 0.9
            else None,
            "correlation_id": f"past-{number}",
        }
        past.submissions.append(submission)
        rows, make = (past.figures, _figure) if feed == "indicators" else (past.projects, _project)
        rows += [make(chance, _origin(submission, row_number), period) for row_number in range(1, 4)]


def _origin(submission: Row, row_number: int) -> dict[str, Any]:
    kept = ("submission_id", "source", "city", "period", "period_end", "sequence", "recorded_at")
    return {**{name: submission[name] for name in kept}, "row_number": row_number}


def _figure(chance: random.Random, origin: dict[str, Any], period: Period) -> dict[str, Any]:
    removed = chance.random() < 0.25
    return {
        **origin,
        "removed": removed,
        "indicator": INDICATOR,
        "area": chance.choice(_AREAS),
        "value_period": str(period),
        "measure": "level",
        "basis": "month",
        "value": None if removed else Decimal(chance.randrange(1000)) / 10,
        "unit": None if removed else "%",
        "status": None if removed else "provisional",
        "authority": None if removed else "统计局",
    }


def _project(chance: random.Random, origin: dict[str, Any], _period: Period) -> dict[str, Any]:
    said = {
        "name": "模拟项目",
        "area": "321322",
        "kind": "new",
        "planned_total_yuan": 1_000_000_000,
        "completed_ytd_yuan": chance.randrange(1_000_000),
        "start_evidence": "accepted",
    }
    removed = chance.random() < 0.25
    return {**origin, "code": chance.choice(_CODES), "removed": removed, **({} if removed else said)}


def _plans(past: Past, chance: random.Random) -> None:
    ids = [target.id for target in past.targets]
    for version, recorded in enumerate(_instants(chance, 3), start=1):
        past.plan_versions.append(
            {"version": version, "recorded_at": recorded, "document": {"target_ids": ids if version != 2 else ids[1:]}}
        )
    for target in past.targets:
        for version, recorded in enumerate(_instants(chance, chance.randrange(1, 4)), start=1):
            past.target_versions.append({"target_id": target.id, "version": version, "recorded_at": recorded})
    past.target_versions.sort(key=lambda row: (row["recorded_at"], row["version"]))


def _judgements(past: Past, chance: random.Random) -> None:
    for number, recorded in enumerate(_instants(chance, 80)):
        target, period = chance.choice(past.targets), chance.choice(PERIODS)
        status = chance.choice(list(_STATUSES))
        past.verdicts.append(
            {
                "verdict_id": f"verdict_past_{number}",
                "target_id": target.id,
                "target_version": 1,
                "plan_id": PLAN,
                "area": target.area,
                "city": CITY,
                "period": str(period),
                "period_end": period.end,
                "recorded_at": recorded,
                "status": status,
                "actual": None if status == "no_data" else Decimal(chance.randrange(100)),
                "pace": "integer",
                "light": _STATUSES[status],
                "reasons": [],
                "inputs": [],
                "figures": [],
                "simulated": True,
                "correlation_id": f"past-{number}",
            }
        )


def _signals(past: Past, chance: random.Random) -> None:
    for recorded in _instants(chance, 30):
        period = chance.choice(PERIODS)
        name = str(chance.randrange(5))
        past.signals.append(
            {
                "signal_id": stable_id("signal", "past", name),
                "rule_id": f"{PLAN}/m1/start-50yi",
                "plan_id": PLAN,
                "kind": "project_start",
                "area": "321322",
                "city": CITY,
                "period": str(period),
                "period_end": period.end,
                "entity": name,
                "entity_name": "模拟项目",
                "occurred_on": date(2025, 1, 2),
                "detail": {"planned_total_yuan": 1},
                "active": chance.random() < 0.7,
                "simulated": True,
                "fingerprint": name,
                "recorded_at": recorded,
            }
        )


def _alert_life(chance: random.Random, target: YearTarget, number: int) -> list[dict[str, Any]]:
    """Return how an alert stood after each of its changes; some end."""
    moments = _instants(chance, chance.randrange(1, 7))
    life: list[dict[str, Any]] = []
    for place, at in enumerate(moments):
        ends = place == len(moments) - 1 and place > 0 and chance.random() < 0.6
        life.append(
            {
                "target_id": target.id,
                "area": f"area-{number}",
                "area_name": "宿迁市",
                "city": CITY,
                "kind": "lagging",
                "episode": 1,
                "state": "closed" if ends else ("open" if place == 0 else chance.choice(["open", "acknowledged"])),
                "severity": chance.choice(["yellow", "red"]),
                "opened_at": moments[0],
                "opened_period": str(PERIODS[0]),
                "since_period": str(PERIODS[0]),
                "period": str(chance.choice(PERIODS)),
                "updated_at": at,
                "closed_at": at if ends else None,
                "ground": "data_recovered" if ends else None,
                "finding_sequence": place + 1,
                "simulated": True,
            }
        )
    return life


async def write_past(
    connection: "asyncpg.Connection[asyncpg.Record]", past: Past, *, plan: Row, targets: dict[str, Row], finding: Row
) -> None:
    """Write it all; `plan`, `targets` and `finding` are what versions, definitions and alerts hold besides."""
    ids = past.plan_versions
    await insert(
        connection,
        "rules.plan_versions",
        [{**plan, **version, "document": {**plan["document"], **version["document"]}} for version in ids],
    )
    versions = [{**targets[version["target_id"]], **version} for version in past.target_versions]
    await insert(connection, "rules.target_versions", versions)
    await insert(connection, "rules.submissions", past.submissions)
    await insert(connection, "rules.indicator_versions", past.figures)
    await insert(connection, "rules.project_versions", past.projects)
    await insert(connection, "rules.verdicts", past.verdicts)
    await insert(connection, "rules.signals", past.signals)
    for alert_id, life in past.alerts.items():
        rows = [{"alert_id": alert_id, **stood, "finding": finding} for stood in life]
        await insert(connection, "alerts.alerts", rows[-1:])
        for row in rows:
            await _event(connection, row)


async def _event(connection: "asyncpg.Connection[asyncpg.Record]", row: Row) -> None:
    snapshot = json.dumps(row, ensure_ascii=False, default=lambda value: value.isoformat())
    await insert(
        connection,
        "alerts.alert_events",
        [
            {
                "alert_id": row["alert_id"],
                "at": row["updated_at"],
                "change": "updated",
                "state": row["state"],
                "severity": row["severity"],
                "period": row["period"],
                "finding_sequence": row["finding_sequence"],
                "correlation_id": "past",
                "snapshot": json.loads(snapshot),
            }
        ],
    )
