"""The in-memory tables of ingest, and what is known of one series in them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from services.ingest.adapters.row_encoding import encode_content
from services.ingest.application.ports import AreaFilter, PublishableRow
from services.ingest.domain.feeds import MainAmount
from services.ingest.domain.hold_decision import Decision
from services.ingest.domain.restatement import Extent
from services.ingest.domain.row_check import CheckedRow
from services.ingest.domain.submission import Comparison, Receipt, RestatedRow, Series, Submission

_NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Known:
    area: str
    edition: int
    content: dict[str, Any]
    sequence: int
    removed: bool = False


@dataclass(slots=True)
class Stored:
    """A submission; `held` are all rows of one that waits or waited for a release."""

    submission: Submission
    sequence: int
    chunks: list[bytes]
    rows: list[PublishableRow]
    held: list[CheckedRow] | None = None
    decision: Decision | None = None
    published_row: int = 0
    published_events: int = 0
    published_at: datetime | None = None

    @property
    def is_in_effect(self) -> bool:
        return self.held is None or (self.decision is not None and self.decision.verb == "released")

    @property
    def is_waiting(self) -> bool:
        return self.held is not None and self.decision is None

    @property
    def row_events(self) -> int:
        return self.submission.row_events if self.decision is None else self.decision.events

    @property
    def recorded_at(self) -> datetime:
        return self.submission.recorded_at if self.decision is None else self.decision.decided_at


@dataclass(slots=True)
class Tables:
    """What is committed."""

    submissions: list[Stored] = field(default_factory=list)
    known: dict[tuple[Series, str], Known] = field(default_factory=dict)
    answers: dict[tuple[str, str], tuple[bytes, Receipt]] = field(default_factory=dict)


class InMemorySeries:
    """Staged rows against one series; `before` is the place of the submission they are of."""

    def __init__(self, tables: Tables, series: Series, staged: Sequence[CheckedRow], *, before: int = _NEWEST) -> None:
        self._tables = tables
        self._series = series
        self._staged = staged
        self._before = before
        self._left: list[str] = []
        self.changed: dict[tuple[Series, str], Known] = {}

    def _known(self) -> Iterator[tuple[str, Known]]:
        return (
            (cell, known)
            for (of, cell), known in self._tables.known.items()
            if of == self._series and not known.removed
        )

    def compare(self, replaces: AreaFilter | None) -> Comparison:
        statuses = [self._status(row) for row in self._staged]
        self._left = sorted(self._missing(replaces)) if replaces is not None else []
        return Comparison(
            new=statuses.count("new"),
            unchanged=statuses.count("unchanged"),
            changed=statuses.count("restated") + statuses.count("advanced"),
            restated=statuses.count("restated"),
            left=len(self._left),
        )

    def _missing(self, replaces: AreaFilter) -> Iterator[str]:
        staged = {row.cell for row in self._staged}
        for cell, known in self._known():
            if cell not in staged and replaces(known.area) and known.sequence < self._before:
                yield cell

    def _status(self, row: CheckedRow) -> str:
        known = self._tables.known.get((self._series, row.cell))
        if known is None or known.removed:
            return "new"
        if known.content == row.content:
            return "unchanged"
        return "restated" if row.edition <= known.edition else "advanced"

    def list_restated(self, limit: int) -> Sequence[RestatedRow]:
        rows = [RestatedRow(row.row, row.cell) for row in self._staged if self._status(row) == "restated"]
        return [*rows, *(RestatedRow(None, cell) for cell in self._left)][:limit]

    def measure(self, amount: MainAmount | None) -> Extent:
        restated = {row.cell: row.content for row in self._staged if self._status(row) == "restated"}
        becomes: dict[str, dict[str, Any]] = {**restated, **{cell: {} for cell in self._left}}
        known = dict(self._known())
        if amount is None:
            return Extent(known_rows=len(known), changed_rows=len(becomes))

        def value(content: dict[str, Any]) -> Decimal:
            return Decimal(content.get(amount.field) or 0)

        changes = {
            cell: (abs(value(known[cell].content)), abs(value(content) - value(known[cell].content)))
            for cell, content in becomes.items()
        }
        measured = _sum if amount.is_money else _largest
        figures = measured(changes, lambda: sum((abs(value(one.content)) for one in known.values()), Decimal(0)))
        return Extent(known_rows=len(known), changed_rows=len(becomes), **figures)

    def write(self, sequence: int, *, received: int) -> list[PublishableRow]:
        """Return what is published, and keep in `changed` what is known from now on."""
        rows: list[PublishableRow] = []
        for row in self._staged:
            known = self._tables.known.get((self._series, row.cell))
            if self._status(row) == "unchanged" and known is not None:
                self.changed[self._series, row.cell] = replace(known, sequence=max(sequence, known.sequence))
                continue
            rows.append(PublishableRow(row.row, row.cell, encode_content(row.content)[0]))
            self.changed[self._series, row.cell] = Known(row.area, row.edition, row.content, sequence)
        for offset, cell in enumerate(self._left, start=1):
            rows.append(PublishableRow(received + offset, cell, None))
            was = self._tables.known[self._series, cell]
            self.changed[self._series, cell] = replace(was, removed=True, sequence=sequence)
        return rows


Changes = dict[str, tuple[Decimal, Decimal]]


def _sum(changes: Changes, total: Callable[[], Decimal]) -> dict[str, Any]:
    return {"known_value": total(), "changed_value": sum((by for _, by in changes.values()), Decimal(0))}


def _largest(changes: Changes, _total: Callable[[], Decimal]) -> dict[str, Any]:
    def share(one: tuple[str, tuple[Decimal, Decimal]]) -> tuple[bool, Decimal]:
        known, by = one[1]
        return (known == 0, by / known if known else by)

    found = sorted(((cell, pair) for cell, pair in sorted(changes.items()) if pair[1] > 0), key=share, reverse=True)
    if not found:
        return {}
    cell, (known, by) = found[0]
    return {"known_value": known, "changed_value": by, "cell": cell}
