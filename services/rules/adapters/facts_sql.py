"""The statements that answer the domain's questions. Each reads rows of complete submissions alone.

`ever` selects the cells of which some version met the condition; then the current version of each is taken: the latest
period first, the highest sequence within it. A row that left has no values, so it meets no condition. The statements
join as little as possible: right after a bulk load the planner knows nothing of the rows.
"""

_COMPLETE = "{alias}.submission_id NOT IN (SELECT submission_id FROM rules.submissions WHERE completed_at IS NULL)"


def _complete(alias: str) -> str:
    return _COMPLETE.format(alias=alias)


LEDGER = """
SELECT submission_id, feed, city, period, sequence, simulated, parked, recorded_at, correlation_id
FROM rules.submissions WHERE city = $1 AND completed_at IS NOT NULL
"""

PROJECT_STARTS = f"""
WITH ever AS (
    SELECT code, max(planned_total_yuan) AS largest
    FROM rules.project_versions AS row
    WHERE city = $1 AND start_evidence = 'accepted' AND started_on BETWEEN $2 AND $3 AND period_end <= $3
      AND {_complete("row")}
    GROUP BY code
)
SELECT DISTINCT ON (row.code) row.code AS key, row.period, row.sequence, row.submission_id, row.removed, row.name,
       row.area, row.planned_total_yuan, row.started_on, row.start_evidence, ever.largest
FROM ever JOIN rules.project_versions AS row ON row.code = ever.code
WHERE row.city = $1 AND row.period_end <= $3 AND {_complete("row")}
ORDER BY row.code, row.period_end DESC, row.sequence DESC, row.row_number DESC
"""

REGISTER_MOVES = f"""
WITH ever AS (
    SELECT DISTINCT uscc FROM rules.enterprise_versions AS row
    WHERE city = $1 AND register_year = $2 AND period_end <= $4 AND {_complete("row")}
)
SELECT DISTINCT ON (row.uscc) row.uscc AS key, row.period, row.sequence, row.submission_id, row.removed, row.name,
       row.area, row.entered_on, row.entry_kind, row.exited_on, row.exit_kind
FROM ever JOIN rules.enterprise_versions AS row ON row.uscc = ever.uscc
WHERE row.city = $1 AND row.period_end BETWEEN $3 AND $4 AND {_complete("row")}
ORDER BY row.uscc, row.period_end DESC, row.sequence DESC, row.row_number DESC
"""

CANDIDATES = f"""
WITH ever AS MATERIALIZED (
    SELECT DISTINCT uscc FROM rules.enterprise_versions AS row
    WHERE city = $1 AND period_end = $2 AND NOT above_scale AND operating_status = 'operating' AND {_complete("row")}
),
versions AS MATERIALIZED (
    SELECT DISTINCT ON (row.uscc, row.period_end) row.uscc, row.period_end, row.sequence, row.submission_id, row.name,
           row.area, row.above_scale, row.operating_status, row.revenue_ytd_yuan AS revenue
    FROM rules.enterprise_versions AS row
    WHERE row.city = $1 AND row.period_end IN ($2, $3, $4) AND row.uscc IN (SELECT uscc FROM ever)
      AND {_complete("row")}
    ORDER BY row.uscc, row.period_end, row.sequence DESC, row.row_number DESC
),
reports AS (
    SELECT uscc,
           max(name) FILTER (WHERE period_end = $2) AS name,
           max(area) FILTER (WHERE period_end = $2) AS area,
           max(submission_id) FILTER (WHERE period_end = $2) AS submission_id,
           coalesce(bool_or(NOT above_scale AND operating_status = 'operating') FILTER (WHERE period_end = $2), false)
               AS is_outside,
           max(revenue) FILTER (WHERE period_end = $2) + max(revenue) FILTER (WHERE period_end = $3)
               - max(revenue) FILTER (WHERE period_end = $4) AS revenue,
           concat_ws(':', uscc, max(sequence) FILTER (WHERE period_end = $2),
                     coalesce(max(sequence) FILTER (WHERE period_end = $3)::text, ''),
                     coalesce(max(sequence) FILTER (WHERE period_end = $4)::text, '')) AS stamp
    FROM versions GROUP BY uscc
)
SELECT count(*) FILTER (WHERE is_outside AND revenue IS NULL) AS untold,
       md5(coalesce(string_agg(stamp, E'\\n' ORDER BY stamp COLLATE "C"), '')) AS digest,
       coalesce(jsonb_agg(jsonb_build_array(uscc, name, area, revenue, submission_id))
                FILTER (WHERE is_outside AND revenue >= $5), '[]')::text AS candidates
FROM reports
"""

REVENUES = f"""
WITH ever AS (
    SELECT uscc, max(revenue_ytd_yuan) AS largest FROM rules.enterprise_versions AS row
    WHERE city = $1 AND period_end = $2 AND revenue_ytd_yuan >= $4 AND {_complete("row")}
    GROUP BY uscc
)
SELECT DISTINCT ON (row.uscc) row.uscc AS key, row.period, row.sequence, row.submission_id, row.removed, row.name, row.area,
       row.revenue_ytd_yuan AS revenue, ever.largest, before.revenue AS before_revenue,
       before.sequence AS before_sequence, before.submission_id AS before_submission_id
FROM ever
JOIN rules.enterprise_versions AS row ON row.uscc = ever.uscc AND row.city = $1 AND row.period_end = $2
LEFT JOIN LATERAL (
    SELECT old.sequence, old.submission_id, CASE WHEN NOT old.removed THEN old.revenue_ytd_yuan END AS revenue
    FROM rules.enterprise_versions AS old
    WHERE old.uscc = ever.uscc AND old.city = $1 AND old.period_end = $3 AND {_complete("old")}
    ORDER BY old.sequence DESC, old.row_number DESC LIMIT 1
) AS before ON true
WHERE {_complete("row")}
ORDER BY row.uscc, row.sequence DESC, row.row_number DESC
"""

CLASS_D = f"""
WITH current AS (
    SELECT DISTINCT ON (uscc, year) uscc, year, removed, class, stage, area, published_on, score, submission_id
    FROM rules.rating_versions AS row
    WHERE city = $1 AND {_complete("row")}
    ORDER BY uscc, year, sequence DESC, row_number DESC
),
round AS (SELECT max(year) AS year FROM current WHERE NOT removed AND stage = 'final')
SELECT current.uscc, current.year, current.area, current.published_on, current.score, current.submission_id,
       coalesce(newest.name, current.uscc) AS name
FROM current JOIN round ON round.year = current.year
LEFT JOIN LATERAL (
    SELECT row.name FROM rules.enterprise_versions AS row
    WHERE row.uscc = current.uscc AND NOT row.removed AND {_complete("row")}
    ORDER BY row.period_end DESC, row.sequence DESC, row.row_number DESC LIMIT 1
) AS newest ON true
WHERE NOT current.removed AND current.stage = 'final' AND current.class = 'D'
"""

FIGURES = f"""
WITH asked AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
        AS cell (indicator, area, value_period, measure, basis)
)
SELECT DISTINCT ON (row.indicator, row.area, row.value_period, row.measure, row.basis)
       row.indicator, row.area, row.value_period, row.measure, row.basis, row.period, row.sequence, row.submission_id,
       row.removed, row.value, row.unit, row.status, row.authority
FROM asked JOIN rules.indicator_versions AS row USING (indicator, area, value_period, measure, basis)
WHERE {_complete("row")}
ORDER BY row.indicator, row.area, row.value_period, row.measure, row.basis, row.sequence DESC, row.row_number DESC
"""

KNOWN_CELLS = f"""
SELECT DISTINCT indicator, area, value_period, measure, basis FROM rules.indicator_versions AS row
WHERE indicator = ANY($1) AND {_complete("row")}
"""

TOUCHED_CELLS = """
SELECT DISTINCT indicator, area, value_period, measure, basis FROM rules.indicator_versions WHERE submission_id = $1
"""
