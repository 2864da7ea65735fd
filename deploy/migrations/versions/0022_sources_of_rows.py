"""Rows follow the authority of their sender: rules keeps it with a submission, and readers see which source's row governs.

Of every source the newest version of a cell counts; of those that were not removed the better authority's governs, of equals a
final rating, then the newest: as rules judges.
"""

# ruff: noqa: S608  (only our own names are interpolated)

from collections.abc import Iterator
from dataclasses import dataclass

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# The instant readers look from; a scalar subquery is evaluated once a statement.
_T = "(SELECT query.as_of())"
_COMPLETE = f"completed_at <= {_T}"
_ORIGIN = "v.city, v.period, v.period_end, v.sequence, v.source, v.submission_id, v.row_number, v.recorded_at"
_SIMULATED = "COALESCE(s.simulated, false) AS simulated"

# A submission completed before has its sender's authority too: a replay takes it from the same place.
_BACKFILL = """
    UPDATE rules.submissions AS known SET authority = sender.authority
    FROM ingest.submissions AS accepted JOIN ingest.api_keys AS sender USING (key_id)
    WHERE accepted.submission_id = known.submission_id AND known.events IS NOT NULL
"""

_SENDER = "key_id, authority"
"""What rules in shadow read of a key to announce a submission as it was announced."""

# The ranks are looked up in line: a function would act with the rights of the reader, who may read views alone.
_RANK = f"""(
    SELECT a.rank FROM rules.authorities a
    WHERE a.version = (SELECT max(version) FROM rules.authorities WHERE recorded_at <= {_T})
      AND {{authority}} LIKE replace(a.pattern, '*', '%')
    ORDER BY a.place LIMIT 1
)"""

_SUBMISSION = f"""submission_id, source, simulated, city, feed, period, period_end, action, reason, reference, sequence, events,
    CASE WHEN completed_at <= {_T} OR {_T} = 'infinity' THEN received END AS received,
    CASE WHEN completed_at <= {_T} OR {_T} = 'infinity' THEN parked END AS parked,
    recorded_at, CASE WHEN completed_at <= {_T} THEN completed_at END AS completed_at, correlation_id"""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The versions of one feed's rows, and how readers name what they hold. `preferred` goes first of equal authorities."""

    name: str
    current: str
    cell: tuple[str, ...]
    values: str
    latest: str | None = None
    preferred: str = ""

    @property
    def table(self) -> str:
        return f"rules.{self.name}_versions"

    @property
    def named(self) -> str:
        """The cell's columns that the origin does not name."""
        return ", ".join(f"v.{column}" for column in self.cell if column != "period_end")

    def same(self, *further: str) -> str:
        """Return that `n` is a version of the same cell as `v`."""
        return " AND ".join(f"n.{column} = v.{column}" for column in (*self.cell, *further))


_ROWS = (
    _Rows(
        "enterprise",
        "enterprise_reports",
        ("uscc", "period_end"),
        """v.name, v.area, v.industry, v.operating_status, v.above_scale, v.entered_on, v.entry_kind, v.exited_on,
            v.exit_kind, v.revenue_ytd_yuan, v.output_ytd_yuan, v.profit_ytd_yuan, v.tax_ytd_yuan, v.rd_ytd_yuan,
            v.energy_ytd_tce, v.electricity_ytd_wan_kwh, v.employees, v.land_mu""",
        latest="enterprises",
    ),
    _Rows(
        "project",
        "project_reports",
        ("code", "period_end"),
        """v.name, v.owner_uscc, v.area, v.industry, v.kind, v.planned_total_yuan, v.planned_equipment_yuan,
            v.completed_prior_yuan, v.planned_year_yuan, v.completed_ytd_yuan, v.signed_on, v.filed_on, v.started_on,
            v.start_evidence, v.listed_on, v.completed_on, v.production_on""",
        latest="projects",
    ),
    _Rows(
        "rating",
        "ratings",
        ("uscc", "year"),
        "v.class, v.score, v.stage, v.published_on, v.area",
        preferred="{of}.stage IS DISTINCT FROM 'final',",
    ),
    _Rows(
        "recognition",
        "recognitions",
        ("uscc", "kind", "batch"),
        "v.level, v.granted_on, v.area, v.name, v.revoked_on",
    ),
)


def _statements(rows: _Rows) -> str:
    """Return what each source states of each cell, in the order of precedence: the first governs."""
    cell = ", ".join(f"v.{column}" for column in rows.cell)
    newest = ", ".join(f"n.{column}" for column in rows.cell)
    return f"""
        SELECT {rows.named}, {_ORIGIN}, {rows.values}, v.simulated, v.authority, ranked.rank,
            row_number() OVER (
                PARTITION BY {cell} ORDER BY ranked.rank NULLS LAST, {rows.preferred.format(of="v")} v.sequence DESC, v.source
            ) AS precedence
        FROM (
            SELECT DISTINCT ON ({newest}, n.source) n.*, COALESCE(s.simulated, false) AS simulated, s.authority
            FROM {rows.table} n JOIN rules.submissions s ON s.submission_id = n.submission_id
            WHERE s.{_COMPLETE}
            ORDER BY {newest}, n.source, n.sequence DESC, n.row_number DESC
        ) v
        CROSS JOIN LATERAL (SELECT {_RANK.format(authority="v.authority")} AS rank) ranked
        WHERE NOT v.removed
    """


def _governs(rows: _Rows) -> str:
    """Return that `v` is the row of its cell that governs.

    A correlated subquery, not a join: a page then costs the same wherever it starts.
    """
    return f"""NOT v.removed AND s.{_COMPLETE} AND (v.submission_id, v.row_number) = (
            SELECT stated.submission_id, stated.row_number
            FROM (
                SELECT DISTINCT ON (n.source) n.*, m.authority
                FROM {rows.table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
                WHERE {rows.same()} AND m.{_COMPLETE}
                ORDER BY n.source, n.sequence DESC, n.row_number DESC
            ) stated
            ORDER BY stated.removed, {_RANK.format(authority="stated.authority")} NULLS LAST,
                {rows.preferred.format(of="stated")} stated.sequence DESC, stated.source LIMIT 1
        )"""


def _governing(rows: _Rows) -> str:
    return f"""
        SELECT {rows.named}, {_ORIGIN}, {rows.values}, {_SIMULATED}, s.authority
        FROM {rows.table} v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE {_governs(rows)}
    """


def _latest(rows: _Rows) -> str:
    """Return the governing row of each entity's latest period; one that is removed there is not there any more."""
    key = rows.cell[0]
    return f"""
        {_governing(rows)} AND v.period_end = (
            SELECT n.period_end FROM {rows.table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
            WHERE n.{key} = v.{key} AND m.{_COMPLETE} ORDER BY n.period_end DESC LIMIT 1
        )
    """


def _versions(rows: _Rows, *by: str, further: str = "") -> str:
    """Return every version of every cell, and from when to when it was what its source stated (without `by` what counted)."""
    return f"""
        SELECT {rows.named}, {_ORIGIN}, {rows.values}, {_SIMULATED}, v.removed, s.reason, s.reference,
            s.completed_at AS valid_from,
            (
                SELECT CASE WHEN count(*) > 0 THEN greatest(min(m.completed_at), s.completed_at) END
                FROM {rows.table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
                WHERE {rows.same(*by)} AND (n.sequence, n.row_number) > (v.sequence, v.row_number) AND m.{_COMPLETE}
            ) AS valid_to{further}
        FROM {rows.table} v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE s.{_COMPLETE}
    """


def _newest(rows: _Rows) -> str:
    """Return the version of the highest sequence of every cell that was not removed: what was shown before."""
    return f"""
        SELECT {rows.named}, {_ORIGIN}, {rows.values}, {_SIMULATED}
        FROM {rows.table} v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE NOT v.removed AND s.{_COMPLETE}
          AND NOT EXISTS (
            SELECT FROM {rows.table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
            WHERE {rows.same()} AND (n.sequence, n.row_number) > (v.sequence, v.row_number) AND m.{_COMPLETE}
          )
    """


def _newest_of_latest(rows: _Rows) -> str:
    key = rows.cell[0]
    return f"""
        SELECT v.{key}, {_ORIGIN}, {rows.values}, {_SIMULATED}
        FROM {rows.table} v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE NOT v.removed AND s.{_COMPLETE}
          AND (v.submission_id, v.row_number) = (
            SELECT n.submission_id, n.row_number
            FROM {rows.table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
            WHERE n.{key} = v.{key} AND m.{_COMPLETE}
            ORDER BY n.period_end DESC, n.sequence DESC, n.row_number DESC LIMIT 1
          )
    """


def _before() -> Iterator[tuple[str, str]]:
    for rows in _ROWS:
        yield rows.current, _newest(rows)
        if rows.latest is not None:
            yield rows.latest, _newest_of_latest(rows)


def upgrade() -> None:
    """Keep the authority; show what each source states, and by the same rule what governs: columns are added at the end."""
    op.execute("ALTER TABLE rules.submissions ADD COLUMN authority text")
    op.execute(_BACKFILL)
    op.execute(
        "CREATE INDEX submissions_sources ON rules.submissions (city, feed, source) WHERE completed_at IS NOT NULL"
    )
    op.execute(f"GRANT SELECT ({_SENDER}) ON ingest.api_keys TO planwatch_shadow")
    op.execute(
        f"CREATE OR REPLACE VIEW query.submissions AS SELECT {_SUBMISSION}, authority"
        f" FROM rules.submissions WHERE recorded_at <= {_T}"
    )
    for rows in _ROWS:
        op.execute(f"CREATE VIEW query.{rows.name}_statements AS {_statements(rows)}")
        op.execute(f"CREATE OR REPLACE VIEW query.{rows.current} AS {_governing(rows)}")
        if rows.latest is not None:
            op.execute(f"CREATE OR REPLACE VIEW query.{rows.latest} AS {_latest(rows)}")
        op.execute(
            f"CREATE OR REPLACE VIEW query.{rows.name}_versions AS {_versions(rows, 'source', further=', s.authority')}"
        )


def downgrade() -> None:
    """Show what was shown before; no replacement takes a column away."""
    for name, select in _before():
        op.execute(f"DROP VIEW query.{name}")
        op.execute(f"CREATE VIEW query.{name} AS {select}")
    for rows in _ROWS:
        op.execute(f"DROP VIEW query.{rows.name}_statements")
        op.execute(f"DROP VIEW query.{rows.name}_versions")
        op.execute(f"CREATE VIEW query.{rows.name}_versions AS {_versions(rows)}")
    op.execute("DROP VIEW query.submissions")
    op.execute(
        f"CREATE VIEW query.submissions AS SELECT {_SUBMISSION} FROM rules.submissions WHERE recorded_at <= {_T}"
    )
    op.execute(f"REVOKE SELECT ({_SENDER}) ON ingest.api_keys FROM planwatch_shadow")
    op.execute("DROP INDEX rules.submissions_sources")
    op.execute("ALTER TABLE rules.submissions DROP COLUMN authority")
