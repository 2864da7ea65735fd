"""The HTTP interface with real PostgreSQL: answers, refusals, isolation, the kept file."""

import asyncio
import gzip
import hashlib
from typing import Any

import asyncpg
import orjson
import pytest

from services.ingest.adapters.acceptance_sql import LOCK
from services.ingest.adapters.postgres_keys import PostgresKeyStore
from shared.adapters.clock import system_clock
from shared.adapters.postgres import SessionFactory
from tests.contracts.ingest_submissions import firm, project, recognition
from tests.integration.ingest.conftest import NOBODY, Service, make_key, running

JUNE = {"period": "2024-06", "action": "merge"}


async def test_accepted_submission_answers_with_a_receipt(service: Service) -> None:
    answer = await service.push("enterprises", {**JUNE, "rows": [firm(1), firm(2)]})
    receipt = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/submissions/{receipt['id']}"
    counts = {name: receipt[name] for name in ("received", "accepted", "unchanged", "rejected", "warnings")}
    assert counts == {"received": 2, "accepted": 2, "unchanged": 0, "rejected": 0, "warnings": []}
    assert (receipt["feed"], receipt["period"], receipt["action"]) == ("enterprises", "2024-06", "merge")
    assert receipt["state"] == "accepted"


async def test_report_tells_sender_hash_and_state(service: Service) -> None:
    receipt = (await service.push("projects", {**JUNE, "rows": [project(1)]})).json()
    report = (await service.get(f"/v1/submissions/{receipt['id']}")).json()
    assert (report["source"], report["simulated"], report["city"]) == ("example-bureau", True, "321300")
    assert (report["state"], report["events"], report["published_events"]) == ("accepted", 1, 0)
    assert len(report["body_sha256"]) == 64


async def test_findings_come_in_chinese_or_english(service: Service) -> None:
    body = {**JUNE, "rows": [firm(1), firm(2, uscc="9132")]}
    chinese = await service.push("enterprises", body)
    assert chinese.status_code == 422
    assert chinese.headers["content-type"] == "application/problem+json"
    [finding] = chinese.json()["errors"]
    assert (finding["row"], finding["column"], finding["code"], finding["value"]) == (2, "uscc", "uscc.form", "9132")
    assert "统一社会信用代码" in finding["message"]
    english = await service.push("enterprises", body, headers={"Accept-Language": "en"})
    assert "unified social credit code" in english.json()["errors"][0]["message"]


async def test_csv_takes_its_envelope_from_the_query(service: Service) -> None:
    columns = list(firm(1))
    lines = [",".join(columns), *(",".join(str(firm(serial)[name]) for name in columns) for serial in (1, 2))]
    answer = await service.http.post(
        "/v1/feeds/enterprises/submissions?period=2024-01/P2M&action=merge",
        content="\n".join(lines).encode("gb18030"),
        headers={"Authorization": f"Bearer {service.key}", "Content-Type": "text/csv; charset=gb18030"},
    )
    assert answer.status_code == 202, answer.text
    assert (answer.json()["accepted"], answer.json()["period"]) == (2, "2024-01/P2M")


async def test_file_comes_back_byte_for_byte(service: Service) -> None:
    body = orjson.dumps({**JUNE, "rows": [firm(serial) for serial in range(1, 9000)]})
    headers = {"Authorization": f"Bearer {service.key}", "Content-Type": "application/json"}
    pushed = await service.http.post("/v1/feeds/enterprises/submissions", content=body, headers=headers)
    assert len(body) > 1024 * 1024
    file = await service.get(f"/v1/submissions/{pushed.json()['id']}/file")
    assert file.content == body
    assert file.headers["content-type"] == "application/json"
    assert file.headers["etag"] == f'"{hashlib.sha256(body).hexdigest()}"'


async def test_file_of_another_encoding_is_not_called_utf_8(service: Service) -> None:
    columns = list(firm(1))
    body = "\n".join([",".join(columns), ",".join(str(firm(1)[name]) for name in columns)]).encode("gb18030")
    pushed = await service.http.post(
        "/v1/feeds/enterprises/submissions?period=2024-06",
        content=body,
        headers={"Authorization": f"Bearer {service.key}", "Content-Type": "text/csv"},
    )
    file = await service.get(f"/v1/submissions/{pushed.json()['id']}/file")
    assert (file.headers["content-type"], file.content) == ("text/csv", body)


@pytest.mark.parametrize("query", ["action=replace", "dryrun=true", "dry_run=true&dry_run=false"])
async def test_query_that_would_be_ignored_is_refused(service: Service, query: str) -> None:
    answer = await service.push("enterprises", {**JUNE, "rows": []}, params=query)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:planwatch:problem:query-invalid")


async def test_identifier_postgresql_cannot_hold_is_not_found(service: Service) -> None:
    assert (await service.get("/v1/submissions/%00")).status_code == 404
    assert (await service.get("/v1/submissions/%00/file")).status_code == 404


async def test_dry_run_writes_nothing(service: Service) -> None:
    answer = await service.push("enterprises", {**JUNE, "rows": [firm(1)]}, params={"dry_run": "true"})
    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["accepted"]) == (None, 1)
    assert (await service.get("/v1/submissions")).json()["items"] == []


async def test_same_idempotency_key_replays_the_answer(service: Service) -> None:
    body, headers = {**JUNE, "rows": [firm(1)]}, {"Idempotency-Key": "june-1"}
    first = await service.push("enterprises", body, headers=headers)
    again = await service.push("enterprises", body, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    other = await service.push("enterprises", {**JUNE, "rows": [firm(2)]}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "urn:planwatch:problem:idempotency-key-reused")
    query = await service.push("enterprises", body, headers=headers, params={"dry_run": "false"})
    assert query.json()["type"] == "urn:planwatch:problem:idempotency-key-reused"


async def test_retries_at_once_are_written_once(service: Service) -> None:
    body, headers = {**JUNE, "rows": [firm(serial) for serial in range(1, 300)]}, {"Idempotency-Key": "june-1"}
    answers = await asyncio.gather(*(service.push("enterprises", body, headers=headers) for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 202}) == 1
    assert len((await service.get("/v1/submissions")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        pytest.param(b"{", {}, 400, "body.malformed", id="no JSON"),
        pytest.param(b"x", {"Content-Type": "text/plain"}, 415, "media-type-unsupported", id="plain text"),
        pytest.param(gzip.compress(b"{}"), {"Content-Encoding": "gzip"}, 415, "media-type-unsupported", id="gzip"),
        pytest.param(b"{}", {"Authorization": "Bearer pwk_wrong"}, 401, "unauthorized", id="unknown key"),
        pytest.param(b"{}", {"Authorization": ""}, 401, "unauthorized", id="no key"),
        pytest.param(b'{"rows":[]}', {}, 422, "submission-rejected", id="no period"),
        pytest.param(
            b'{"rows":[],"period":"2024-06"}', {"Idempotency-Key": " "}, 400, "idempotency-key-invalid", id="key"
        ),
    ],
)
async def test_what_cannot_be_read_is_refused(
    service: Service, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    given = {"Authorization": f"Bearer {service.key}", "Content-Type": "application/json", **headers}
    answer = await service.http.post("/v1/feeds/projects/submissions", content=content, headers=given)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:planwatch:problem:{code}")


async def test_body_past_the_limit_is_refused_while_it_comes(database_url: str) -> None:
    async with running(database_url, NOBODY, "test.", ingest_max_body_mib=1) as small:

        async def endless() -> Any:
            for _ in range(40):
                yield b" " * 65_536

        headers = {"Authorization": f"Bearer {small.key}", "Content-Type": "application/json"}
        answer = await small.http.post("/v1/feeds/projects/submissions", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["limit_bytes"]) == (413, 1024 * 1024)


async def test_key_may_only_push_its_feeds(service: Service, database_url: str) -> None:
    narrow = Service(service.http, await make_key(database_url, feeds=("projects",)))
    answer = await narrow.push("enterprises", {**JUNE, "rows": [firm(1)]})
    assert (answer.status_code, answer.json()["allowed_feeds"]) == (403, ["projects"])


async def test_submissions_waiting_for_each_other_leave_connections_to_others(
    service: Service, database_url: str
) -> None:
    other = Service(service.http, await make_key(database_url, city="320600", source="other-bureau"))
    holder = await asyncpg.connect(database_url)
    try:
        async with holder.transaction():
            series = "\x1f".join(("ingest.accept", "example-bureau", "321300", "enterprises"))
            await holder.execute(LOCK, series)
            waiting = [
                asyncio.create_task(service.push("enterprises", {**JUNE, "rows": [firm(serial)]}))
                for serial in range(1, 8)
            ]
            await asyncio.sleep(0.3)
            async with asyncio.timeout(5):
                assert (await other.get("/v1/submissions")).status_code == 200
                assert (await other.push("enterprises", {**JUNE, "rows": []})).status_code == 202
            assert not any(task.done() for task in waiting)
        assert {(await task).status_code for task in waiting} == {202}
    finally:
        await holder.close()


async def test_revoked_key_is_refused(service: Service, sessions: SessionFactory) -> None:
    keys = PostgresKeyStore(sessions)
    for made in await keys.list_all():
        assert await keys.revoke(made.key_id, system_clock())
        assert not await keys.revoke(made.key_id, system_clock())
    assert (await service.get("/v1/submissions")).status_code == 401


async def test_key_of_another_city_sees_nothing_and_writes_nothing_here(service: Service, database_url: str) -> None:
    """I11 and design guarantee 11, on every endpoint."""
    receipt = (await service.push("enterprises", {**JUNE, "rows": [firm(1)]})).json()
    foreign = Service(service.http, await make_key(database_url, city="320600"))
    assert (await foreign.get(f"/v1/submissions/{receipt['id']}")).status_code == 404
    assert (await foreign.get(f"/v1/submissions/{receipt['id']}/file")).status_code == 404
    assert (await foreign.get("/v1/submissions")).json()["items"] == []
    refused = (await foreign.push("enterprises", {**JUNE, "rows": [firm(1)]})).json()
    assert (refused["errors"][0]["code"], refused["foreign_rows"]) == ("area.foreign", 1)
    metrics = (await service.http.get("/metrics")).text
    assert 'ingest_foreign_rows_total{feed="enterprises"} 1.0' in metrics


async def test_list_is_paged_newest_first_and_stable(service: Service) -> None:
    for month in ("01/P2M", "03", "04", "05", "06"):
        await service.push("enterprises", {"period": f"2024-{month}", "rows": [firm(1)]})
    first = (await service.get("/v1/submissions?limit=2")).json()
    await service.push("enterprises", {"period": "2023-12", "rows": [firm(1)]})
    second = (await service.get(f"/v1/submissions?limit=2&cursor={first['next']}")).json()
    third = (await service.get(f"/v1/submissions?limit=2&cursor={second['next']}")).json()
    periods = [item["period"] for page in (first, second, third) for item in page["items"]]
    assert periods == ["2024-06", "2024-05", "2024-04", "2024-03", "2024-01/P2M"]
    assert third["next"] is None
    assert (await service.get("/v1/submissions?feed=projects")).json()["items"] == []


async def test_restatement_without_reason_lists_the_rows(service: Service) -> None:
    await service.push("enterprises", {**JUNE, "rows": [firm(1), firm(2)]})
    changed = {**JUNE, "rows": [firm(1), firm(2, revenue_ytd="7")]}
    refused = await service.push("enterprises", changed)
    assert [(one["row"], one["code"]) for one in refused.json()["errors"]] == [(2, "restatement.reason_missing")]
    taken = await service.push("enterprises", {**changed, "reason": "revision", "reference": "示例统〔2024〕3号"})
    assert (taken.status_code, taken.json()["restated"]) == (202, 1)
    assert (taken.json()["reason"], taken.json()["reference"]) == ("revision", "示例统〔2024〕3号")


async def test_titles_are_checked_against_their_catalogue(service: Service) -> None:
    rows = [
        recognition(1, kind="best_firm"),
        recognition(2, level="national"),
        recognition(3, granted_on="2024-06-11", revoked_on="2024-06-10"),
        recognition(4),
    ]
    refused = await service.push("recognitions", {**JUNE, "rows": rows}, headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    errors = refused.json()["errors"]
    assert [(one["row"], one["column"], one["code"], one["value"]) for one in errors] == [
        (1, "kind", "kind.unknown", "best_firm"),
        (2, "level", "level.undeclared", "national"),
        (3, "revoked_on", "date.order", "2024-06-10"),
    ]
    assert errors[1]["message"] == "The level of a star-rated cloud user must be one of star_5, star_4, star_3, star_2."


async def test_a_title_revoked_later_is_news_of_that_month_and_no_restatement(service: Service) -> None:
    granted = await service.push("recognitions", {**JUNE, "rows": [recognition(1), recognition(2)]})
    assert (granted.status_code, granted.json()["accepted"]) == (202, 2)
    revoked = {"period": "2024-09", "rows": [recognition(1, revoked_on="2024-09-02")]}
    assert (await service.push("recognitions", revoked)).json()["restated"] == 0
    refused = await service.push("recognitions", {**JUNE, "rows": revoked["rows"]})
    assert [one["code"] for one in refused.json()["errors"]] == ["restatement.reason_missing"]


async def test_openapi_describes_every_feed(service: Service) -> None:
    document = (await service.http.get("/openapi.json")).json()
    body = document["paths"]["/v1/feeds/{feed}/submissions"]["post"]["requestBody"]["content"]
    rows = body["application/json"]["schema"]["properties"]["rows"]["items"]["anyOf"]
    assert [row["title"] for row in rows] == ["enterprises", "projects", "ratings", "recognitions", "indicators"]
