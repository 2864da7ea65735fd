"""The feeds' topics in: a batch of messages becomes one transaction."""

from collections.abc import Callable, Sequence

import asyncpg
from sqlalchemy.exc import DBAPIError

from services.rules.adapters.metrics import RulesMetrics
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.adapters.row_events import decode_event, submission_and_row
from services.rules.application.receive_batch import Outcome, ParkRow, ReceiveBatch, park_row, receive_batch
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import FeedRow
from shared.adapters.consumer_loop import Received
from shared.adapters.logging import get_logger
from shared.adapters.parked import park_message
from shared.kernel.clock import Clock
from shared.kernel.errors import InvalidMessageError

log = get_logger(__name__)
REFUSED_BY_DATABASE = (asyncpg.DataError, OverflowError)
"""A value of a message does not fit its column: trying again will not help."""


class FeedConsumer:
    """Stores and evaluates what arrives (a `BatchHandler`). `told` is called when findings may wait in the outbox."""

    def __init__(
        self, database: PostgresDatabase, *, metrics: RulesMetrics, clock: Clock, told: Callable[[], None]
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._clock = clock
        self._told = told

    def decode(self, message: Received) -> FeedRow | Announcement:
        """Return the row or announcement of a message."""
        return decode_event(message)

    async def handle(self, batch: Sequence[FeedRow | Announcement]) -> None:
        """Store the batch and evaluate what it completes, in one transaction."""
        command = ReceiveBatch(
            rows=tuple(one for one in batch if not isinstance(one, Announcement)),
            announcements=tuple(one for one in batch if isinstance(one, Announcement)),
        )
        started_at = self._clock()
        try:
            async with self._database.transaction() as stores:
                outcome = await receive_batch(stores, command, now=started_at)
        except REFUSED_BY_DATABASE as error:
            raise InvalidMessageError(f"the database refused a value: {error}") from error
        except DBAPIError as error:
            cause = error.orig.__cause__ if error.orig is not None else None
            if not isinstance(cause, REFUSED_BY_DATABASE):
                raise
            raise InvalidMessageError(f"the database refused a value: {cause}") from error
        if outcome.lags:
            self._metrics.evaluated(self._clock() - started_at)
        self._committed(outcome)

    async def park(self, message: Received, reason: str) -> None:
        """Keep the message and count it to its submission, in one transaction."""
        now = self._clock()
        named = submission_and_row(message)
        async with self._database.transaction() as stores:
            is_new = await park_message(stores.session, "rules", message, reason=reason, at=now)
            outcome = Outcome()
            if is_new and named is not None:
                outcome = await park_row(stores, ParkRow(submission_id=named[0], row_number=named[1]), now=now)
        self._committed(outcome)

    def _committed(self, outcome: Outcome) -> None:
        for verdict in outcome.verdicts:
            self._metrics.judged(verdict.status)
        for lag in outcome.lags:
            self._metrics.lagged(lag)
        if outcome.lags:
            log.info("submissions_evaluated", submissions=len(outcome.lags), new_verdicts=len(outcome.verdicts))
            self._told()
