"""What is compared: of each kind the things of a database in the order of their keys, without numbers a database gives."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from deploy.replay.compare import Line
from deploy.replay.databases import Connection

_PREFETCH = 2000


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its name, and a statement that gives key and JSON of each thing; `$1` is a city, or null for all."""

    name: str
    statement: str

    async def lines(self, database: Connection, city: str | None) -> AsyncIterator[Line]:
        """Read the things in the order of their keys."""
        statement = f'SELECT key, line::text FROM ({self.statement}) AS thing ORDER BY key COLLATE "C"'
        async for record in database.cursor(statement, city, prefetch=_PREFETCH):
            yield Line(record["key"], record["line"])


def _versions(feed: str) -> str:
    return f"""
        SELECT '{feed} ' || version.submission_id || ':' || lpad(row_number::text, 9, '0') AS key,
               to_jsonb(version) AS line
        FROM rules.{feed}_versions AS version JOIN rules.submissions AS submission USING (submission_id)
        WHERE submission.completed_at IS NOT NULL AND ($1::text IS NULL OR version.city = $1)
    """


_FEEDS = ("enterprise", "project", "rating", "recognition", "indicator")

ROUNDS = Kind(
    "rounds",
    """
    SELECT to_char(at, 'YYYY-MM-DD HH24:MI:SS.US ') || city AS key, to_jsonb(evaluation) - 'round' AS line
    FROM rules.evaluations AS evaluation WHERE $1::text IS NULL OR city = $1
    """,
)
SUBMISSIONS = Kind(
    "submissions",
    """
    SELECT submission_id AS key, to_jsonb(submission) AS line FROM rules.submissions AS submission
    WHERE completed_at IS NOT NULL AND ($1::text IS NULL OR city = $1)
    """,
)
ROWS = Kind("rows", " UNION ALL ".join(map(_versions, _FEEDS)))
VERDICTS = Kind(
    "verdicts",
    """
    SELECT target_id || ' ' || area || ' ' || period || to_char(recorded_at, ' YYYY-MM-DD HH24:MI:SS.US') AS key,
           to_jsonb(verdict) - 'sequence' AS line
    FROM rules.verdicts AS verdict WHERE $1::text IS NULL OR city = $1
    """,
)
FORECASTS = Kind(
    "forecasts",
    """
    SELECT target_id || ' ' || area || ' ' || period || to_char(recorded_at, ' YYYY-MM-DD HH24:MI:SS.US') AS key,
           to_jsonb(forecast) - 'sequence' AS line
    FROM rules.forecasts AS forecast WHERE $1::text IS NULL OR city = $1
    """,
)
SIGNALS = Kind(
    "signals",
    """
    SELECT signal_id || to_char(recorded_at, ' YYYY-MM-DD HH24:MI:SS.US') AS key,
           to_jsonb(signal) - 'sequence' AS line
    FROM rules.signals AS signal WHERE $1::text IS NULL OR city = $1
    """,
)
FINDINGS = Kind(
    "findings",
    """
    SELECT target_id || ' ' || area || ' ' || kind || ' ' || lpad(sequence::text, 9, '0') AS key,
           to_jsonb(finding) AS line
    FROM rules.findings AS finding WHERE $1::text IS NULL OR city = $1
    """,
)
OF_RULES = (ROUNDS, SUBMISSIONS, ROWS, VERDICTS, FORECASTS, SIGNALS, FINDINGS)
