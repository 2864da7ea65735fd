"""The statements about published figures. Each reads rows of complete submissions alone."""

from services.rules.adapters.current_version import complete

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
      AND row.measure = asked.measure AND row.basis = asked.basis AND {complete("row")}
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
WHERE {complete("row")}
"""

TOUCHED_CELLS = """
SELECT DISTINCT indicator, area, value_period, measure, basis FROM rules.indicator_versions WHERE submission_id = $1
"""
