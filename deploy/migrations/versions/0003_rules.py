"""Schema rules: submissions, versions of every row, plans and targets, verdicts, signals, findings, outbox, parking."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ORIGIN = """
    submission_id text NOT NULL,
    row_number integer NOT NULL,
    source text NOT NULL,
    city text NOT NULL,
    period text NOT NULL,
    period_end date NOT NULL,
    sequence bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    removed boolean NOT NULL,
"""


def upgrade() -> None:
    """Create the tables.

    An event's id is `<submission_id>:<row_number>` and its source `/planwatch/ingest/<source>` (both are checked on
    arrival), so the primary key of a version is the claim that drops duplicates.
    """
    for statement in (*_RECEIVED, *_VERSIONS, *_PLANS, *_JUDGED, *_TOLD):
        op.execute(statement)


def downgrade() -> None:
    """Drop everything upgrade made."""
    for table in (
        "parked_messages",
        "outbox",
        "findings",
        "signals",
        "verdicts",
        "target_versions",
        "plan_versions",
        "indicator_versions",
        "rating_versions",
        "project_versions",
        "enterprise_versions",
        "parked_rows",
        "submissions",
    ):
        op.execute(f"DROP TABLE rules.{table}")


_RECEIVED = (
    """
    CREATE TABLE rules.submissions (
        submission_id text PRIMARY KEY,
        source text NOT NULL,
        simulated boolean,
        city text NOT NULL,
        feed text NOT NULL,
        period text NOT NULL,
        period_end date NOT NULL,
        action text,
        reason text,
        reference text,
        sequence bigint NOT NULL,
        events integer,
        received integer NOT NULL,
        parked integer NOT NULL,
        recorded_at timestamptz NOT NULL,
        completed_at timestamptz,
        correlation_id text NOT NULL
    )
    """,
    "CREATE INDEX submissions_complete ON rules.submissions (city) WHERE completed_at IS NOT NULL",
    "CREATE INDEX submissions_incomplete ON rules.submissions (recorded_at) WHERE completed_at IS NULL",
    """
    CREATE TABLE rules.parked_rows (
        submission_id text NOT NULL,
        row_number integer NOT NULL,
        PRIMARY KEY (submission_id, row_number)
    )
    """,
)

_VERSIONS = (
    f"""
    CREATE TABLE rules.enterprise_versions (
        {_ORIGIN}
        uscc text NOT NULL,
        name text,
        area text,
        industry text,
        operating_status text,
        above_scale boolean,
        entered_on date,
        entry_kind text,
        exited_on date,
        exit_kind text,
        revenue_ytd_yuan bigint,
        output_ytd_yuan bigint,
        profit_ytd_yuan bigint,
        tax_ytd_yuan bigint,
        rd_ytd_yuan bigint,
        energy_ytd_tce numeric,
        electricity_ytd_wan_kwh numeric,
        employees integer,
        land_mu numeric,
        register_year smallint,
        PRIMARY KEY (submission_id, row_number)
    )
    """,
    "CREATE INDEX enterprise_versions_cell ON rules.enterprise_versions (uscc, period_end, sequence)",
    "CREATE INDEX enterprise_versions_period ON rules.enterprise_versions"
    " USING brin (period_end) WITH (pages_per_range = 32, autosummarize = on)",
    "CREATE INDEX enterprise_versions_register ON rules.enterprise_versions (city, register_year, period_end)"
    " WHERE register_year IS NOT NULL",
    f"""
    CREATE TABLE rules.project_versions (
        {_ORIGIN}
        code text NOT NULL,
        name text,
        owner_uscc text,
        area text,
        industry text,
        kind text,
        planned_total_yuan bigint,
        planned_equipment_yuan bigint,
        completed_prior_yuan bigint,
        planned_year_yuan bigint,
        completed_ytd_yuan bigint,
        signed_on date,
        filed_on date,
        started_on date,
        start_evidence text,
        listed_on date,
        completed_on date,
        production_on date,
        PRIMARY KEY (submission_id, row_number)
    )
    """,
    "CREATE INDEX project_versions_cell ON rules.project_versions (code, period_end, sequence)",
    "CREATE INDEX project_versions_started ON rules.project_versions (city, started_on)"
    " WHERE start_evidence = 'accepted'",
    f"""
    CREATE TABLE rules.rating_versions (
        {_ORIGIN}
        uscc text NOT NULL,
        year integer NOT NULL,
        class text,
        score numeric,
        stage text,
        published_on date,
        area text,
        PRIMARY KEY (submission_id, row_number)
    )
    """,
    "CREATE INDEX rating_versions_cell ON rules.rating_versions (uscc, year, sequence)",
    "CREATE INDEX rating_versions_round ON rules.rating_versions (city, year)",
    f"""
    CREATE TABLE rules.indicator_versions (
        {_ORIGIN}
        indicator text NOT NULL,
        area text NOT NULL,
        value_period text NOT NULL,
        measure text NOT NULL,
        basis text NOT NULL,
        value numeric,
        unit text,
        status text,
        authority text,
        PRIMARY KEY (submission_id, row_number)
    )
    """,
    "CREATE INDEX indicator_versions_cell ON rules.indicator_versions"
    " (indicator, area, value_period, measure, basis, sequence)",
)

_PLANS = (
    """
    CREATE TABLE rules.plan_versions (
        plan_id text NOT NULL,
        version integer NOT NULL,
        title text NOT NULL,
        document_number text NOT NULL,
        issuer text NOT NULL,
        issued_on date NOT NULL,
        city text NOT NULL,
        text_sha256 text NOT NULL,
        effective_on date NOT NULL,
        content text NOT NULL,
        document jsonb NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (plan_id, version)
    )
    """,
    """
    CREATE TABLE rules.target_versions (
        target_id text NOT NULL,
        version integer NOT NULL,
        plan_id text NOT NULL,
        plan_version integer NOT NULL,
        clause_id text NOT NULL,
        area text NOT NULL,
        city text NOT NULL,
        indicator text NOT NULL,
        content text NOT NULL,
        definition jsonb NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (target_id, version)
    )
    """,
)

_JUDGED = (
    """
    CREATE TABLE rules.verdicts (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        verdict_id text NOT NULL,
        target_id text NOT NULL,
        target_version integer NOT NULL,
        plan_id text NOT NULL,
        area text NOT NULL,
        city text NOT NULL,
        period text NOT NULL,
        period_end date NOT NULL,
        recorded_at timestamptz NOT NULL,
        status text NOT NULL,
        expected numeric,
        actual numeric,
        gap numeric,
        gap_points numeric,
        gap_percent numeric,
        pace text NOT NULL,
        light text,
        reasons jsonb NOT NULL,
        inputs jsonb NOT NULL,
        figures jsonb NOT NULL,
        outlook jsonb,
        simulated boolean NOT NULL,
        correlation_id text NOT NULL
    )
    """,
    "CREATE INDEX verdicts_id ON rules.verdicts (verdict_id)",
    "CREATE INDEX verdicts_current ON rules.verdicts (city, target_id, area, period, sequence DESC)",
    """
    CREATE TABLE rules.signals (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        signal_id text NOT NULL,
        rule_id text NOT NULL,
        plan_id text NOT NULL,
        kind text NOT NULL,
        area text NOT NULL,
        city text NOT NULL,
        period text NOT NULL,
        period_end date NOT NULL,
        entity text NOT NULL,
        entity_name text NOT NULL,
        occurred_on date,
        detail jsonb NOT NULL,
        active boolean NOT NULL,
        simulated boolean NOT NULL,
        fingerprint text NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX signals_current ON rules.signals (rule_id, signal_id, sequence DESC)",
)

_TOLD = (
    """
    CREATE TABLE rules.findings (
        target_id text NOT NULL,
        area text NOT NULL,
        kind text NOT NULL,
        sequence integer NOT NULL,
        city text NOT NULL,
        state text NOT NULL,
        severity text,
        period text NOT NULL,
        fingerprint text NOT NULL,
        event jsonb NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (target_id, area, kind, sequence)
    )
    """,
    "CREATE INDEX findings_current ON rules.findings (city, target_id, area, kind, sequence DESC)",
    """
    CREATE TABLE rules.outbox (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        key text NOT NULL,
        headers jsonb NOT NULL,
        body text NOT NULL,
        recorded_at timestamptz NOT NULL,
        published_at timestamptz
    )
    """,
    "CREATE INDEX outbox_unpublished ON rules.outbox (position) WHERE published_at IS NULL",
    """
    CREATE TABLE rules.parked_messages (
        parked_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        partition integer NOT NULL,
        message_offset bigint NOT NULL,
        key bytea,
        value bytea NOT NULL,
        headers jsonb NOT NULL,
        reason text NOT NULL,
        parked_at timestamptz NOT NULL,
        resent_at timestamptz,
        UNIQUE (topic, partition, message_offset)
    )
    """,
)
