"""Rules in shadow: how far each is, and how the alerts it would have raised differ from the live ones.

The role reads what a shadow judges and compares, writes its own schema alone, and no service reads that but through views.
"""

# ruff: noqa: S608  (only our own names are interpolated)

from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

_ROLE = "planwatch_shadow"
_READS = {
    "ingest": ("submissions", "submission_rows", "held_submissions"),
    "rules": ("evaluations", "submissions", "parked_rows"),
    "alerts": ("alerts", "alert_events"),
}
_OUTCOMES = ("added", "lost", "severity", "dates", "same")

_ROLES = f"""
    DO $$ BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('planwatch.roles'));
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{_ROLE}') THEN
            CREATE ROLE {_ROLE} NOLOGIN;
        END IF;
    END $$
"""

_TABLES = (
    """
    CREATE TABLE shadow.shadows (
        name text COLLATE "C" PRIMARY KEY,
        city text,
        plan_ids text[] NOT NULL,
        fingerprint text NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'ended', 'failed')),
        reason text CHECK ((reason IS NOT NULL) = (state = 'failed')),
        started_at timestamptz NOT NULL,
        ended_at timestamptz CHECK ((ended_at IS NULL) = (state = 'running')),
        rounds_done bigint NOT NULL DEFAULT 0,
        rounds_known bigint NOT NULL DEFAULT 0,
        round bigint,
        round_at timestamptz,
        compared_at timestamptz
    )
    """,
    """
    CREATE TABLE shadow.differences (
        name text COLLATE "C" NOT NULL REFERENCES shadow.shadows ON DELETE CASCADE,
        target_id text COLLATE "C" NOT NULL,
        area text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        place integer NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('added', 'lost', 'severity', 'dates', 'same')),
        plan_id text NOT NULL,
        city text NOT NULL,
        area_name text NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        quote text NOT NULL,
        simulated boolean NOT NULL,
        live jsonb,
        shadow jsonb,
        PRIMARY KEY (name, target_id, area, kind, place)
    )
    """,
)

_COUNTS = ", ".join(f"count(*) FILTER (WHERE d.outcome = '{one}') AS {one}" for one in _OUTCOMES)
# Whoever runs a shadow holds a lock on its name, and no longer than it lives: one that runs without is lost.
_HELD = """
    EXISTS (
        SELECT FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND l.classid = (hashtext('planwatch.shadow')::bigint & 4294967295)::oid
          AND l.objid = (hashtext(s.name)::bigint & 4294967295)::oid
    )
"""
_SHADOWS = f"""
    SELECT s.name, s.city, s.plan_ids, s.fingerprint,
        CASE WHEN s.state = 'running' AND NOT {_HELD} THEN 'lost' ELSE s.state END AS state,
        s.reason, s.started_at, s.ended_at, s.rounds_done, s.rounds_known, s.round, s.round_at, s.compared_at,
        {", ".join(f"counted.{one}" for one in _OUTCOMES)}, counted.simulated
    FROM shadow.shadows s
    CROSS JOIN LATERAL (
        SELECT {_COUNTS}, COALESCE(bool_or(d.simulated), false) AS simulated
        FROM shadow.differences d WHERE d.name = s.name
    ) counted
"""
_DIFFERENCES = f"""
    SELECT d.name AS shadow_name, array_position(ARRAY{list(_OUTCOMES)}, d.outcome)::bigint AS rank,
        d.target_id, d.area, d.kind, d.place, d.outcome, d.plan_id, d.city, d.area_name, d.name_zh, d.name_en, d.quote,
        d.simulated, d.live, d.shadow,
        EXISTS (SELECT FROM rules.target_versions t WHERE t.target_id = d.target_id) AS has_target
    FROM shadow.differences d
"""


def upgrade() -> None:
    """Create the role, its schema and rights, and the views."""
    op.execute(_ROLES)
    op.execute(f"GRANT {_ROLE} TO CURRENT_USER")
    op.execute("CREATE SCHEMA shadow")
    op.execute(f"GRANT USAGE ON SCHEMA shadow TO {_ROLE}")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA shadow GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {_ROLE}")
    for schema, tables in _READS.items():
        op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {_ROLE}")
        op.execute(f"GRANT SELECT ON {', '.join(f'{schema}.{table}' for table in tables)} TO {_ROLE}")
    for table in _TABLES:
        op.execute(table)
    op.execute(f"CREATE VIEW query.shadows AS {_SHADOWS}")
    op.execute(f"CREATE VIEW query.shadow_alerts AS {_DIFFERENCES}")


def downgrade() -> None:
    """Drop the views and the schema; the role stays without rights, other databases of the server may use it."""
    op.execute("DROP VIEW query.shadow_alerts")
    op.execute("DROP VIEW query.shadows")
    for schema, tables in _READS.items():
        op.execute(f"REVOKE ALL ON {', '.join(f'{schema}.{table}' for table in tables)} FROM {_ROLE}")
        op.execute(f"REVOKE USAGE ON SCHEMA {schema} FROM {_ROLE}")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA shadow REVOKE ALL ON TABLES FROM {_ROLE}")
    op.execute("DROP SCHEMA shadow CASCADE")
