"""From a finding on the log to a mail and a webhook that were accepted, on the real servers."""

from standardwebhooks.webhooks import Webhook

from tests.contracts.alerts_findings import JOINT, LEAD, QUOTE, event
from tests.integration.alerts.conftest import SECRET, FindingLog, HookServer, MailServer, Service, Tables, eventually


async def test_finding_becomes_mails_and_a_signed_webhook(
    service: Service, finding_log: FindingLog, mail_server: MailServer, hook_server: HookServer, tables: Tables
) -> None:
    await service.start()
    await finding_log.publish(event(), correlation_id="correlation-of-a-submission")

    await eventually(lambda: len(mail_server.mails) == 2 and len(hook_server.requests) == 1)

    assert {mail["To"] for mail in mail_server.mails} == {"lead@units.example", "joint@units.example"}
    mail = next(mail for mail in mail_server.mails if mail["To"] == "lead@units.example")
    assert mail["Subject"] == "【预警·黄】示例市 开工10亿元以上项目数 落后序时进度（2024年6月）"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert QUOTE in text.get_content()
    assert QUOTE in html.get_content()
    headers, body = hook_server.requests[0]
    payload = Webhook(SECRET).verify(body, headers)
    assert payload["type"] == "alert.opened"
    assert payload["data"]["unit"] == LEAD
    assert payload["data"]["finding"]["clause"]["quote"] == QUOTE

    async def all_sent() -> bool:
        return await tables.states() == {"sent": 3}

    await eventually(all_sent)
    notices = await tables.rows("SELECT * FROM alerts.notices")
    assert {notice["unit"] for notice in notices} == {LEAD, JOINT}
    assert {notice["correlation_id"] for notice in notices} == {"correlation-of-a-submission"}
    assert all(notice["sent_at"] for notice in notices)
    assert service.terminate() == 0
