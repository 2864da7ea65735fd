"""Delivery when things break: mail server down, refusals, webhooks that fail, and kill -9 in the middle."""

import asyncio
import threading
from collections import Counter
from email.message import EmailMessage

import pytest
from standardwebhooks.webhooks import Webhook

from tests.contracts.alerts_findings import event
from tests.integration.alerts.conftest import (
    SECRET,
    FindingLog,
    HookServer,
    MailServer,
    Service,
    Tables,
    eventually,
)


async def notices_in(tables: Tables, wanted: dict[str, int]) -> None:
    async def reached() -> bool:
        return await tables.states() == wanted

    await eventually(reached)


async def test_mail_waits_while_the_server_is_down_and_survives_a_restart(
    service: Service, finding_log: FindingLog, mail_server: MailServer, tables: Tables
) -> None:
    mail_server.stop()
    await service.start()
    await finding_log.publish(event())

    async def tried_twice() -> bool:
        attempts = await tables.rows("SELECT attempts FROM alerts.notices WHERE channel = 'mail'")
        return len(attempts) == 2 and all(row["attempts"] >= 2 for row in attempts)

    await eventually(tried_twice)
    assert 'alerts_channel_degraded{channel="mail"} 1.0' in await service.metrics()
    service.kill()
    mail_server.start()
    await release_claims(tables)
    await service.start()

    await notices_in(tables, {"sent": 3})
    assert sorted(mail["To"] for mail in mail_server.mails) == ["joint@units.example", "lead@units.example"]


async def test_every_try_carries_the_same_bytes(
    service: Service, finding_log: FindingLog, mail_server: MailServer, tables: Tables
) -> None:
    offered: list[str] = []

    def busy_twice(mail: EmailMessage) -> str:
        offered.append(mail.as_string())
        return "451 busy" if len(offered) <= 4 else "250 OK"

    mail_server.answer = busy_twice
    await service.start()
    await finding_log.publish(event())

    await notices_in(tables, {"sent": 3})
    assert len(set(offered)) == 2
    rows = await tables.rows("SELECT message_id FROM alerts.notices WHERE channel = 'mail'")
    assert {mail["Message-ID"] for mail in mail_server.mails} == {row["message_id"] for row in rows}


async def test_refused_recipient_fails_at_once_and_only_there(
    service: Service, finding_log: FindingLog, mail_server: MailServer, tables: Tables
) -> None:
    mail_server.recipient_answer = lambda address: "550 no such user" if address.startswith("joint") else "250 OK"
    await service.start()
    await finding_log.publish(event())

    await notices_in(tables, {"sent": 2, "failed": 1})
    (failed,) = await tables.rows("SELECT recipient, attempts, last_error FROM alerts.notices WHERE state = 'failed'")
    assert (failed["recipient"], failed["attempts"]) == ("joint@units.example", 1)
    assert "550" in failed["last_error"]


async def test_webhook_that_fails_is_tried_again_with_the_same_id_and_body(
    service: Service, finding_log: FindingLog, hook_server: HookServer, tables: Tables
) -> None:
    hook_server.answers = [500, 200]
    await service.start()
    await finding_log.publish(event())

    await notices_in(tables, {"sent": 3})
    (first_headers, first_body), (second_headers, second_body) = hook_server.requests
    assert first_headers["webhook-id"] == second_headers["webhook-id"]
    assert first_body == second_body
    Webhook(SECRET).verify(second_body, second_headers)
    stored = await tables.rows("SELECT body_text, payload FROM alerts.notices WHERE channel = 'webhook'")
    assert stored[0]["body_text"].encode() == first_body


async def test_webhook_that_is_gone_is_disabled(
    service: Service, finding_log: FindingLog, hook_server: HookServer, tables: Tables
) -> None:
    hook_server.answers = [410]
    await service.start()
    await finding_log.publish(event())
    await notices_in(tables, {"sent": 2, "failed": 1})
    await finding_log.publish(event(sequence=2, severity="red"))

    await notices_in(tables, {"sent": 4, "failed": 1})
    assert len(hook_server.requests) == 1
    (disabled,) = await tables.rows("SELECT recipient, reason FROM alerts.disabled_endpoints")
    assert (disabled["recipient"], disabled["reason"]) == (hook_server.url, "HTTP 410")


@pytest.mark.parametrize("answer", [302, 400])
async def test_webhook_that_refuses_is_given_up_after_few_tries(
    service: Service, finding_log: FindingLog, hook_server: HookServer, tables: Tables, answer: int
) -> None:
    hook_server.answers = [answer]
    hook_server.answer_headers = {"location": f"{hook_server.url}/elsewhere"} if answer == 302 else {}
    await service.start()
    await finding_log.publish(event())

    await notices_in(tables, {"sent": 2, "failed": 1})
    assert len(hook_server.requests) == 3


async def message_ids(tables: Tables, *, state: str | None = None) -> set[str]:
    rows = await tables.rows("SELECT message_id, state FROM alerts.notices WHERE channel = 'mail'")
    return {row["message_id"] for row in rows if state in (None, row["state"])}


async def in_flight_of(tables: Tables) -> set[str]:
    """Return the mails a try has begun for and no result is recorded of."""
    rows = await tables.rows(
        "SELECT message_id FROM alerts.notices WHERE channel = 'mail' AND state = 'queued' AND attempts > 0"
    )
    return {row["message_id"] for row in rows}


async def release_claims(tables: Tables) -> None:
    """Do at once what time does: let the claims of a killed process run out."""
    await tables.connection.execute("UPDATE alerts.notices SET claimed_until = now() WHERE claimed_until IS NOT NULL")


async def test_killed_in_the_middle_every_notice_arrives_and_only_those_in_flight_repeat(
    service: Service, finding_log: FindingLog, mail_server: MailServer, tables: Tables
) -> None:
    enough, killed = threading.Event(), threading.Event()

    def hold_the_answer(_mail: EmailMessage) -> None:
        """Accept the 15th mail, and answer only when nobody is there any more to hear it."""
        if len(mail_server.mails) == 15:
            enough.set()
            killed.wait(30)

    mail_server.on_data = hold_the_answer
    await service.start()
    for number in range(25):
        await finding_log.publish(event(target_id=f"example/t{number}"))
    assert await asyncio.to_thread(enough.wait, 30)
    service.kill()
    killed.set()
    in_flight = await in_flight_of(tables)
    unmarked = {mail["Message-ID"] for mail in mail_server.mails} - await message_ids(tables, state="sent")

    await release_claims(tables)
    await service.start()
    await notices_in(tables, {"sent": 75})
    arrived = Counter(mail["Message-ID"] for mail in mail_server.mails)
    assert set(arrived) == await message_ids(tables)
    assert len(in_flight) <= 4
    assert unmarked
    assert unmarked <= {message_id for message_id, times in arrived.items() if times > 1}
    assert {message_id for message_id, times in arrived.items() if times > 1} <= in_flight
    assert max(arrived.values()) == 2
