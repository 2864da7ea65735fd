"""Plans and ranks of authorities in the versions in which they were stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deploy.replay.databases import Connection
from deploy.replay.journal import AUTHORITIES, JournalRound
from services.rules.application.catalogue import PlanDefinition, TargetDefinition
from services.rules.application.ports import Stores
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.wording import Text

_VERSIONS = "SELECT plan_id, version, recorded_at FROM rules.plan_versions ORDER BY recorded_at, plan_id, version"
_PLAN = """
SELECT plan_id, title, document_number, issuer, issued_on, effective_on, city, text_sha256, content,
       document::text AS document
FROM rules.plan_versions WHERE plan_id = $1 AND version = $2
"""
_TARGETS = """
SELECT target_id, clause_id, area, city, indicator, content, definition::text AS document
FROM rules.target_versions WHERE plan_id = $1 AND plan_version = $2 ORDER BY target_id COLLATE "C"
"""
_RANKS = (
    "SELECT version, pattern, rank, name_zh, name_en, note, recorded_at FROM rules.authorities ORDER BY version, place"
)


@dataclass(frozen=True, slots=True)
class _Ranks:
    lines: tuple[RankedAuthority, ...]
    recorded_at: datetime


class StoredPlans:
    """What plans and ranks said, version by version, in the order in which they were stored."""

    def __init__(self, live: Connection, *, rounds: Iterable[JournalRound]) -> None:
        self._live = live
        self._named = {version for one in rounds for version in one.plan_versions}
        self._unnamed: list[tuple[str, datetime]] = []
        self._ranks: list[_Ranks] = []

    async def open(self) -> "StoredPlans":
        """Read which versions there are."""
        versions = [
            (f"{one['plan_id']}@{one['version']}", one["recorded_at"]) for one in await self._live.fetch(_VERSIONS)
        ]
        self._unnamed = [one for one in versions if one[0] not in self._named]
        grouped: dict[int, _Ranks] = {}
        for one in await self._live.fetch(_RANKS):
            line = RankedAuthority(one["pattern"], one["rank"], Text(one["name_zh"], one["name_en"]), one["note"])
            known = grouped.get(one["version"], _Ranks((), one["recorded_at"]))
            grouped[one["version"]] = _Ranks((*known.lines, line), known.recorded_at)
        self._ranks = list(grouped.values())
        return self

    async def plans_of(self, entry: JournalRound) -> tuple[PlanDefinition, ...]:
        """Return the plans a round stored, each with the targets that were new in it."""
        found = [await self._find(version) for version in entry.plan_versions]
        return tuple(plan for plan in found if plan is not None)

    def ranks_of(self, entry: JournalRound) -> tuple[RankedAuthority, ...] | None:
        """Return the ranks a round stored, None when it stored none."""
        if AUTHORITIES not in entry.subjects:
            return None
        known = [one for one in self._ranks if one.recorded_at <= entry.at]
        return known[-1].lines if known else None

    async def store_unjudged(self, stores: Stores, entry: JournalRound) -> None:
        """Store what was stored before a round without any round of its own: nothing was judged by it then."""
        while self._unnamed and self._unnamed[0][1] <= entry.at:
            version, at = self._unnamed.pop(0)
            plan = await self._find(version)
            await stores.plans.store((plan,) if plan is not None else (), now=at)
        due = [one for one in self._ranks if one.recorded_at <= entry.at]
        judged = 1 if AUTHORITIES in entry.subjects else 0
        for one in due[: len(due) - judged]:
            await stores.authorities.store(one.lines, now=one.recorded_at)
        self._ranks = self._ranks[len(due) - judged :]

    async def _find(self, version: str) -> PlanDefinition | None:
        plan_id, _, number = version.rpartition("@")
        record = await self._live.fetchrow(_PLAN, plan_id, int(number))
        if record is None:
            return None
        targets = await self._live.fetch(_TARGETS, plan_id, int(number))
        return PlanDefinition(**dict(record), targets=tuple(TargetDefinition(**dict(one)) for one in targets))
