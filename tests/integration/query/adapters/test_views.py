"""The views: their columns, their rights, and what is current in them."""

from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.query.adapters.views import VIEWS
from shared.kernel.period import Period
from tests.fakes.query_base import CITY, insert, submission_id
from tests.fakes.query_entities import FIRM, firm_rows
from tests.integration.query.conftest import Query

pytestmark = pytest.mark.integration

REFUSED = (
    "INSERT INTO query.submissions (city) VALUES ('x')",
    "UPDATE query.submissions SET city = 'x'",
    "DELETE FROM query.verdicts",
    "INSERT INTO rules.submissions (submission_id) VALUES ('x')",
    "DELETE FROM alerts.alerts",
    "SELECT 1 FROM rules.verdicts",
    "SELECT 1 FROM alerts.alerts",
    "SELECT 1 FROM ingest.submissions",
    "CREATE TABLE query.own (id int)",
    "CREATE TABLE public.own (id int)",
)


async def test_the_code_knows_exactly_the_columns_the_views_have(owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    rows = await owner.fetch(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'query'"
    )
    known = {(table.name, column.name) for table in VIEWS.tables.values() for column in table.columns}
    assert {(row["table_name"], row["column_name"]) for row in rows} == known


async def test_the_service_may_only_select_from_its_views(engine: AsyncEngine) -> None:
    for statement in REFUSED:
        async with engine.connect() as connection:
            with pytest.raises(DBAPIError) as refused:
                await connection.execute(text(statement))
        assert "permission denied" in str(refused.value.orig), statement


async def test_the_highest_sequence_of_a_cell_wins_and_its_older_version_stays_hidden(query: Query) -> None:
    period = Period.parse("2025-03")
    await _add_version(query, period, revenue=1, sequence=5)
    await _add_version(query, period, revenue=999, sequence=500)
    report = await _report(query, period)
    assert report["revenue_ytd_yuan"] == 999


async def test_a_firm_its_newest_report_removed_is_not_listed_and_keeps_its_earlier_reports(query: Query) -> None:
    newest = (await query.get(f"/v1/enterprises/{FIRM}")).json()["period"]
    await _add_version(query, Period.parse(newest), revenue=None, sequence=500, removed=True)
    found = (await query.get(f"/v1/enterprises/{FIRM}")).json()
    assert Period.parse(found["period"]) < Period.parse(newest)
    assert await query.items("/v1/enterprises") == []


async def test_rows_of_a_submission_not_read_to_its_end_do_not_count_yet(query: Query) -> None:
    await _add_version(query, Period.parse("2025-03"), revenue=999, sequence=500, complete=False)
    assert (await _report(query, Period.parse("2025-03")))["revenue_ytd_yuan"] != 999


async def test_the_governing_verdict_is_that_of_the_latest_period_in_its_newest_version(query: Query) -> None:
    target = "suqian-2024/m1/starts-10yi@2025"
    before = (await query.get(f"/v1/targets/{target}")).json()["verdict"]
    columns = ", ".join(
        name
        for name in [
            "target_id",
            "target_version",
            "plan_id",
            "area",
            "city",
            "period",
            "period_end",
            "expected",
            "actual",
            "gap",
            "gap_points",
            "gap_percent",
            "pace",
            "reasons",
            "inputs",
            "figures",
            "outlook",
            "simulated",
            "correlation_id",
        ]
    )
    for verdict_id, period in (("verdict_old", "2025-04"), ("verdict_new", before["period"])):
        await query.owner.execute(
            f"INSERT INTO rules.verdicts (verdict_id, recorded_at, status, light, {columns})"
            f" SELECT $1, now(), 'met', 'green', {columns} FROM rules.verdicts WHERE target_id = $2 AND period = $3",
            verdict_id,
            target,
            period,
        )
    after = (await query.get(f"/v1/targets/{target}")).json()
    assert (after["light"], after["verdict"]["id"]) == ("green", "verdict_new")
    history = await query.items(f"/v1/targets/{target}/verdicts?limit=3")
    assert len(history) == len({verdict["period"] for verdict in history}) == 7
    assert (await query.get(f"/v1/verdicts/{before['id']}")).json()["current"] is False


async def _report(query: Query, period: Period) -> dict[str, object]:
    reports: list[dict[str, object]] = (await query.get(f"/v1/enterprises/{FIRM}")).json()["reports"]
    return next(report for report in reports if report["period"] == str(period))


async def _add_version(
    query: Query, period: Period, *, revenue: int | None, sequence: int, removed: bool = False, complete: bool = True
) -> None:
    name = f"sub_correction_{sequence}"
    await query.owner.execute(
        "INSERT INTO rules.submissions SELECT $1, source, simulated, city, feed, period, period_end, action, reason,"
        " reference, $2, events, received, parked, recorded_at, CASE WHEN $3 THEN recorded_at END, correlation_id"
        " FROM rules.submissions WHERE submission_id = $4",
        name,
        sequence,
        complete,
        submission_id("enterprises", Period.parse("2025-03")),
    )
    row = next(row for row in firm_rows() if row["period"] == str(period))
    changed = {
        "submission_id": name,
        "sequence": sequence,
        "removed": removed,
        "revenue_ytd_yuan": revenue,
        "city": CITY,
    }
    at = row["recorded_at"] + timedelta(days=30)
    await insert(query.owner, "rules.enterprise_versions", [{**row, **changed, "recorded_at": at}])
