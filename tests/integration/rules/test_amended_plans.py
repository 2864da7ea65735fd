"""A plan's files are amended and loaded again: PostgreSQL keeps every version, and each period its own."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from services.rules.adapters.plan_files import read_plans
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.load_plans import Loaded, LoadPlans, load_plans
from services.rules.application.receive_batch import ReceiveBatch, receive_batch
from services.rules.domain.feed import Feed
from shared.adapters.postgres import SessionFactory
from tests.contracts.rules_rows import T0, YI, period, project, push

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "tests" / "unit" / "shared" / "plans" / "sample"
TEN, FIFTY = "sample-2025/m1/starts-10yi@2025", "sample-2025/m1/starts-50yi@2025"
COUNTY = "sample-2025/m1/starts-10yi/321322@2025"
AMENDMENT = """amendments:
  - effective_on: 2025-04-01
    reference: 示例政发〔2025〕9号
    note: {zh: 调整开工任务, en: project starts adjusted}
"""


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "plans"))


def amend(plans: Path, changes: Mapping[str, str], *, note: str = AMENDMENT) -> None:
    """Change words of the measures, with an amendment's note in the head where one is given."""
    head, measures = plans / "sample-2025" / "plan.yaml", plans / "sample-2025" / "02-measures.yaml"
    head.write_text(head.read_text(encoding="utf-8") + note, encoding="utf-8")
    words = measures.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in words
        words = words.replace(old, new)
    measures.write_text(words, encoding="utf-8")


async def load(database: PostgresDatabase, plans: Path) -> Loaded:
    async with database.transaction() as stores:
        command = LoadPlans(plans=read_plans(plans, ROOT / "data"), correlation_id="load")
        return await load_plans(stores, command, now=T0)


async def feed(database: PostgresDatabase, when: str, sequence: int, count: int = 0) -> None:
    rows = [
        project(f"p{sequence}-{number}", planned_total_yuan=60 * YI, started_on=period(when).end)
        for number in range(count)
    ]
    one = push(Feed.PROJECTS, when, rows, sequence=sequence)
    async with database.transaction() as stores:
        await receive_batch(stores, ReceiveBatch(rows=one.rows, announcements=(one.announcement,)), now=T0)


async def rows(sessions: SessionFactory, statement: str, **values: object) -> list[tuple[object, ...]]:
    async with sessions.begin() as session:
        return [tuple(row) for row in await session.execute(text(statement), values)]


_CURRENT = """
SELECT DISTINCT ON (period_end) period, target_version, status FROM rules.verdicts
WHERE target_id = :target AND period LIKE '2025-0%' ORDER BY period_end, sequence DESC
"""
_VERSIONS = "SELECT version, effective_on::text FROM rules.target_versions WHERE target_id = :target ORDER BY version"
_TOLD = "SELECT state, period, event -> 'judgement' -> 'reasons' -> 0 ->> 'code' FROM rules.findings WHERE target_id = :target ORDER BY sequence"


async def test_each_period_is_judged_by_the_text_of_its_time(
    database: PostgresDatabase, sessions: SessionFactory, plans: Path
) -> None:
    await load(database, plans)
    await feed(database, "2025-03", 1, count=4)
    before = await rows(sessions, "SELECT * FROM rules.verdicts WHERE target_id = :target", target=TEN)
    amend(plans, {"zh: 开工10亿元以上项目,": "zh: 开工10亿元以上项目（调整）,"})
    loaded = await load(database, plans)
    assert (loaded.changed_plans, [one for one in loaded.verdicts if one.target.id == TEN]) == (1, [])
    await feed(database, "2025-04", 2)
    assert await rows(sessions, _VERSIONS, target=TEN) == [(1, "2025-01-01"), (2, "2025-04-01")]
    assert await rows(sessions, _VERSIONS, target=FIFTY) == [(1, "2025-01-01")]
    assert [row[:2] for row in await rows(sessions, _CURRENT, target=TEN)] == [
        ("2025-01/P2M", 1),
        ("2025-03", 1),
        ("2025-04", 2),
    ]
    assert [row[1] for row in await rows(sessions, _CURRENT, target=FIFTY)] == [1, 1, 1]
    kept = await rows(
        sessions, "SELECT * FROM rules.verdicts WHERE target_id = :target AND target_version = 1", target=TEN
    )
    assert kept == before
    again = await load(database, plans)
    assert (again.changed_plans, again.verdicts) == (0, ())


async def test_a_correction_of_the_amended_text_leaves_what_was_before_the_amendment(
    database: PostgresDatabase, sessions: SessionFactory, plans: Path
) -> None:
    await load(database, plans)
    await feed(database, "2025-03", 1)
    await feed(database, "2025-04", 2)
    amend(plans, {"zh: 开工10亿元以上项目,": "zh: 开工十亿元以上项目,"})
    await load(database, plans)
    amend(plans, {"zh: 开工十亿元以上项目,": "zh: 开工10亿元（含）以上项目,"}, note="")
    await load(database, plans)
    assert [row[:2] for row in await rows(sessions, _CURRENT, target=TEN)] == [
        ("2025-01/P2M", 1),
        ("2025-03", 1),
        ("2025-04", 3),
    ]


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        pytest.param(AMENDMENT, "计划已调整，自2025-04-01起不再有此目标", id="by an amendment"),
        pytest.param("", "计划文本订正后已无此目标", id="by a correction"),
    ],
)
async def test_the_breach_of_a_target_that_the_plan_dropped_ends_with_the_reason(
    database: PostgresDatabase, sessions: SessionFactory, plans: Path, note: str, reason: str
) -> None:
    await load(database, plans)
    await feed(database, "2025-03", 1)
    assert await rows(sessions, _TOLD, target=FIFTY) == [("breach", "2025-03", "behind")]
    _drop_the_tier(plans, note)
    await load(database, plans)
    assert (await rows(sessions, _TOLD, target=FIFTY))[1] == ("clear", "2025-03", "target_withdrawn")
    told = "SELECT event -> 'judgement' -> 'reasons' -> 0 ->> 'zh' FROM rules.findings WHERE target_id = :target AND state = 'clear'"
    assert await rows(sessions, told, target=FIFTY) == [(reason,)]
    await feed(database, "2025-04", 2)
    assert [row[0] for row in await rows(sessions, _CURRENT, target=FIFTY)] == ["2025-01/P2M", "2025-03"]
    assert len(await rows(sessions, _TOLD, target=FIFTY)) == 2
    assert (await load(database, plans)).verdicts == ()


def _drop_the_tier(plans: Path, note: str) -> None:
    """Take the target of the 50亿元 tier out of the files; its words count as a definition then."""
    measures = plans / "sample-2025" / "02-measures.yaml"
    words = measures.read_text(encoding="utf-8")
    start, end = words.index("      - slug: starts-50yi"), words.index("    signals:")
    measures.write_text(words[:start] + words[end:], encoding="utf-8")
    amend(plans, {}, note=note)


async def test_areas_parts_are_judged_by_their_own_projects_and_told_to_their_own_unit(
    database: PostgresDatabase, sessions: SessionFactory, plans: Path
) -> None:
    """沭阳县 (321322) has to start 36 of the 60; the projects fed lie there."""
    await load(database, plans)
    await feed(database, "2025-03", 1, count=9)
    values = (
        "SELECT expected, actual, status, area FROM rules.verdicts WHERE target_id = :target AND period = '2025-03'"
    )
    assert [tuple(map(str, row)) for row in await rows(sessions, values, target=COUNTY)] == [
        ("9", "9", "on_pace", "321322")
    ]
    other = COUNTY.replace("321322", "321302")
    assert [str(row[1]) for row in await rows(sessions, values, target=other)] == ["0"]
    units = "SELECT event -> 'units', event ->> 'area_name' FROM rules.findings WHERE target_id = :target"
    assert await rows(sessions, units, target=other) == [
        ([{"name": "宿城区人民政府", "role": "implementing", "answers": True}], "宿城区")
    ]
