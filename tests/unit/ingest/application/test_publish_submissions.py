"""Publishing, with in-memory tables and log."""

from typing import Any

import pytest

from services.ingest.application.accept_submission import accept_submission
from services.ingest.application.publish_submissions import Publishing, RoundLimits, publish_round
from services.ingest.domain.errors import LogUnavailableError
from tests.contracts.ingest_submissions import T0, command, firm, intake
from tests.fakes.ingest import (
    InMemoryAcceptanceStore,
    InMemoryPublishQueue,
    RecordingEventLog,
    RecordingPublishObserver,
)


class Desk:
    """A store with a publisher over it."""

    def __init__(self, *, rows_a_round: int = 4, submissions_a_round: int = 10) -> None:
        self.store = InMemoryAcceptanceStore()
        self.log = RecordingEventLog()
        self.observer = RecordingPublishObserver()
        self.needs = intake(self.store)
        self.publishing = Publishing(
            queue=InMemoryPublishQueue(self.store.tables),
            log=self.log,
            observer=self.observer,
            clock=lambda: T0,
            limits=RoundLimits(submissions=submissions_a_round, rows=rows_a_round),
        )

    async def push(self, *rows: Any, **changes: Any) -> None:
        await accept_submission(command(list(rows), **changes), self.needs)

    async def publish_all(self) -> None:
        while await publish_round(self.publishing):
            pass


async def test_rows_come_before_the_event_that_counts_them() -> None:
    desk = Desk()
    await desk.push(firm(1), firm(2))
    await desk.publish_all()
    assert desk.log.events == ["sub_1:1", "sub_1:2", "sub_1:published"]
    assert desk.observer.completed_ids == ["sub_1"]


async def test_short_submission_overtakes_a_long_one() -> None:
    desk = Desk(rows_a_round=4)
    await desk.push(*(firm(serial) for serial in range(1, 21)))
    await desk.push(firm(30), period="2024-05")
    await publish_round(desk.publishing)
    assert "sub_2:published" in desk.log.events
    assert "sub_1:published" not in desk.log.events
    await desk.publish_all()
    assert len(desk.log.events) == 23


async def test_short_submission_overtakes_more_long_ones_than_a_round_takes() -> None:
    desk = Desk(submissions_a_round=2)
    for month in ("03", "04", "05", "06"):
        await desk.push(*(firm(serial) for serial in range(1, 21)), period=f"2024-{month}")
    await desk.push(firm(30), period="2024-07")
    await publish_round(desk.publishing)
    assert "sub_5:published" in desk.log.events
    assert "sub_1:1" in desk.log.events


async def test_failed_publication_is_repeated_with_the_same_ids() -> None:
    desk = Desk()
    await desk.push(firm(1))
    desk.log.fails = True
    with pytest.raises(LogUnavailableError):
        await publish_round(desk.publishing)
    desk.log.fails = False
    await desk.publish_all()
    assert desk.log.events == ["sub_1:1", "sub_1:published"]


async def test_submission_without_news_only_sends_its_count() -> None:
    desk = Desk()
    await desk.push(firm(1))
    await desk.push(firm(1))
    await desk.publish_all()
    assert desk.log.events[-1] == "sub_2:published"
    assert "sub_2:1" not in desk.log.events


async def test_nothing_waits_nothing_is_done() -> None:
    desk = Desk()
    assert await publish_round(desk.publishing) is False
    assert desk.observer.backlogs == [0]
