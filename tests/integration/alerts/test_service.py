"""The service from outside: acknowledging, parking, the log of changes, and configurations it refuses."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from shared.contracts.alerts import AlertChanged
from shared.contracts.topics import ALERTS
from shared.kernel.china_time import day_in_china
from tests.contracts.alerts_findings import event
from tests.integration.alerts.conftest import FindingLog, Service, Tables, eventually


async def open_alert(finding_log: FindingLog, tables: Tables, **changes: Any) -> str:
    await finding_log.publish(event(**changes))

    async def found() -> list[dict[str, Any]]:
        return await tables.rows("SELECT alert_id FROM alerts.alerts")

    return str((await eventually(found))[0]["alert_id"])


async def test_acknowledgement_is_recorded_once_with_who_when_and_comment(
    service: Service, finding_log: FindingLog, tables: Tables
) -> None:
    await service.start()
    alert_id = await open_alert(finding_log, tables)
    body = {"by": " 示例人员 ", "unit": "市示例局", "comment": "已收到，正在核实"}

    first = await service.acknowledge(alert_id, body)
    again = await service.acknowledge(alert_id, body)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert (first.json()["state"], first.json()["acknowledged_by"]) == ("acknowledged", "示例人员")
    (entry,) = await tables.rows("SELECT * FROM alerts.alert_events WHERE change = 'acknowledged'")
    assert (entry["actor"], entry["unit"], entry["comment"]) == ("示例人员", "市示例局", "已收到，正在核实")
    assert entry["correlation_id"] == "test-correlation"


async def test_actions_are_refused_with_problem_details(
    service: Service, finding_log: FindingLog, tables: Tables
) -> None:
    await service.start()
    alert_id = await open_alert(finding_log, tables)
    await finding_log.publish(event(sequence=2, state="clear"))

    async def closed() -> list[dict[str, Any]]:
        return await tables.rows("SELECT 1 FROM alerts.alerts WHERE state = 'closed'")

    await eventually(closed)
    by = {"by": "示例人员"}
    answers = {
        "urn:planwatch:problem:alert-closed": await service.acknowledge(alert_id, by),
        "urn:planwatch:problem:alert-not-found": await service.acknowledge("alert_" + "0" * 32, by),
        "urn:planwatch:problem:token-invalid": await service.acknowledge(alert_id, by, token="wrong"),
        "urn:planwatch:problem:request-invalid": await service.acknowledge(alert_id, {"by": "  "}),
    }
    assert {answer.json()["type"] for answer in answers.values()} == set(answers)
    assert [answer.status_code for answer in answers.values()] == [409, 404, 401, 422]


async def test_suspension_needs_an_approver_and_an_end_and_can_be_undone(
    service: Service, finding_log: FindingLog, tables: Tables
) -> None:
    await service.start()
    alert_id = await open_alert(finding_log, tables)
    until = (day_in_china(datetime.now(UTC)) + timedelta(days=30)).isoformat()
    body = {"by": "示例人员", "approver": "示例审批人", "reason": "停产检修", "until": until}
    refused = {
        "urn:planwatch:problem:suspension-self-approved": body | {"approver": "示例人员"},
        "urn:planwatch:problem:suspension-period": body | {"until": "2020-01-01"},
        "urn:planwatch:problem:request-invalid": {"by": "示例人员", "until": until},
    }
    answers = {code: await service.act("suspend", alert_id, one) for code, one in refused.items()}
    suspended = await service.act("suspend", alert_id, body)
    resumed = await service.act("resume", alert_id, {"by": "示例人员", "reason": "已复产"})

    assert {code: (one.status_code, one.json()["type"]) for code, one in answers.items()} == {
        code: (422, code) for code in refused
    }
    assert (suspended.status_code, suspended.json()["state"]) == (200, "suspended")
    assert (suspended.json()["approver"], suspended.json()["suspended_until"]) == ("示例审批人", until)
    assert (resumed.status_code, resumed.json()["state"]) == (200, "open")
    metrics = await service.metrics()
    assert 'alerts_changes_total{change="suspended"} 1.0' in metrics
    assert 'alerts_changes_total{change="resumed"} 1.0' in metrics


async def test_every_change_is_on_the_log_once(
    service: Service, finding_log: FindingLog, tables: Tables, kafka_bootstrap: str
) -> None:
    await service.start()
    alert_id = await open_alert(finding_log, tables)
    await service.acknowledge(alert_id, {"by": "示例人员"})
    await finding_log.publish(event(sequence=2, severity="red", period="2024-07"))
    await finding_log.publish(event(sequence=2, severity="red", period="2024-07"))
    await finding_log.publish(event(sequence=3, state="clear", period="2024-08"), correlation_id="correlation-3")

    consumer = AIOKafkaConsumer(
        ALERTS.full_name(finding_log.prefix), bootstrap_servers=kafka_bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        records = [await asyncio.wait_for(consumer.getone(), 30) for _ in range(4)]
    finally:
        await consumer.stop()
    events = [AlertChanged.model_validate_json(record.value or b"") for record in records]
    assert [(change.change, change.state) for change in events] == [
        ("opened", "open"),
        ("acknowledged", "acknowledged"),
        ("worsened", "open"),
        ("made_good", "made_good"),
    ]
    headers = dict(records[-1].headers)
    assert headers["ce_correlationid"] == b"correlation-3"
    assert headers["ce_time"] == b"2024-09-01T00:00:00+08:00"
    assert {record.key for record in records} == {alert_id.encode()}


async def test_poison_is_parked_and_its_partition_goes_on(
    service: Service, finding_log: FindingLog, tables: Tables
) -> None:
    await service.start()
    good = event()
    await finding_log.raw(b"not json", [("ce_id", b"1")], key=good.target_id)
    await finding_log.publish(good.model_copy(update={"severity": None}))
    await finding_log.publish(good.model_copy(update={"name_zh": "\x00", "sequence": 2}))
    await open_alert(finding_log, tables)

    reasons = [row["reason"] for row in await tables.rows("SELECT reason FROM alerts.parked_messages ORDER BY 1")]
    assert reasons == [
        "CloudEvents attribute ce_source is missing",
        "a breach has no severity",
        "the finding holds a NUL character",
    ]

    async def counted() -> bool:
        return "alerts_parked_messages 3.0" in await service.metrics()

    await eventually(counted)


@pytest.fixture
def no_channels(channels_file: Path) -> None:
    channels_file.write_text("cities: {}\n")


@pytest.mark.usefixtures("no_channels")
async def test_unit_without_channel_is_counted(service: Service, finding_log: FindingLog, tables: Tables) -> None:
    await service.start()
    await open_alert(finding_log, tables)

    async def counted() -> bool:
        return 'alerts_notices{channel="none",state="unreachable"} 2.0' in await service.metrics()

    await eventually(counted)


@pytest.mark.usefixtures("no_channels")
async def test_units_of_the_plans_that_no_channel_reaches_are_counted_before_any_alert(service: Service) -> None:
    await service.start()
    metrics = await service.metrics()
    counted = next(line for line in metrics.splitlines() if line.startswith("alerts_units_without_channel "))

    assert float(counted.split()[1]) > 0


def refusal(service: Service) -> tuple[int, str]:
    process = subprocess.run(
        [sys.executable, "-m", "services.alerts"], env=service.environment, capture_output=True, check=False, timeout=60
    )
    return process.returncode, process.stderr.decode()


def test_bad_channels_file_stops_the_start_with_one_line(service: Service, channels_file: Path) -> None:
    channels_file.write_text('cities: {"321300": {市示例局: {mail: [nobody]}}}')
    code, said = refusal(service)

    assert code == 2
    assert said.count("\n") == 1
    assert "cities.321300.市示例局.mail.0: is not a mail address" in said


def test_misspelt_and_unsafe_settings_stop_the_start(service: Service) -> None:
    service.environment["PLANWATCH_ALERTS_SMTP_USER"] = "someone"
    service.environment["PLANWATCH_ALERTS_SMTP_PASSWORD"] = "hidden-password"
    code, said = refusal(service)
    service.environment["PLANWATCH_ALERTS_SMPT_HOST"] = "misspelt"
    misspelt = refusal(service)

    assert (code, misspelt[0]) == (2, 2)
    assert "never sent unencrypted" in said
    assert "hidden-password" not in said
    assert "PLANWATCH_ALERTS_SMPT_HOST" in misspelt[1]
