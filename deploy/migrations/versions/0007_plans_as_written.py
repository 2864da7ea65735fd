"""Plans as their documents have them: a number and a day of issue only where they are stated; targets by their day of effect.

Projects are found by the day of each of their events.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


_EVENT_DAYS = {
    "signed": "signed_on",
    "filed": "filed_on",
    "listed": "listed_on",
    "completed": "completed_on",
    "in_production": "production_on",
}


# A target that the newest version of its plan no longer has. A document stored before it named its targets withdraws none.
_WITHDRAWN_TARGETS = """
CREATE VIEW query.withdrawn_targets AS
SELECT DISTINCT target.target_id, target.plan_id
FROM rules.target_versions AS target
JOIN (
    SELECT DISTINCT ON (plan_id) plan_id, document -> 'target_ids' AS target_ids FROM rules.plan_versions
    ORDER BY plan_id, version DESC
) AS plan ON plan.plan_id = target.plan_id
WHERE NOT coalesce(plan.target_ids ? target.target_id, true)
"""


def upgrade() -> None:
    """Let what a document does not state be absent, and say from which day on each version of a target holds."""
    op.execute("ALTER TABLE rules.plan_versions ALTER COLUMN document_number DROP NOT NULL")
    op.execute("ALTER TABLE rules.plan_versions ALTER COLUMN issued_on DROP NOT NULL")
    op.execute("ALTER TABLE rules.target_versions ADD COLUMN effective_on date")
    op.execute(
        "UPDATE rules.target_versions AS target SET effective_on = plan.effective_on FROM rules.plan_versions AS plan"
        " WHERE plan.plan_id = target.plan_id AND plan.version = target.plan_version"
    )
    op.execute("ALTER TABLE rules.target_versions ALTER COLUMN effective_on SET NOT NULL")
    for event, day in _EVENT_DAYS.items():
        op.execute(
            f"CREATE INDEX project_versions_{event} ON rules.project_versions (city, {day}) WHERE {day} IS NOT NULL"
        )
    op.execute(_WITHDRAWN_TARGETS)


def downgrade() -> None:
    """Forget the days of effect; what is absent becomes empty."""
    op.execute("DROP VIEW query.withdrawn_targets")
    for event in _EVENT_DAYS:
        op.execute(f"DROP INDEX rules.project_versions_{event}")
    op.execute("ALTER TABLE rules.target_versions DROP COLUMN effective_on")
    op.execute("UPDATE rules.plan_versions SET document_number = '' WHERE document_number IS NULL")
    op.execute("UPDATE rules.plan_versions SET issued_on = effective_on WHERE issued_on IS NULL")
    op.execute("ALTER TABLE rules.plan_versions ALTER COLUMN document_number SET NOT NULL")
    op.execute("ALTER TABLE rules.plan_versions ALTER COLUMN issued_on SET NOT NULL")
