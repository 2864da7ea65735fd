"""The statements that answer the domain's questions. Each reads rows of complete submissions alone.

The cell that decides is that of the latest period; which of its versions is the current one, `current_version` says: a
statement over such cells is made for the relation it gives. A cell is answered when any of its versions met the condition:
reports that a later one of the same firm or project stands for have no part in it. A row that left has no values, so it
meets no condition.

Right after a bulk load the planner knows nothing of the newest period, and a join of two sets it guesses wrongly can take
minutes. So no statement leaves it a choice: either one pass over the rows of a period (found by the BRIN index) that
groups by firm, or a LATERAL look-up of each of few cells by the cell's index.
"""

from services.rules.adapters.current_version import CURRENT_FIRST, STATED, complete
from services.rules.adapters.version_tables import EVENT_DAYS
from services.rules.domain.quantity import FirmAmount, ProjectEvent


def _amounts() -> str:
    """Return each amount of registered firms summed, and how many of them do not tell it."""
    return ", ".join(
        f"coalesce(sum({amount}) FILTER (WHERE is_registered), 0) AS {amount},"
        f" count(*) FILTER (WHERE is_registered AND {amount} IS NULL) AS untold_{amount}"
        for amount in FirmAmount
    )


def _latest_period(table: str, key: str, known: str) -> str:
    """Return the look-up of the period whose cell decides for an entity of `ever`: the latest one with any row."""
    return f"""SELECT row.period_end FROM rules.{table} AS row
    WHERE row.{key} = ever.{key} AND row.city = $1 AND {known} AND {complete("row")}
    ORDER BY row.period_end DESC LIMIT 1"""


_SAID = (
    "area",
    "kind",
    "industry",
    "planned_total_yuan",
    "planned_equipment_yuan",
    "completed_prior_yuan",
    "completed_ytd_yuan",
    "start_evidence",
    *EVENT_DAYS.values(),
)
"""What a source says of a project that may count; a name in other words is no dispute."""

REPORTS = """
SELECT feed, period, (array_agg(submission_id ORDER BY sequence))[1] AS submission_id, sum(parked) AS parked,
       min(recorded_at) AS arrived_at, array_agg(DISTINCT source) AS sources,
       array_agg(submission_id) FILTER (WHERE simulated) AS simulated
FROM rules.submissions WHERE city = $1 AND completed_at IS NOT NULL GROUP BY feed, period
"""


def projects(rows: str, event: ProjectEvent) -> str:
    """Return the statement that answers for projects with this event."""
    day = EVENT_DAYS[event]
    accepted = "AND start_evidence = 'accepted'" if event is ProjectEvent.STARTED else ""

    def said(alias: str) -> str:
        return ", ".join(f"{alias}.{column}" for column in _SAID)

    return f"""
WITH ever AS MATERIALIZED (
    SELECT DISTINCT code FROM rules.project_versions AS row
    WHERE city = $1 AND {day} BETWEEN $2 AND $3 AND period_end <= $4 {accepted} AND {complete("row")}
)
SELECT ever.code AS key, cell.largest, current.*, EXISTS (
    SELECT FROM {rows} AS row
    WHERE row.code = ever.code AND row.city = $1 AND row.period_end = latest.period_end AND {STATED}
      AND ({said("row")}) IS DISTINCT FROM ({said("current")})
) AS is_disputed
FROM ever CROSS JOIN LATERAL (
    {_latest_period("project_versions", "code", "row.period_end <= $4")}
) AS latest
CROSS JOIN LATERAL (
    SELECT row.period, row.period_end, row.sequence, row.submission_id, row.removed, row.name, {said("row")},
           row.{day} AS occurred_on
    FROM {rows} AS row
    WHERE row.code = ever.code AND row.city = $1 AND row.period_end = latest.period_end
    ORDER BY {CURRENT_FIRST} LIMIT 1
) AS current
CROSS JOIN LATERAL (
    SELECT max(row.planned_total_yuan) AS largest
    FROM rules.project_versions AS row
    WHERE row.code = ever.code AND row.city = $1 AND row.period_end = latest.period_end
      AND row.{day} BETWEEN $2 AND $3 {accepted} AND {complete("row")}
    HAVING count(*) > 0
) AS cell
"""


# One pass over the report's rows; one window finds the current version of each firm, and whether any version was above
# scale, without a join. Each submission's share of the firms gives the digest (domain/evidence.py: shares_digest_of).
def register_totals(rows: str) -> str:
    """Return the statement that answers for what the register holds."""
    return f"""
WITH told AS (
    SELECT uscc, sequence, submission_id, area, industry,
           coalesce(above_scale AND (exited_on IS NULL OR exited_on > $2), false) AS is_registered,
           revenue_ytd_yuan AS revenue, output_ytd_yuan AS output, profit_ytd_yuan AS profit, tax_ytd_yuan AS tax,
           rd_ytd_yuan AS rd, energy_ytd_tce AS energy,
           lead(sequence) OVER versions IS NULL AS is_current, bool_or(above_scale) OVER versions AS ever
    FROM {rows} AS row
    WHERE city = $1 AND period_end = $2
    WINDOW versions AS (PARTITION BY uscc ORDER BY standing, sequence, row_number)
)
SELECT area, industry, submission_id, sequence, count(*) AS considered, count(*) FILTER (WHERE is_registered) AS firms,
       {_amounts()}
FROM told WHERE is_current AND ever GROUP BY area, industry, submission_id, sequence
"""


def register_moves(rows: str) -> str:
    """Return the statement that answers for the register's moves of a statistical year."""
    return f"""
WITH ever AS MATERIALIZED (
    SELECT DISTINCT uscc FROM rules.enterprise_versions AS row
    WHERE city = $1 AND register_year = $2 AND period_end <= $4 AND {complete("row")}
)
SELECT ever.uscc AS key, current.*
FROM ever CROSS JOIN LATERAL (
    {_latest_period("enterprise_versions", "uscc", "row.period_end BETWEEN $3 AND $4")}
) AS latest
CROSS JOIN LATERAL (
    SELECT row.period, row.period_end, row.sequence, row.submission_id, row.removed, row.name, row.area, row.entered_on,
           row.entry_kind, row.exited_on, row.exit_kind
    FROM {rows} AS row
    WHERE row.uscc = ever.uscc AND row.city = $1 AND row.period_end = latest.period_end
    ORDER BY {CURRENT_FIRST} LIMIT 1
) AS current
WHERE EXISTS (
    SELECT FROM rules.enterprise_versions AS row
    WHERE row.uscc = ever.uscc AND row.city = $1 AND row.period_end = latest.period_end AND row.register_year = $2
      AND {complete("row")}
)
"""


def candidates(rows: str) -> str:
    """Return the statement that answers for candidates: the greatest array is the current version, its values at their places."""
    return f"""
WITH reports AS MATERIALIZED (
    SELECT uscc,
           max(ARRAY[standing, sequence, row_number, (NOT above_scale AND operating_status = 'operating')::int, revenue_ytd_yuan])
               FILTER (WHERE period_end = $2) AS now,
           max(ARRAY[standing, sequence, row_number, revenue_ytd_yuan]) FILTER (WHERE period_end = $3) AS december,
           max(ARRAY[standing, sequence, row_number, revenue_ytd_yuan]) FILTER (WHERE period_end = $4) AS before
    FROM {rows} AS row
    WHERE city = $1 AND period_end IN ($2, $3, $4)
    GROUP BY uscc
    HAVING bool_or(NOT above_scale AND operating_status = 'operating') FILTER (WHERE period_end = $2)
),
told AS MATERIALIZED (
    SELECT uscc, now[2] AS sequence, now[4] = 1 AS is_outside, now[5] + december[4] - before[4] AS revenue,
           december[2] AS december, before[2] AS before
    FROM reports
),
shares AS MATERIALIZED (SELECT sequence, december, before, count(*) AS rows FROM told GROUP BY sequence, december, before),
found AS MATERIALIZED (SELECT uscc, sequence, revenue FROM told WHERE is_outside AND revenue >= $5)
SELECT (SELECT count(*) FROM told WHERE is_outside AND revenue IS NULL) AS untold,
       (SELECT coalesce(jsonb_object_agg(concat_ws(':', sequence, coalesce(december::text, ''),
                                                   coalesce(before::text, '')), rows), '{{}}')::text FROM shares) AS shares,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(found.uscc, firm.name, firm.area, found.revenue,
                                                    firm.submission_id)), '[]')::text
        FROM found CROSS JOIN LATERAL (
            SELECT row.name, row.area, row.submission_id FROM rules.enterprise_versions AS row
            WHERE row.uscc = found.uscc AND row.city = $1 AND row.period_end = $2 AND row.sequence = found.sequence
            ORDER BY row.row_number DESC LIMIT 1
        ) AS firm) AS candidates
"""


def revenues(rows: str) -> str:
    """Return the statement that answers for firms over a line of revenue."""
    return f"""
WITH ever AS MATERIALIZED (
    SELECT uscc, max(revenue_ytd_yuan) AS largest FROM rules.enterprise_versions AS row
    WHERE city = $1 AND period_end = $2 AND revenue_ytd_yuan >= $4 AND {complete("row")}
    GROUP BY uscc
)
SELECT ever.uscc AS key, ever.largest, current.*, before.revenue AS before_revenue, before.sequence AS before_sequence,
       before.submission_id AS before_submission_id
FROM ever CROSS JOIN LATERAL (
    SELECT row.period, row.sequence, row.submission_id, row.removed, row.name, row.area, row.industry,
           row.revenue_ytd_yuan AS revenue
    FROM {rows} AS row
    WHERE row.uscc = ever.uscc AND row.city = $1 AND row.period_end = $2
    ORDER BY {CURRENT_FIRST} LIMIT 1
) AS current
LEFT JOIN LATERAL (
    SELECT row.sequence, row.submission_id, row.revenue_ytd_yuan AS revenue
    FROM {rows} AS row
    WHERE row.uscc = ever.uscc AND row.city = $1 AND row.period_end = $3
    ORDER BY {CURRENT_FIRST} LIMIT 1
) AS before ON true
"""


def rounds(rows: str) -> str:
    """Return the statement that answers in which years a rating is final."""
    return f"""
SELECT year FROM (
    SELECT year, (max(ARRAY[standing, sequence, row_number, coalesce(stage = 'final', false)::int]))[4] = 1 AS is_final
    FROM {rows} AS row WHERE city = $1
    GROUP BY uscc, year
) AS current GROUP BY year HAVING bool_or(is_final) ORDER BY year
"""


def class_d(rows: str) -> str:
    """Return the statement that answers for firms of class D; a firm is named as it was last told, by whomever."""
    return f"""
WITH ever AS MATERIALIZED (
    SELECT DISTINCT uscc, year FROM rules.rating_versions AS row
    WHERE city = $1 AND stage = 'final' AND class = 'D' AND {complete("row")}
)
SELECT ever.uscc, ever.year, current.area, current.published_on, current.score, current.submission_id,
       coalesce(newest.name, ever.uscc) AS name
FROM ever CROSS JOIN LATERAL (
    SELECT row.stage, row.class, row.area, row.published_on, row.score, row.submission_id
    FROM {rows} AS row
    WHERE row.uscc = ever.uscc AND row.year = ever.year AND row.city = $1
    ORDER BY {CURRENT_FIRST} LIMIT 1
) AS current
LEFT JOIN LATERAL (
    SELECT row.name FROM rules.enterprise_versions AS row
    WHERE row.uscc = ever.uscc AND NOT row.removed AND {complete("row")}
    ORDER BY row.period_end DESC, row.sequence DESC, row.row_number DESC LIMIT 1
) AS newest ON true
WHERE current.stage = 'final' AND current.class = 'D'
"""


def recognitions(rows: str) -> str:
    """Return the statement that answers for titles granted to firms."""
    return f"""
WITH ever AS MATERIALIZED (
    SELECT DISTINCT uscc, kind, batch FROM rules.recognition_versions AS row
    WHERE city = $1 AND kind = ANY($2) AND granted_on <= $3 AND {complete("row")}
)
SELECT ever.uscc, ever.kind, ever.batch, current.*
FROM ever CROSS JOIN LATERAL (
    SELECT row.period, row.sequence, row.submission_id, row.removed, row.name, row.level, row.area, row.granted_on,
           row.revoked_on
    FROM {rows} AS row
    WHERE row.uscc = ever.uscc AND row.kind = ever.kind AND row.batch = ever.batch AND row.city = $1
    ORDER BY {CURRENT_FIRST} LIMIT 1
) AS current
"""


def register_members(rows: str) -> str:
    """Return the statement that answers which firms with titles are in the register."""
    return f"""
WITH holders AS MATERIALIZED (
    SELECT DISTINCT uscc FROM rules.recognition_versions AS row
    WHERE city = $1 AND kind = ANY($3) AND {complete("row")}
)
SELECT holders.uscc AS key, current.period, current.sequence, current.submission_id, current.removed,
       coalesce(current.above_scale AND (current.exited_on IS NULL OR current.exited_on > $2), false) AS is_registered
FROM holders CROSS JOIN LATERAL (
    SELECT row.period, row.sequence, row.submission_id, row.removed, row.above_scale, row.exited_on
    FROM {rows} AS row
    WHERE row.uscc = holders.uscc AND row.city = $1 AND row.period_end = $2
    ORDER BY {CURRENT_FIRST} LIMIT 1
) AS current
"""


def superseded_from(table: str, key: str, *, within: str = "'infinity'::date") -> str:
    """Return the statement that finds from when later rows of the same entities, up to a day, stand for a submission's.

    Nothing when one has no later row, or when there are more than $4 of them: then it is not looked for.
    """
    return f"""
WITH part AS MATERIALIZED (
    SELECT DISTINCT {key} AS key FROM rules.{table} WHERE submission_id = $1 LIMIT $4 + 1
)
SELECT CASE WHEN count(*) = 0 THEN $3::date + 1
            WHEN count(*) <= $4 AND bool_and(later.period_end IS NOT NULL) THEN max(later.period_end) END AS superseded_from
FROM part LEFT JOIN LATERAL (
    SELECT row.period_end FROM rules.{table} AS row
    WHERE row.{key} = part.key AND row.city = $2 AND row.period_end > $3 AND row.period_end <= {within}
      AND {complete("row")}
    ORDER BY row.period_end LIMIT 1
) AS later ON true
"""


MOVES_REGISTER = """
WITH part AS MATERIALIZED (
    SELECT uscc FROM rules.enterprise_versions WHERE submission_id = $1 LIMIT $2 + 1
)
SELECT count(*) > $2 OR coalesce(bool_or(EXISTS (
    SELECT FROM rules.enterprise_versions AS row WHERE row.uscc = part.uscc AND row.register_year IS NOT NULL
)), false) AS moves
FROM part
"""
