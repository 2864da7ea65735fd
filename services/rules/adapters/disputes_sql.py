"""The statement that finds where sources differ on firms. It is asked only where several sources report them."""

from services.rules.adapters.current_version import STATED

# What a source says of a firm that may count for the register, as one text: least and greatest differ where sources do.
_SAID = """ROW(row.area, row.industry, row.above_scale, row.exited_on, row.revenue_ytd_yuan, row.output_ytd_yuan,
                   row.profit_ytd_yuan, row.tax_ytd_yuan, row.rd_ytd_yuan, trim_scale(row.energy_ytd_tce))::text COLLATE "C\""""


def disputed_firms(rows: str) -> str:
    """Return the statement that counts firms of a report on which sources differ, by the area and industry that govern."""
    return f"""
WITH told AS (
    SELECT area, industry, lead(sequence) OVER versions IS NULL AS is_current, bool_or(above_scale) OVER versions AS ever,
           min({_SAID}) FILTER (WHERE {STATED}) OVER versions AS least,
           max({_SAID}) FILTER (WHERE {STATED}) OVER versions AS greatest
    FROM {rows} AS row
    WHERE city = $1 AND period_end = $2
    WINDOW versions AS (PARTITION BY uscc ORDER BY standing, sequence, row_number)
)
SELECT area, industry, count(*) AS firms FROM told WHERE is_current AND ever AND least <> greatest GROUP BY area, industry
"""
