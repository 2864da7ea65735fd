"""The sweep goes on until nothing is due, and waits while the database is away."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.alerts.adapters.suspension_loop import SuspensionLoop
from services.alerts.application.settle_suspensions import settle_suspensions
from services.alerts.domain.alert import Change, Changed
from tests.contracts.alerts_findings import finding
from tests.contracts.alerts_store import DAY_AFTER, TELLING, changed_alert, record, rest
from tests.fakes.alerts import InMemoryAlertStore


async def resting(count: int) -> InMemoryAlertStore:
    store = InMemoryAlertStore()
    for recorded in await record(store, *(finding(target_id=f"example/t{number}") for number in range(count))):
        await rest(store, changed_alert(recorded).alert_id)
    return store


async def test_every_due_suspension_ends_over_as_many_sweeps_as_it_takes_and_survives_a_passing_fault() -> None:
    store, stop = await resting(60), asyncio.Event()
    seen: list[str] = []
    counted: list[Change] = []

    async def resume_due(now: datetime) -> Sequence[Changed]:
        if not seen:
            seen.append("away")
            raise ConnectionRefusedError
        resumed = await settle_suspensions(store=store, telling=TELLING, now=now)
        seen.append(f"{len(resumed)}")
        if not resumed:
            stop.set()
        return resumed

    loop = SuspensionLoop(
        resume_due,
        clock=lambda: DAY_AFTER,
        committed=lambda: seen.append("committed"),
        changed=counted.append,
        interval=timedelta(milliseconds=1),
    )
    await asyncio.wait_for(loop.run(stop), 30)

    assert seen == ["away", "50", "committed", "10", "committed", "0"]
    assert counted == [Change.RESUMED] * 60
