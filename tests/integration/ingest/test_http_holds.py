"""Holding, releasing and withdrawing over HTTP: what is told, who may, and what reaches the log."""

import asyncio
from datetime import datetime
from typing import Any

import httpx
import pytest

from services.ingest.domain.feeds import FeedName
from shared.adapters.cloudevents import metadata_of
from shared.contracts.feeds import EnterpriseReported
from shared.contracts.submissions import SubmissionPublished
from tests.contracts.ingest_submissions import firm
from tests.integration.ingest.conftest import NOBODY, Service, make_key, running
from tests.integration.ingest.test_guarantees import read, reader

JUNE = {"period": "2024-06", "action": "merge"}
KNOWN = {**JUNE, "rows": [firm(serial) for serial in range(1, 31)]}
CHANGED = {**JUNE, "reason": "revision", "rows": [firm(serial, revenue_ytd="1000") for serial in range(1, 21)]}
"""Two thirds of the rows change, and an eighth of the value."""
WHO = {"by": "甲", "comment": "已与来源核对"}


async def decide(service: Service, verb: str, identifier: str, **given: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {service.key}", **given.pop("headers", {})}
    body = given.pop("body", WHO)
    return await service.http.post(f"/v1/submissions/{identifier}/{verb}", json=body, headers=headers)


async def hold(service: Service) -> dict[str, Any]:
    assert (await service.push("enterprises", KNOWN)).status_code == 202
    held = await service.push("enterprises", CHANGED)
    assert held.status_code == 202
    return dict(held.json())


@pytest.fixture
async def second(service: Service, database_url: str) -> Service:
    """Another office of the city, which may release."""
    return Service(service.http, await make_key(database_url, source="statistics-office", may_release=True))


async def test_receipt_and_report_say_why_it_waits_in_both_languages(service: Service) -> None:
    receipt = await hold(service)
    figures = {name: receipt["hold"][name] for name in ("known_rows", "changed_rows", "rows_share", "rows_limit")}
    assert receipt["state"] == "held"
    assert figures == {"known_rows": 30, "changed_rows": 20, "rows_share": "0.6667", "rows_limit": "0.2"}
    [reason] = receipt["hold"]["reasons"]
    assert reason["code"] == "restatement.held_rows"
    assert "已知30条记录中有20条变化或退出（66.67 %），达到限额20 %" in reason["message"]
    report = (await service.get(f"/v1/submissions/{receipt['id']}", **{"Accept-Language": "en"})).json()
    assert (report["state"], report["published_events"], report["hold"]["decision"]) == ("held", 0, None)
    assert "20 of 30 known rows change or leave (66.67 %), limit 20 %" in report["hold"]["reasons"][0]["message"]


async def test_dry_run_answers_the_same_hold(service: Service) -> None:
    await service.push("enterprises", KNOWN)
    checked = (await service.push("enterprises", CHANGED, params={"dry_run": "true"})).json()
    held = (await service.push("enterprises", CHANGED)).json()
    assert (checked["id"], checked["state"], held["state"]) == (None, None, "held")
    assert {**checked, "id": held["id"], "state": "held"} == held


async def test_a_small_correction_is_not_held(service: Service) -> None:
    await service.push("enterprises", {**JUNE, "rows": [firm(1), firm(2), firm(3)]})
    corrected = {**JUNE, "reason": "error", "rows": [firm(1, revenue_ytd="1200")]}
    taken = (await service.push("enterprises", corrected)).json()
    assert (taken["state"], taken["restated"], taken["hold"]) == ("accepted", 1, None)


async def test_limits_are_settings(database_url: str) -> None:
    off: dict[str, Any] = {"ingest_hold_rows_share": "none", "ingest_hold_value_share": "0"}
    async with running(database_url, NOBODY, "test.", **off) as service:
        assert (await hold(service))["state"] == "accepted"


async def test_retries_of_a_held_push_get_the_stored_answer(service: Service, second: Service) -> None:
    await service.push("enterprises", KNOWN)
    headers = {"Idempotency-Key": "june-2"}
    first = await service.push("enterprises", CHANGED, headers=headers)
    await decide(second, "release", first.json()["id"])
    again = await service.push("enterprises", CHANGED, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())


async def test_another_key_with_the_right_releases_and_again_gets_the_same_answer(
    service: Service, second: Service
) -> None:
    receipt = await hold(service)
    answer = await decide(second, "release", receipt["id"])
    assert answer.status_code == 200, answer.text
    assert (answer.json()["decision"], answer.json()["by"], answer.json()["events"]) == ("released", "甲", 20)
    again = await decide(second, "release", receipt["id"], body={"by": "乙", "comment": "再次"})
    assert (again.status_code, again.json()) == (200, answer.json())
    report = (await service.get(f"/v1/submissions/{receipt['id']}")).json()
    decision = report["hold"]["decision"]
    assert (report["state"], decision["by"], decision["comment"]) == ("accepted", "甲", "已与来源核对")
    refused = await decide(second, "withdraw", receipt["id"])
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:planwatch:problem:submission-not-held")
    assert refused.json()["decided"] == "released"


async def test_withdrawn_the_same_push_is_a_restatement_again(service: Service, second: Service) -> None:
    receipt = await hold(service)
    answer = await decide(second, "withdraw", receipt["id"])
    assert (answer.status_code, answer.json()["events"]) == (200, 0)
    assert (await decide(second, "withdraw", receipt["id"])).json() == answer.json()
    assert (await decide(second, "release", receipt["id"])).status_code == 409
    assert (await service.get(f"/v1/submissions/{receipt['id']}")).json()["state"] == "withdrawn"
    file = await service.get(f"/v1/submissions/{receipt['id']}/file")
    assert file.status_code == 200
    again = (await service.push("enterprises", CHANGED)).json()
    assert (again["state"], again["restated"], again["unchanged"]) == ("held", 20, 0)


async def test_the_key_that_pushed_never_releases_whatever_its_rights(service: Service, database_url: str) -> None:
    pusher = Service(service.http, await make_key(database_url, may_release=True))
    receipt = await hold(pusher)
    refused = await decide(pusher, "release", receipt["id"])
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:planwatch:problem:release-own-submission")
    assert "两人" in refused.json()["title"]
    assert (await pusher.get(f"/v1/submissions/{receipt['id']}")).json()["state"] == "held"


@pytest.mark.parametrize("verb", ["release", "withdraw"])
async def test_a_key_without_the_right_decides_nothing(service: Service, database_url: str, verb: str) -> None:
    receipt = await hold(service)
    ratings_alone: dict[str, Any] = {"feeds": (FeedName.RATINGS,), "may_release": True}
    for rights in ({}, ratings_alone):
        refused = await decide(Service(service.http, await make_key(database_url, **rights)), verb, receipt["id"])
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:planwatch:problem:release-not-allowed")


@pytest.mark.parametrize("verb", ["release", "withdraw"])
async def test_keys_of_other_cities_find_nothing(service: Service, database_url: str, verb: str) -> None:
    """Design guarantee 11."""
    receipt = await hold(service)
    for may_release in (True, False):
        foreign = Service(service.http, await make_key(database_url, city="320600", may_release=may_release))
        assert (await decide(foreign, verb, receipt["id"])).status_code == 404
        assert (await foreign.get(f"/v1/submissions/{receipt['id']}")).status_code == 404
        assert (await foreign.get("/v1/submissions?state=held")).json()["items"] == []
    assert (await decide(service, verb, "%00")).status_code == 404
    assert (await service.get(f"/v1/submissions/{receipt['id']}")).json()["state"] == "held"


async def test_who_may_release_sees_what_is_held_and_nothing_else_of_others(service: Service, second: Service) -> None:
    receipt = await hold(service)
    listed = (await second.get("/v1/submissions?state=held")).json()["items"]
    assert [(item["id"], item["source"]) for item in listed] == [(receipt["id"], "example-bureau")]
    assert (await second.get(f"/v1/submissions/{receipt['id']}/file")).status_code == 200
    others = [item["id"] for item in (await service.get("/v1/submissions")).json()["items"]]
    assert (await second.get(f"/v1/submissions/{others[-1]}")).status_code == 404
    await decide(second, "release", receipt["id"])
    assert (await second.get("/v1/submissions?state=held")).json()["items"] == []
    assert (await second.get(f"/v1/submissions/{receipt['id']}")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"comment": "x"}, id="nobody"),
        pytest.param({"by": " ", "comment": "x"}, id="a blank name"),
        pytest.param({"by": "甲", "comment": ""}, id="no comment"),
        pytest.param({"by": "甲\u0000", "comment": "x"}, id="a control character"),
        pytest.param({"by": "甲", "comment": "x", "force": True}, id="an unknown member"),
    ],
)
async def test_a_decision_names_a_person_and_why(service: Service, second: Service, body: dict[str, Any]) -> None:
    receipt = await hold(service)
    refused = await decide(second, "release", receipt["id"], body=body)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:planwatch:problem:request-invalid")


async def test_what_waits_is_measured(service: Service, second: Service) -> None:
    receipt = await hold(service)
    await _until_metric(service, "ingest_held_submissions 1.0")
    text = (await service.http.get("/metrics")).text
    assert 'ingest_submissions_total{feed="enterprises",outcome="held"} 1.0' in text
    assert "ingest_held_oldest_seconds 0.0" not in text
    await decide(second, "release", receipt["id"])
    await _until_metric(service, "ingest_held_submissions 0.0")


async def _until_metric(service: Service, line: str) -> None:
    async with asyncio.timeout(20):
        while line not in (await service.http.get("/metrics")).text:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_released_rows_reach_the_log_even_if_the_service_dies_before_it_publishes(
    database_url: str, kafka_bootstrap: str, topic_prefix: str
) -> None:
    """The release is committed while Kafka is away; another process publishes it."""
    async with running(database_url, NOBODY, topic_prefix) as service:
        receipt = await hold(service)
        second = Service(service.http, await make_key(database_url, may_release=True))
        released = (await decide(second, "release", receipt["id"])).json()
    async with running(database_url, kafka_bootstrap, topic_prefix) as service:
        report = await service.wait_until_published(receipt["id"])
        async with reader(kafka_bootstrap, topic_prefix) as consumer:
            seen = await read(consumer, 31 + 21)
    assert (report["published_events"], report["events"]) == (20, 20)
    row = EnterpriseReported.model_validate_json(seen[f"{receipt['id']}:1"][1])
    assert row.firm is not None
    assert row.firm.revenue_ytd_yuan == 10_000_000
    published = SubmissionPublished.model_validate_json(seen[f"{receipt['id']}:published"][1])
    assert (published.sequence, published.events) == (report["sequence"], 20)
    assert published.recorded_at == datetime.fromisoformat(released["at"]), "it became known when it was released"


async def test_held_and_withdrawn_rows_never_reach_the_log(
    database_url: str, kafka_bootstrap: str, topic_prefix: str
) -> None:
    async with running(database_url, kafka_bootstrap, topic_prefix) as service:
        held = await hold(service)
        withdrawn = (await service.push("enterprises", CHANGED)).json()
        second = Service(service.http, await make_key(database_url, may_release=True))
        assert (await decide(second, "withdraw", withdrawn["id"])).status_code == 200
        last = (await service.push("enterprises", {**JUNE, "rows": [firm(99)]})).json()
        await service.wait_until_published(last["id"])
        async with reader(kafka_bootstrap, topic_prefix) as consumer:
            seen = await read(consumer, 31 + 2)
    assert not [identifier for identifier in seen if identifier.startswith((held["id"], withdrawn["id"]))]


async def test_every_event_of_a_release_says_when_it_became_known(
    database_url: str, kafka_bootstrap: str, topic_prefix: str
) -> None:
    async with running(database_url, kafka_bootstrap, topic_prefix) as service:
        receipt = await hold(service)
        second = Service(service.http, await make_key(database_url, may_release=True))
        released = (await decide(second, "release", receipt["id"])).json()
        report = await service.wait_until_published(receipt["id"])
        async with reader(kafka_bootstrap, topic_prefix) as consumer:
            headers = [metadata_of(one) for one in await _headers(consumer, receipt["id"], 21)]
    assert {one.recorded_at for one in headers} == {datetime.fromisoformat(released["at"])}
    assert {one.sequence for one in headers} == {report["sequence"]}


async def _headers(consumer: Any, identifier: str, count: int) -> list[Any]:
    found: dict[str, Any] = {}
    async with asyncio.timeout(20):
        while len(found) < count:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    event = metadata_of(record.headers)
                    if event.id.startswith(identifier):
                        found[event.id] = record.headers
    return list(found.values())
