"""Versions of plans and targets in PostgreSQL; the catalogue is built from them again when they change."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import asyncpg

from services.rules.adapters.plan_catalogue import CatalogueBuilder, StoredVersion
from services.rules.adapters.postgres_intake import Connection
from services.rules.application.catalogue import Catalogue, PlanDefinition
from services.rules.domain.in_force import NEVER, PlanVersion, versions_in_force

LOCK = "SELECT pg_advisory_xact_lock(hashtext('rules.plans'))"
_LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtext('rules.plans'))"

_PLAN_HEADS = """
SELECT DISTINCT ON (plan_id) plan_id, version, content FROM rules.plan_versions ORDER BY plan_id, version DESC
"""

_TARGET_HEADS = """
SELECT DISTINCT ON (target_id) target_id, version, content FROM rules.target_versions WHERE plan_id = $1
ORDER BY target_id, version DESC
"""

_STORE_PLAN = """
INSERT INTO rules.plan_versions (plan_id, version, title, document_number, issuer, issued_on, city, text_sha256,
    effective_on, content, document, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12)
"""

_STORE_TARGET = """
INSERT INTO rules.target_versions (target_id, version, plan_id, plan_version, effective_on, clause_id, area, city,
    indicator, content, definition, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12)
"""

_PLAN_VERSIONS = """
SELECT plan_id, version,
       CASE WHEN jsonb_array_length(coalesce(document -> 'amendments', '[]')) > 0 THEN effective_on END AS since
FROM rules.plan_versions
"""

_DOCUMENT = "SELECT document::text FROM rules.plan_versions WHERE plan_id = $1 AND version = $2"

_TARGET_VERSIONS = """
SELECT plan_id, target_id, version, plan_version FROM rules.target_versions ORDER BY target_id, version
"""


class CatalogueCache:
    """The catalogue built last, with the plan versions it was built from."""

    def __init__(self, builder: CatalogueBuilder) -> None:
        self._builder = builder
        self._plans: tuple[tuple[str, int, str], ...] | None = None
        self._catalogue = Catalogue((), ())

    async def current(self, connection: Connection) -> Catalogue:
        """Return the catalogue of the stored plans, built anew only when one has a new version."""
        heads = tuple(
            (record["plan_id"], record["version"], record["content"]) for record in await connection.fetch(_PLAN_HEADS)
        )
        if heads != self._plans:
            self._catalogue = self._builder.build(await _stored_versions(connection))
            self._plans = heads
        return self._catalogue


async def _stored_versions(connection: Connection) -> list[StoredVersion]:
    """Return every plan version that judges any period, and those that hold targets which no such version has."""
    plans: defaultdict[str, list[PlanVersion]] = defaultdict(list)
    for record in await connection.fetch(_PLAN_VERSIONS):
        plans[record["plan_id"]].append(PlanVersion(record["version"], record["since"]))
    targets: defaultdict[str, list[asyncpg.Record]] = defaultdict(list)
    for record in await connection.fetch(_TARGET_VERSIONS):
        targets[record["plan_id"]].append(record)
    return [
        replace(one, document=await connection.fetchval(_DOCUMENT, plan_id, number))
        for plan_id in sorted(plans)
        for number, one in _needed(plans[plan_id], targets[plan_id])
    ]


def _needed(plan: Sequence[PlanVersion], targets: Sequence[asyncpg.Record]) -> Iterator[tuple[int, StoredVersion]]:
    """Yield the plan versions to read, the newest first, still without their documents.

    The version that brought the newest version of a target is among them: a target that the plan has no more stands there.
    """
    in_force = {one.version: force for one, force in versions_in_force(plan)}
    brought = {record["target_id"]: record["plan_version"] for record in targets}
    newest = max(in_force)
    for number in sorted({*in_force, *brought.values()}, reverse=True):
        yield (
            number,
            StoredVersion(
                document="",
                versions={
                    record["target_id"]: record["version"] for record in targets if record["plan_version"] <= number
                },
                in_force=in_force.get(number, NEVER),
                is_newest=number == newest,
            ),
        )


class PostgresPlans:
    """Plans over one connection, inside its transaction."""

    def __init__(self, connection: Connection, cache: CatalogueCache) -> None:
        self._connection = connection
        self._cache = cache

    async def store(self, plans: Sequence[PlanDefinition], *, now: datetime) -> tuple[str, ...]:
        """Write a version of each plan and target that changed; others that store wait until this commits."""
        await self._connection.execute(LOCK)
        known = {record["plan_id"]: record for record in await self._connection.fetch(_PLAN_HEADS)}
        changed = [
            plan for plan in plans if plan.plan_id not in known or known[plan.plan_id]["content"] != plan.content
        ]
        stored: list[str] = []
        for plan in changed:
            version = known[plan.plan_id]["version"] + 1 if plan.plan_id in known else 1
            await self._connection.execute(_STORE_PLAN, *_plan_values(plan, version), now)
            await self._store_targets(plan, version, now=now)
            stored.append(f"{plan.plan_id}@{version}")
        return tuple(stored)

    async def _store_targets(self, plan: PlanDefinition, plan_version: int, *, now: datetime) -> None:
        known = {record["target_id"]: record for record in await self._connection.fetch(_TARGET_HEADS, plan.plan_id)}
        for target in plan.targets:
            head = known.get(target.target_id)
            if head is not None and head["content"] == target.content:
                continue
            version = 1 if head is None else head["version"] + 1
            await self._connection.execute(
                _STORE_TARGET,
                target.target_id,
                version,
                plan.plan_id,
                plan_version,
                plan.effective_on,
                target.clause_id,
                target.area,
                target.city,
                target.indicator,
                target.content,
                target.document,
                now,
            )

    async def catalogue(self) -> Catalogue:
        """Return the current catalogue; whoever stores plans waits until this transaction ends."""
        await self._connection.execute(_LOCK_SHARED)
        return await self._cache.current(self._connection)


def _plan_values(plan: PlanDefinition, version: int) -> tuple[object, ...]:
    return (
        plan.plan_id,
        version,
        plan.title,
        plan.document_number,
        plan.issuer,
        plan.issued_on,
        plan.city,
        plan.text_sha256,
        plan.effective_on,
        plan.content,
        plan.document,
    )
