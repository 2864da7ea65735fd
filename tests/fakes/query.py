"""A small simulated city as rules and alerts would have written it: what query's tests read."""

import json
from datetime import timedelta

import asyncpg

from shared.kernel.period import Period
from shared.plans.expand import YearTarget, expand_targets
from shared.plans.loader import Plan, load_all
from shared.plans.stored import plan_document
from tests.fakes.query_alerts import write_alerts
from tests.fakes.query_base import CITY, PLAN, REPORTS, ROOT, T0, Row, insert, recorded_at, submission_id
from tests.fakes.query_corrections import corrected_projects, correction_rows, revised_figures
from tests.fakes.query_entities import (
    firm_rows,
    indicator_rows,
    project_rows,
    rating_rows,
    recognition_rows,
    signal_rows,
)
from tests.fakes.query_shadows import difference_rows, shadow_rows
from tests.fakes.query_verdicts import verdict_rows


def plan(plan_id: str = PLAN) -> Plan:
    """A real plan file."""
    return load_all(ROOT / "plans").plans[plan_id]


async def write_city(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Write the whole city."""
    loaded = plan()
    targets = expand_targets(loaded)
    await insert(connection, "rules.plan_versions", [plan_row(loaded)])
    await insert(connection, "rules.target_versions", [target_row(target) for target in targets])
    await insert(connection, "rules.submissions", [*submission_rows(), *correction_rows()])
    await insert(connection, "rules.verdicts", [row for target in targets for row in verdict_rows(target)])
    await insert(connection, "rules.enterprise_versions", firm_rows())
    await insert(connection, "rules.project_versions", [*project_rows(), *corrected_projects()])
    await insert(connection, "rules.rating_versions", rating_rows())
    await insert(connection, "rules.recognition_versions", recognition_rows())
    await insert(connection, "rules.indicator_versions", [*indicator_rows(), *revised_figures()])
    await insert(connection, "rules.signals", signal_rows())
    await write_alerts(connection, {target.id: target for target in targets})
    await insert(connection, "shadow.shadows", shadow_rows(await connection.fetchval("SELECT now()")))
    await insert(connection, "shadow.differences", difference_rows(targets))


def plan_row(loaded: Plan) -> Row:
    head = loaded.head
    return {
        "plan_id": head.id,
        "version": 1,
        "title": head.title.zh,
        "document_number": head.document_number,
        "issuer": head.issuer,
        "issued_on": head.issued_on,
        "city": head.city,
        "text_sha256": head.text_sha256,
        "effective_on": head.effective_on,
        "content": "1",
        "document": json.loads(plan_document(loaded, load_all(ROOT / "plans"))),
        "recorded_at": T0 - timedelta(days=20),
    }


def target_row(target: YearTarget) -> Row:
    return {
        "target_id": target.id,
        "version": 1,
        "plan_id": target.head.id,
        "plan_version": 1,
        "clause_id": target.clause.id,
        "area": target.area,
        "city": CITY,
        "indicator": target.definition.indicator,
        "content": target.version,
        "definition": {
            "definition": target.definition.model_dump(mode="json"),
            "clause": {"id": target.clause.id, "number": target.clause.number, "title": target.clause.title},
            "responsible": target.responsible.model_dump(mode="json"),
            "value": None if target.value is None else str(target.value),
            "quote": target.quote,
            "baseline": None if target.baseline is None else target.baseline.model_dump(mode="json"),
            "part_of": target.part_of,
            "since_year": target.since_year,
            "first_year": target.first_year,
            "year": target.year,
        },
        "effective_on": target.head.effective_on,
        "recorded_at": T0 - timedelta(days=20),
    }


def submission_rows() -> list[Row]:
    """Every month's feeds; the projects of 2024-08 never came, the newest enterprises are not read to the end."""
    years = [("ratings", Period.parse("2023")), ("ratings", Period.parse("2024")), ("indicators", Period.parse("2024"))]
    titles = [("recognitions", Period.parse("2023")), ("recognitions", Period.parse("2024-09"))]
    months = [(feed, period) for period in REPORTS for feed in ("enterprises", "projects")]
    sent = [one for one in (*months, *years, *titles) if one != ("projects", Period.parse("2024-08"))]
    return [_submission(feed, period, index) for index, (feed, period) in enumerate(sent, start=1)]


def _submission(feed: str, period: Period, sequence: int) -> Row:
    complete = (feed, period) != ("enterprises", REPORTS[-1])
    events = {"enterprises": 2480, "projects": 312, "ratings": 1960, "recognitions": 5, "indicators": 8}[feed]
    return {
        "submission_id": submission_id(feed, period),
        "source": f"simulated-{feed}.example",
        "simulated": feed != "indicators",
        "city": CITY,
        "feed": feed,
        "period": str(period),
        "period_end": period.end,
        "action": "replace" if feed == "ratings" else "merge",
        "sequence": sequence,
        "events": events,
        "received": events if complete else 1840,
        "parked": 0 if complete else 3,
        "recorded_at": recorded_at(period),
        "completed_at": recorded_at(period) + timedelta(seconds=4) if complete else None,
        "correlation_id": f"request-{sequence}",
    }
