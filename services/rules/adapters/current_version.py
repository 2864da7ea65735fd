"""Which version of a cell of rows is its current one: the one place that says so in SQL (design 7.11).

Of every source the newest version counts. Of these one that left comes last, then the better authority of the submission goes
first (one that nobody ranked last), of ratings then a final one, then the highest sequence. So a source that took its row back
takes nothing from another one, and a cell is removed when every source has removed it.

A relation here holds the rows of complete submissions with their `standing`: of a cell's versions the first by `CURRENT_FIRST`
is the current one. A statement's `$1` is the city.
"""

from dataclasses import dataclass

from services.rules.domain.feed import Feed

CURRENT_FIRST = "row.standing DESC, row.sequence DESC, row.row_number DESC"
STATED = "row.standing > 1"
"""What each of several sources states now; where one alone does there is nothing to compare, and it holds for no row."""

SEVERAL_SOURCES = """
SELECT min(source) < max(source) FROM rules.submissions WHERE city = $1 AND feed = $2 AND completed_at IS NOT NULL
"""
"""Whether several sources state rows of a feed; where one alone does, its newest version is the current one, at far less cost."""

# Evaluated once a statement, whatever it is joined with: no plan can look up patterns row by row.
_RANKS = """
(
    SELECT jsonb_object_agg(submission.submission_id, ranked.rank)
    FROM rules.submissions AS submission CROSS JOIN LATERAL (
        SELECT line.rank FROM rules.authorities AS line
        WHERE line.version = (SELECT max(version) FROM rules.authorities)
          AND submission.authority LIKE replace(line.pattern, '*', '%')
        ORDER BY line.place LIMIT 1
    ) AS ranked
    WHERE submission.city = $1
)
"""
_LAST_RANK = 2**31 - 1


def complete(alias: str) -> str:
    """Return the condition that a row's submission is complete."""
    return f"{alias}.submission_id NOT IN (SELECT submission_id FROM rules.submissions WHERE completed_at IS NULL)"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a feed: their table, the columns that name a cell, and what is preferred between equal authorities."""

    feed: Feed
    table: str
    cell: str
    preferred: str = "false"

    def relation(self, *, several: bool) -> str:
        """Return where versions are read: `several` sources state them, or one."""
        return self.of_several_sources if several else self.of_one_source

    @property
    def of_one_source(self) -> str:
        """Where a single source states rows of the city: the highest sequence is the current one."""
        return f"(SELECT row.*, 0::bigint AS standing FROM rules.{self.table} AS row WHERE {complete('row')})"

    @property
    def of_several_sources(self) -> str:
        """Where several do: a version that its own source overtook stands last of all."""
        return f"""(
    SELECT row.*, CASE
        WHEN lead(row.sequence) OVER (
            PARTITION BY row.city, {self.cell}, row.source ORDER BY row.sequence, row.row_number
        ) IS NOT NULL THEN 0
        WHEN row.removed THEN 1
        ELSE 2 + 2 * ({_LAST_RANK} - coalesce(({_RANKS} ->> row.submission_id)::bigint, {_LAST_RANK}))
             + ({self.preferred})::int
    END AS standing
    FROM rules.{self.table} AS row WHERE {complete("row")}
)"""


FIRMS = Rows(Feed.ENTERPRISES, "enterprise_versions", "row.uscc, row.period_end")
PROJECTS = Rows(Feed.PROJECTS, "project_versions", "row.code, row.period_end")
RATINGS = Rows(Feed.RATINGS, "rating_versions", "row.uscc, row.year", "coalesce(row.stage = 'final', false)")
TITLES = Rows(Feed.RECOGNITIONS, "recognition_versions", "row.uscc, row.kind, row.batch")
