"""Deciding about held submissions in memory. Unlike PostgreSQL, a second transaction of the same series does not wait."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from services.ingest.application.ports import AreaFilter, PublishableRow
from services.ingest.domain.envelope import Action
from services.ingest.domain.hold_decision import Decision, HeldSubmission
from services.ingest.domain.submission import Comparison, Series
from tests.fakes.ingest_series import InMemorySeries, Known, Stored, Tables


class InMemoryHoldStore:
    """Decides over what an InMemoryAcceptanceStore holds."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["InMemoryHoldTransaction"]:
        yield InMemoryHoldTransaction(self._tables)


class InMemoryHoldTransaction:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[tuple[Series, str], Known] = {}
        self._rows: list[PublishableRow] = []
        self._decided: list[tuple[Stored, Decision]] = []

    async def find(self, submission_id: str, *, city: str) -> HeldSubmission | None:
        stored = next((one for one in self._tables.submissions if one.submission.submission_id == submission_id), None)
        if stored is None or stored.submission.series.city != city:
            return None
        submission = stored.submission
        return HeldSubmission(
            submission_id=submission_id,
            sequence=stored.sequence,
            key_id=submission.sender.key_id,
            series=submission.series,
            action=submission.action,
            area=submission.area,
            received=submission.received,
            is_held=stored.held is not None,
            decision=stored.decision,
        )

    async def list_replaced_since(self, submission: HeldSubmission) -> Sequence[str | None]:
        return [
            stored.submission.area
            for stored in self._tables.submissions[submission.sequence :]
            if stored.submission.series == submission.series
            and stored.submission.action is Action.REPLACE
            and stored.is_in_effect
        ]

    async def apply(
        self, submission: HeldSubmission, *, replaces: AreaFilter | None, spoken_of: AreaFilter
    ) -> Comparison:
        of, place = submission.series, submission.sequence
        held = self._stored(submission).held or []
        later = {cell for (series, cell), one in self._tables.known.items() if series == of and one.sequence > place}
        staged = [row for row in held if row.cell not in later and not spoken_of(row.area)]
        series = InMemorySeries(self._tables, of, staged, before=place)
        comparison = series.compare(replaces)
        self._rows = series.write(place, received=submission.received)
        self._known = dict(series.changed)
        return comparison

    async def decide(self, submission: HeldSubmission, decision: Decision) -> None:
        self._decided.append((self._stored(submission), decision))

    async def commit(self) -> None:
        self._tables.known |= self._known
        for stored, decision in self._decided:
            stored.decision, stored.rows = decision, self._rows

    def _stored(self, submission: HeldSubmission) -> Stored:
        return self._tables.submissions[submission.sequence - 1]
