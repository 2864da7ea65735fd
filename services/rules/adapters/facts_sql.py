"""The statements that answer the domain's questions. Each reads rows of complete submissions alone.

The cell that decides is that of the latest period; its current version is the one of the highest sequence. It is answered
when any of its versions met the condition: reports that a later one of the same firm or project stands for have no part in
it. A row that left has no values, so it meets no condition.

Right after a bulk load the planner knows nothing of the newest period, and a join of two sets it guesses wrongly can take
minutes. So no statement leaves it a choice: either one pass over the rows of a period (found by the BRIN index) that
groups by firm, or a LATERAL look-up of each of few cells by the cell's index.
"""

from services.rules.adapters.version_tables import EVENT_DAYS
from services.rules.domain.quantity import FirmAmount, ProjectEvent

_COMPLETE = "{alias}.submission_id NOT IN (SELECT submission_id FROM rules.submissions WHERE completed_at IS NULL)"


def _complete(alias: str) -> str:
    return _COMPLETE.format(alias=alias)


def _amounts() -> str:
    """Return each amount of registered firms summed, and how many of them do not tell it."""
    return ", ".join(
        f"coalesce(sum({amount}) FILTER (WHERE is_registered), 0) AS {amount},"
        f" count(*) FILTER (WHERE is_registered AND {amount} IS NULL) AS untold_{amount}"
        for amount in FirmAmount
    )


REPORTS = """
SELECT feed, period, (array_agg(submission_id ORDER BY sequence))[1] AS submission_id, sum(parked) AS parked,
       min(recorded_at) AS arrived_at, array_agg(submission_id) FILTER (WHERE simulated) AS simulated
FROM rules.submissions WHERE city = $1 AND completed_at IS NOT NULL GROUP BY feed, period
"""


def projects(event: ProjectEvent) -> str:
    """Return the statement that answers for projects with this event."""
    day = EVENT_DAYS[event]
    accepted = "AND start_evidence = 'accepted'" if event is ProjectEvent.STARTED else ""
    return f"""
WITH ever AS MATERIALIZED (
    SELECT DISTINCT code FROM rules.project_versions AS row
    WHERE city = $1 AND {day} BETWEEN $2 AND $3 AND period_end <= $4 {accepted} AND {_complete("row")}
)
SELECT ever.code AS key, cell.largest, current.*
FROM ever CROSS JOIN LATERAL (
    SELECT row.period, row.period_end, row.sequence, row.submission_id, row.removed, row.name, row.area, row.kind, row.industry,
           row.planned_total_yuan, row.planned_equipment_yuan, row.completed_prior_yuan, row.completed_ytd_yuan,
           row.started_on, row.start_evidence, row.{day} AS occurred_on
    FROM rules.project_versions AS row
    WHERE row.code = ever.code AND row.city = $1 AND row.period_end <= $4 AND {_complete("row")}
    ORDER BY row.period_end DESC, row.sequence DESC, row.row_number DESC LIMIT 1
) AS current
CROSS JOIN LATERAL (
    SELECT max(row.planned_total_yuan) AS largest
    FROM rules.project_versions AS row
    WHERE row.code = ever.code AND row.city = $1 AND row.period_end = current.period_end
      AND row.{day} BETWEEN $2 AND $3 {accepted} AND {_complete("row")}
    HAVING count(*) > 0
) AS cell
"""


# One pass over the report's rows; one window finds the newest version of each firm, and whether any version was above
# scale, without a join. Each submission's share of the firms gives the digest (domain/evidence.py: shares_digest_of).
REGISTER_TOTALS = f"""
WITH told AS (
    SELECT uscc, sequence, submission_id, area, industry,
           coalesce(above_scale AND (exited_on IS NULL OR exited_on > $2), false) AS is_registered,
           revenue_ytd_yuan AS revenue, output_ytd_yuan AS output, profit_ytd_yuan AS profit, tax_ytd_yuan AS tax,
           rd_ytd_yuan AS rd, energy_ytd_tce AS energy,
           lead(sequence) OVER versions IS NULL AS is_newest, bool_or(above_scale) OVER versions AS ever
    FROM rules.enterprise_versions AS row
    WHERE city = $1 AND period_end = $2 AND {_complete("row")}
    WINDOW versions AS (PARTITION BY uscc ORDER BY sequence, row_number)
)
SELECT area, industry, submission_id, sequence, count(*) AS considered, count(*) FILTER (WHERE is_registered) AS firms,
       {_amounts()}
FROM told WHERE is_newest AND ever GROUP BY area, industry, submission_id, sequence
"""

REGISTER_MOVES = f"""
WITH ever AS MATERIALIZED (
    SELECT DISTINCT uscc FROM rules.enterprise_versions AS row
    WHERE city = $1 AND register_year = $2 AND period_end <= $4 AND {_complete("row")}
)
SELECT ever.uscc AS key, current.*
FROM ever CROSS JOIN LATERAL (
    SELECT row.period, row.period_end, row.sequence, row.submission_id, row.removed, row.name, row.area, row.entered_on,
           row.entry_kind, row.exited_on, row.exit_kind
    FROM rules.enterprise_versions AS row
    WHERE row.uscc = ever.uscc AND row.city = $1 AND row.period_end BETWEEN $3 AND $4 AND {_complete("row")}
    ORDER BY row.period_end DESC, row.sequence DESC, row.row_number DESC LIMIT 1
) AS current
WHERE EXISTS (
    SELECT FROM rules.enterprise_versions AS row
    WHERE row.uscc = ever.uscc AND row.city = $1 AND row.period_end = current.period_end AND row.register_year = $2
      AND {_complete("row")}
)
"""

# The greatest array is the version with the highest sequence; then its values stand at their places.
CANDIDATES = f"""
WITH reports AS MATERIALIZED (
    SELECT uscc,
           max(ARRAY[sequence, row_number, (NOT above_scale AND operating_status = 'operating')::int, revenue_ytd_yuan])
               FILTER (WHERE period_end = $2) AS now,
           max(ARRAY[sequence, row_number, revenue_ytd_yuan]) FILTER (WHERE period_end = $3) AS december,
           max(ARRAY[sequence, row_number, revenue_ytd_yuan]) FILTER (WHERE period_end = $4) AS before
    FROM rules.enterprise_versions AS row
    WHERE city = $1 AND period_end IN ($2, $3, $4) AND {_complete("row")}
    GROUP BY uscc
    HAVING bool_or(NOT above_scale AND operating_status = 'operating') FILTER (WHERE period_end = $2)
),
told AS MATERIALIZED (
    SELECT uscc, now[1] AS sequence, now[3] = 1 AS is_outside, now[4] + december[3] - before[3] AS revenue,
           december[1] AS december, before[1] AS before
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

REVENUES = f"""
WITH ever AS MATERIALIZED (
    SELECT uscc, max(revenue_ytd_yuan) AS largest FROM rules.enterprise_versions AS row
    WHERE city = $1 AND period_end = $2 AND revenue_ytd_yuan >= $4 AND {_complete("row")}
    GROUP BY uscc
)
SELECT ever.uscc AS key, ever.largest, current.*, before.revenue AS before_revenue, before.sequence AS before_sequence,
       before.submission_id AS before_submission_id
FROM ever CROSS JOIN LATERAL (
    SELECT row.period, row.sequence, row.submission_id, row.removed, row.name, row.area, row.industry,
           row.revenue_ytd_yuan AS revenue
    FROM rules.enterprise_versions AS row
    WHERE row.uscc = ever.uscc AND row.city = $1 AND row.period_end = $2 AND {_complete("row")}
    ORDER BY row.sequence DESC, row.row_number DESC LIMIT 1
) AS current
LEFT JOIN LATERAL (
    SELECT row.sequence, row.submission_id, row.revenue_ytd_yuan AS revenue
    FROM rules.enterprise_versions AS row
    WHERE row.uscc = ever.uscc AND row.city = $1 AND row.period_end = $3 AND {_complete("row")}
    ORDER BY row.sequence DESC, row.row_number DESC LIMIT 1
) AS before ON true
"""

ROUNDS = f"""
SELECT year FROM (
    SELECT year, (max(ARRAY[sequence, row_number, coalesce(stage = 'final', false)::int]))[3] = 1 AS is_final
    FROM rules.rating_versions AS row WHERE city = $1 AND {_complete("row")}
    GROUP BY uscc, year
) AS current GROUP BY year HAVING bool_or(is_final) ORDER BY year
"""

CLASS_D = f"""
WITH ever AS MATERIALIZED (
    SELECT DISTINCT uscc, year FROM rules.rating_versions AS row
    WHERE city = $1 AND stage = 'final' AND class = 'D' AND {_complete("row")}
)
SELECT ever.uscc, ever.year, current.area, current.published_on, current.score, current.submission_id,
       coalesce(newest.name, ever.uscc) AS name
FROM ever CROSS JOIN LATERAL (
    SELECT row.stage, row.class, row.area, row.published_on, row.score, row.submission_id
    FROM rules.rating_versions AS row
    WHERE row.uscc = ever.uscc AND row.year = ever.year AND row.city = $1 AND {_complete("row")}
    ORDER BY row.sequence DESC, row.row_number DESC LIMIT 1
) AS current
LEFT JOIN LATERAL (
    SELECT row.name FROM rules.enterprise_versions AS row
    WHERE row.uscc = ever.uscc AND NOT row.removed AND {_complete("row")}
    ORDER BY row.period_end DESC, row.sequence DESC, row.row_number DESC LIMIT 1
) AS newest ON true
WHERE current.stage = 'final' AND current.class = 'D'
"""

RECOGNITIONS = f"""
WITH ever AS MATERIALIZED (
    SELECT DISTINCT uscc, kind, batch FROM rules.recognition_versions AS row
    WHERE city = $1 AND kind = ANY($2) AND granted_on <= $3 AND {_complete("row")}
)
SELECT ever.uscc, ever.kind, ever.batch, current.*
FROM ever CROSS JOIN LATERAL (
    SELECT row.period, row.sequence, row.submission_id, row.removed, row.name, row.level, row.area, row.granted_on,
           row.revoked_on
    FROM rules.recognition_versions AS row
    WHERE row.uscc = ever.uscc AND row.kind = ever.kind AND row.batch = ever.batch AND row.city = $1
      AND {_complete("row")}
    ORDER BY row.sequence DESC, row.row_number DESC LIMIT 1
) AS current
"""

REGISTER_MEMBERS = f"""
WITH holders AS MATERIALIZED (
    SELECT DISTINCT uscc FROM rules.recognition_versions AS row
    WHERE city = $1 AND kind = ANY($3) AND {_complete("row")}
)
SELECT holders.uscc AS key, current.period, current.sequence, current.submission_id, current.removed,
       coalesce(current.above_scale AND (current.exited_on IS NULL OR current.exited_on > $2), false) AS is_registered
FROM holders CROSS JOIN LATERAL (
    SELECT row.period, row.sequence, row.submission_id, row.removed, row.above_scale, row.exited_on
    FROM rules.enterprise_versions AS row
    WHERE row.uscc = holders.uscc AND row.city = $1 AND row.period_end = $2 AND {_complete("row")}
    ORDER BY row.sequence DESC, row.row_number DESC LIMIT 1
) AS current
"""

# Of each cell the newest version of every source, with the rank of its authority: the first line that fits the name.
FIGURES = f"""
WITH ranks AS MATERIALIZED (
    SELECT place, rank, replace(pattern, '*', '%') AS pattern FROM rules.authorities
    WHERE version = (SELECT max(version) FROM rules.authorities)
)
SELECT asked.*, stated.*, ranked.rank
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    AS asked (indicator, area, value_period, measure, basis)
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (row.source)
           row.source, row.period, row.sequence, row.submission_id, row.removed, row.value, row.unit, row.status,
           row.authority
    FROM rules.indicator_versions AS row
    WHERE row.indicator = asked.indicator AND row.area = asked.area AND row.value_period = asked.value_period
      AND row.measure = asked.measure AND row.basis = asked.basis AND {_complete("row")}
    ORDER BY row.source, row.sequence DESC, row.row_number DESC
) AS stated
LEFT JOIN LATERAL (
    SELECT ranks.rank FROM ranks WHERE stated.authority LIKE ranks.pattern ORDER BY ranks.place LIMIT 1
) AS ranked ON true
"""

KNOWN_CELLS = f"""
SELECT DISTINCT row.indicator, row.area, row.value_period, row.measure, row.basis
FROM unnest($1::text[], $2::text[]) AS place (indicator, area)
JOIN rules.indicator_versions AS row USING (indicator, area)
WHERE {_complete("row")}
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
      AND {_complete("row")}
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

TOUCHED_CELLS = """
SELECT DISTINCT indicator, area, value_period, measure, basis FROM rules.indicator_versions WHERE submission_id = $1
"""
