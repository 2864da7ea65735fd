"""What readers see of verdicts, published figures and forecasts: how a verdict came about, which source governs, what is foreseen.

Of several sources of a figure the best authority's newest version governs, then the final one, then the newest: as rules judges.
"""

# ruff: noqa: S608  (only our own names are interpolated)

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# The instant readers look from; a scalar subquery is evaluated once a statement.
_T = "(SELECT query.as_of())"
_VERDICT = """v.verdict_id, v.target_id, v.target_version, v.plan_id, v.area, v.city, v.period, v.period_end,
    v.sequence, v.recorded_at, v.status, v.expected, v.actual, v.gap, v.gap_points, v.gap_percent, v.pace, v.light,
    v.reasons, v.inputs, v.figures, v.outlook, v.simulated, v.correlation_id"""
_EXPLAINED = f"{_VERDICT}, v.evidence, v.steps"
_CELL = "n.indicator, n.area, n.value_period, n.measure, n.basis"
_FIGURE = """g.indicator, g.area, g.value_period, g.measure, g.basis, g.city, g.period, g.period_end, g.sequence, g.source,
    g.submission_id, g.row_number, g.recorded_at, g.value, g.unit, g.status, g.authority,
    concat_ws('|', g.value_period, g.area, g.measure, g.basis) COLLATE "C" AS cell, g.simulated"""

# What each source states, in the order of precedence. The ranks are looked up in line: a function would act with the rights
# of the reader, who may read views alone.
_STATEMENTS = f"""
    SELECT v.indicator, v.area, v.value_period, v.measure, v.basis, v.city, v.period, v.period_end, v.sequence, v.source,
        v.submission_id, v.row_number, v.recorded_at, v.value, v.unit, v.status, v.authority, v.simulated, ranked.rank,
        concat_ws('|', v.value_period, v.area, v.measure, v.basis) COLLATE "C" AS cell,
        row_number() OVER (
            PARTITION BY v.indicator, v.area, v.value_period, v.measure, v.basis
            ORDER BY ranked.rank NULLS LAST, v.status <> 'final', v.sequence DESC, v.source
        ) AS precedence
    FROM (
        SELECT DISTINCT ON ({_CELL}, n.source) n.*, COALESCE(s.simulated, false) AS simulated
        FROM rules.indicator_versions n JOIN rules.submissions s ON s.submission_id = n.submission_id
        WHERE s.completed_at <= {_T}
        ORDER BY {_CELL}, n.source, n.sequence DESC, n.row_number DESC
    ) v
    LEFT JOIN LATERAL (
        SELECT a.rank FROM rules.authorities a
        WHERE a.version = (SELECT max(version) FROM rules.authorities WHERE recorded_at <= {_T})
          AND v.authority LIKE replace(a.pattern, '*', '%')
        ORDER BY a.place LIMIT 1
    ) ranked ON true
    WHERE NOT v.removed
"""

_VALUES = f"""
    SELECT {_FIGURE}, g.rank, COALESCE((
        SELECT jsonb_agg(jsonb_build_object(
            'source', o.source, 'authority', o.authority, 'rank', o.rank, 'value', o.value::text, 'unit', o.unit,
            'status', o.status, 'submission_id', o.submission_id, 'row_number', o.row_number, 'sequence', o.sequence,
            'recorded_at', o.recorded_at, 'simulated', o.simulated, 'differs', (o.value, o.unit) <> (g.value, g.unit)
        ) ORDER BY o.precedence)
        FROM query.indicator_statements o
        WHERE o.indicator = g.indicator AND o.area = g.area AND o.value_period = g.value_period
          AND o.measure = g.measure AND o.basis = g.basis AND o.precedence > 1
    ), '[]') AS others
    FROM query.indicator_statements g WHERE g.precedence = 1
"""

_BEFORE = f"""
    SELECT {_FIGURE}
    FROM (
        SELECT v.*, COALESCE(s.simulated, false) AS simulated
        FROM rules.indicator_versions v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE NOT v.removed AND s.completed_at <= {_T}
          AND NOT EXISTS (
            SELECT FROM rules.indicator_versions n JOIN rules.submissions m ON m.submission_id = n.submission_id
            WHERE n.indicator = v.indicator AND n.area = v.area AND n.value_period = v.value_period
              AND n.measure = v.measure AND n.basis = v.basis
              AND (n.sequence, n.row_number) > (v.sequence, v.row_number) AND m.completed_at <= {_T}
          )
    ) g
"""

_COUNTED = """
    SELECT indicator COLLATE "C" AS indicator, sum(figures)::bigint AS figures, sum(targets)::bigint AS targets
    FROM (
        SELECT indicator, count(*) AS figures, 0 AS targets FROM query.indicator_values GROUP BY indicator
        UNION ALL
        SELECT indicator, 0, count(*) FROM query.targets GROUP BY indicator
    ) counted
    GROUP BY indicator
"""

# A figure is there while any source states it: its newest version is none that left.
_INDICATORS = f"""
    SELECT indicator COLLATE "C" AS indicator, sum(figures)::bigint AS figures, sum(targets)::bigint AS targets
    FROM (
        SELECT indicator, count(DISTINCT (area, value_period, measure, basis)) AS figures, 0 AS targets
        FROM (
            SELECT DISTINCT ON ({_CELL}, n.source) n.indicator, n.area, n.value_period, n.measure, n.basis, n.removed
            FROM rules.indicator_versions n JOIN rules.submissions s ON s.submission_id = n.submission_id
            WHERE s.completed_at <= {_T}
            ORDER BY {_CELL}, n.source, n.sequence DESC, n.row_number DESC
        ) stated
        WHERE NOT removed GROUP BY indicator
        UNION ALL
        SELECT indicator, 0, count(*) FROM query.targets GROUP BY indicator
    ) counted
    GROUP BY indicator
"""

_FORECASTS = f"""
    SELECT f.target_id, f.target_version, f.area, f.city, f.period, f.period_end, f.sequence, f.recorded_at, f.horizon,
        f.point, f.low, f.high, f.probability, f.method, f.points, f.reason
    FROM rules.forecasts f WHERE f.recorded_at <= {_T}
"""


# Numbers inside ids are padded to eight digits, so that clause 2 sorts before clause 10.
_NATURAL_ORDER = r"regexp_replace(regexp_replace(t.target_id, '(\d+)', '0000000\1', 'g'), '\d*(\d{8})', '\1', 'g')"
# A red run made good later is yellow with memory, not green; an accepted explanation suspends a light that is not green.
_LIGHT = """CASE WHEN memory.suspended AND v.light <> 'green' THEN NULL
    WHEN memory.made_good AND v.light = 'green' THEN 'yellow' ELSE v.light END AS light"""
_MEMORY = """
    LEFT JOIN LATERAL (
        SELECT COALESCE(bool_or(a.state = 'made_good'), false) AS made_good,
            COALESCE(bool_or(a.state = 'suspended'), false) AS suspended,
            count(*) FILTER (WHERE a.state <> 'retracted') AS breaches
        FROM query.alerts a WHERE a.target_id = t.target_id AND a.area = t.area AND a.kind = 'lagging'
    ) memory ON true
"""


def _targets(light: str, further: str, memory: str) -> str:
    return f"""
        SELECT t.target_id, t.version, t.plan_id, t.plan_version, t.clause_id, t.area, t.city, t.indicator, t.definition,
            t.recorded_at, {_NATURAL_ORDER} COLLATE "C" AS sort_key, v.verdict_id, v.status, {light}, v.period{further}
        FROM (
            SELECT DISTINCT ON (target_id) target_id, version, plan_id, plan_version, clause_id, area, city, indicator,
                content, definition, recorded_at
            FROM rules.target_versions WHERE recorded_at <= {_T}
            ORDER BY target_id, recorded_at DESC, version DESC
        ) t
        LEFT JOIN LATERAL (
            SELECT verdict_id, status, light, period FROM rules.verdicts
            WHERE city = t.city AND target_id = t.target_id AND area = t.area AND recorded_at <= {_T}
            ORDER BY period_end DESC, length(period), sequence DESC LIMIT 1
        ) v ON true
        {memory}
    """


_REMEMBERED = _targets(_LIGHT, ", memory.made_good, memory.suspended, memory.breaches", _MEMORY)


def _verdicts(columns: str) -> dict[str, str]:
    return {
        "verdicts": f"SELECT {columns} FROM rules.verdicts v WHERE v.recorded_at <= {_T}",
        "current_verdicts": f"""
            SELECT DISTINCT ON (v.city, v.target_id, v.area, v.period) {columns} FROM rules.verdicts v
            WHERE v.recorded_at <= {_T} ORDER BY v.city, v.target_id, v.area, v.period, v.sequence DESC
        """,
    }


_CHANGED = (
    "forecasts",
    "indicators",
    "indicator_values",
    "indicator_statements",
    "current_verdicts",
    "verdicts",
    "targets",
)


def upgrade() -> None:
    """Show more: columns are added at the end."""
    for name, select in _verdicts(_EXPLAINED).items():
        op.execute(f"CREATE OR REPLACE VIEW query.{name} AS {select}")
    op.execute(f"CREATE VIEW query.indicator_statements AS {_STATEMENTS}")
    op.execute(f"CREATE OR REPLACE VIEW query.indicator_values AS {_VALUES}")
    op.execute(f"CREATE OR REPLACE VIEW query.indicators AS {_INDICATORS}")
    op.execute(f"CREATE VIEW query.forecasts AS {_FORECASTS}")
    op.execute(f"CREATE OR REPLACE VIEW query.targets AS {_REMEMBERED}")


def downgrade() -> None:
    """Show what was shown before; no replacement takes a column away."""
    for name in _CHANGED:
        op.execute(f"DROP VIEW query.{name}")
    op.execute(f"CREATE VIEW query.targets AS {_targets('v.light', '', '')}")
    for name, select in _verdicts(_VERDICT).items():
        op.execute(f"CREATE VIEW query.{name} AS {select}")
    op.execute(f"CREATE VIEW query.indicator_values AS {_BEFORE}")
    op.execute(f"CREATE VIEW query.indicators AS {_COUNTED}")
