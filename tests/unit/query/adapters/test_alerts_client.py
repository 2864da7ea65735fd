import json
from dataclasses import replace

import httpx2
import pytest

from services.query.adapters.alerts_client import HttpAlertActions
from services.query.application.ports import AlertActions
from services.query.domain.errors import AlertsUnavailableError
from tests.contracts.query_alert_actions import CLOSED, OPEN, AlertActionsContract, acknowledgement


class TestHttpAlertActions(AlertActionsContract):
    def make_actions(self) -> AlertActions:
        self._taken: list[tuple[str, str, str | None, str]] = []
        return actions_over(self._answer)

    def taken(self) -> list[tuple[str, str, str | None, str]]:
        return self._taken

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        alert_id = request.url.raw_path.decode().split("/")[3]
        if alert_id == CLOSED:
            return httpx2.Response(409, json={"detail": "该预警已关闭。"})
        body = json.loads(request.content)
        self._taken.append((alert_id, body["by"], body["unit"], body["comment"]))
        return httpx2.Response(200, json={})


def actions_over(answer: "httpx2.MockTransport | object") -> HttpAlertActions:
    transport = httpx2.MockTransport(answer)  # type: ignore[arg-type]
    client = httpx2.AsyncClient(base_url="http://alerts.example", transport=transport)
    return HttpAlertActions(client)


def refuse_connection(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("refused", request=request)


async def test_an_unreachable_service_is_unavailable() -> None:
    with pytest.raises(AlertsUnavailableError):
        await actions_over(refuse_connection).acknowledge(acknowledgement(OPEN))


@pytest.mark.parametrize("status", [401, 403, 500, 503])
async def test_a_failing_service_or_wrong_token_is_unavailable_not_the_persons_fault(status: int) -> None:
    with pytest.raises(AlertsUnavailableError):
        await actions_over(lambda _request: httpx2.Response(status)).acknowledge(acknowledgement(OPEN))


async def test_an_id_from_the_address_stays_one_part_of_the_path() -> None:
    asked: list[bytes] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path)
        return httpx2.Response(200, json={})

    await actions_over(note).acknowledge(acknowledgement("x/../close?force=1#"))
    assert asked == [b"/v1/alerts/x%2F..%2Fclose%3Fforce%3D1%23/acknowledge"]


async def test_what_the_page_showed_is_passed_on() -> None:
    bodies: list[dict[str, object]] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        bodies.append(json.loads(request.content))
        return httpx2.Response(200, json={})

    await actions_over(note).acknowledge(replace(acknowledgement(OPEN), seen=41))
    assert bodies[0]["seen"] == 41
