"""What is wrong with a submission, row by row, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.ingest.domain.errors import Flaw

LONGEST_SHOWN_VALUE = 100
MAX_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw at its place. `row` 1 is the first data row; None means the envelope or the header."""

    row: int | None
    column: str | None
    code: str
    value: str | None
    zh: str
    en: str


def finding_of(flaw: Flaw, *, row: int | None, column: str | None, value: object) -> Finding:
    """Return the finding of a flaw; a long value or column name is cut."""
    return Finding(row, shown(column), flaw.code, shown(value), flaw.zh, flaw.en)


def shown(value: object) -> str | None:
    """Return a value as text for people, cut to a readable length; a nested value stands for itself."""
    if value is None:
        return None
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN_VALUE else f"{text[:LONGEST_SHOWN_VALUE]}…"


@dataclass(slots=True)
class FindingList:
    """Findings in order of the rows: all are counted, the first `limit` are listed."""

    limit: int = MAX_LISTED
    listed: list[Finding] = field(default_factory=list)
    total: int = 0
    rows: int = 0
    _latest_row: int | None = None

    def add(self, finding: Finding) -> None:
        """Count the finding, and list it while there is room."""
        self.total += 1
        if finding.row is not None and finding.row != self._latest_row:
            self._latest_row = finding.row
            self.rows += 1
        if len(self.listed) < self.limit:
            self.listed.append(finding)


@dataclass(frozen=True, slots=True)
class Findings:
    """A finished list: what is listed, how many there are, and how many rows they touch."""

    listed: Sequence[Finding] = ()
    total: int = 0
    rows: int = 0

    @classmethod
    def of(cls, findings: FindingList) -> "Findings":
        """Return the list as it stands now."""
        return cls(tuple(findings.listed), findings.total, findings.rows)
