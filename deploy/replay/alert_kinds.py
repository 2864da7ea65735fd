"""What is compared of alerts. Deadlines, addresses of pages and the words of bodies follow from settings and are left out."""

import json
from collections.abc import AsyncIterator

from deploy.replay.compare import Line
from deploy.replay.databases import Connection
from deploy.replay.kinds import Kind
from services.alerts.domain.finding import ResponsibleUnit, UnitRole
from services.alerts.domain.notice import Addressee, Channel, Endpoint, notice_id_of

ALERTS = Kind(
    "alerts",
    """
    SELECT alert_id AS key, to_jsonb(alert) - 'due_on' AS line FROM alerts.alerts AS alert
    WHERE $1::text IS NULL OR city = $1
    """,
)
_NUMBERED = """
    SELECT event.*, row_number() OVER (PARTITION BY event.alert_id ORDER BY event_id) AS place
    FROM alerts.alert_events AS event JOIN alerts.alerts AS alert USING (alert_id)
    WHERE $1::text IS NULL OR alert.city = $1
"""
HISTORY = Kind(
    "history",
    f"""
    SELECT alert_id || ' ' || lpad(place::text, 6, '0') AS key,
           to_jsonb(entry) - 'event_id' - 'place' || jsonb_build_object('snapshot', snapshot - 'due_on') AS line
    FROM ({_NUMBERED}) AS entry
    """,
)


class NoticeKind(Kind):
    """Notices; each says besides whether its id is that of what it is about and who gets it."""

    async def lines(self, database: Connection, city: str | None) -> AsyncIterator[Line]:
        """Read them in the order of their keys."""
        async for line in Kind.lines(self, database, city):
            members = json.loads(line.text)
            given, event_id = members.pop("notice_id"), members.pop("event_id")
            addressee = Addressee(
                ResponsibleUnit(members["unit"], UnitRole(members["role"])),
                Endpoint(Channel(members["channel"]), members["recipient"]),
            )
            members["id_fits"] = given == notice_id_of(members["alert_id"], event_id, addressee)
            yield Line(line.key, json.dumps(members, ensure_ascii=False))


NOTICES = NoticeKind(
    "notices",
    f"""
    SELECT concat_ws(' ', notice.alert_id, lpad(place::text, 6, '0'), notice.unit, channel, recipient) AS key,
           jsonb_build_object('alert_id', notice.alert_id, 'entry', place, 'event_id', event_id, 'cause', cause,
               'unit', notice.unit, 'role', role, 'channel', channel, 'recipient', recipient, 'subject', subject,
               'created_at', created_at, 'correlation_id', notice.correlation_id, 'notice_id', notice_id) AS line
    FROM alerts.notices AS notice JOIN ({_NUMBERED}) AS entry ON entry.event_id = notice.alert_event_id
    """,
)
OF_ALERTS = (ALERTS, HISTORY, NOTICES)
