"""Who is told about a change of an alert, over which channel, and why."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.alerts.domain.alert import Change, Changed, State
from services.alerts.domain.finding import FindingKey, ResponsibleUnit, UnitRole
from shared.kernel.ids import stable_id


class Cause(StrEnum):
    """Why a notice was sent (N4). `retroactive`: a breach of earlier periods was found; `closed`: also made good."""

    NEW = "new"
    RETROACTIVE = "retroactive"
    WORSENED = "worsened"
    EASED = "eased"
    CLOSED = "closed"
    RETRACTED = "retracted"
    REOPENED = "reopened"
    RESUMED = "resumed"


class Channel(StrEnum):
    """How a unit is reached; `none` belongs to units that nobody has given a channel."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    NONE = "none"


class NoticeState(StrEnum):
    """Where delivery stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNREACHABLE = "unreachable"


_CAUSES = {
    Change.OPENED: Cause.NEW,
    Change.WORSENED: Cause.WORSENED,
    Change.EASED: Cause.EASED,
    Change.CLOSED: Cause.CLOSED,
    Change.MADE_GOOD: Cause.CLOSED,
    Change.RETRACTED: Cause.RETRACTED,
    Change.REOPENED: Cause.REOPENED,
    Change.RESUMED: Cause.RESUMED,
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way to reach a unit: a mail address or a webhook's URL."""

    channel: Channel
    recipient: str


ChannelsOf = Callable[[str, str], tuple[Endpoint, ...]]
"""Returns the endpoints of a unit of a city by its name as the plan writes it; none when it has none."""

_ROLES = tuple(UnitRole)
NO_CHANNEL = Endpoint(Channel.NONE, "")


@dataclass(frozen=True, slots=True)
class Addressee:
    """One unit on one channel."""

    unit: ResponsibleUnit
    endpoint: Endpoint

    @property
    def reachable(self) -> bool:
        """Whether there is anything to send to."""
        return self.endpoint.channel is not Channel.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The words of a notice, fixed when it is decided. A webhook's `body_text` is the exact body that is sent.

    `message_id` is what receivers recognise a repeat by: mail's Message-ID, or the webhook's `webhook-id`.
    """

    message_id: str
    subject: str
    body_text: str
    body_html: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one recipient over one channel about one change of an alert.

    `thread` is the same for all notices of a key: they are delivered in order, and mail clients show them together.
    """

    notice_id: str
    alert_id: str
    event_id: int
    thread: str
    addressee: Addressee
    cause: Cause
    content: Content
    created_at: datetime
    correlation_id: str

    @property
    def state(self) -> NoticeState:
        """The state it starts in: a unit without channel is visible as such, never passed over in silence."""
        return NoticeState.QUEUED if self.addressee.reachable else NoticeState.UNREACHABLE

    @property
    def role(self) -> UnitRole:
        """The role of the unit it goes to."""
        return self.addressee.unit.role


def cause_of(changed: Changed) -> Cause | None:
    """Return why this change is told; None for changes nobody needs to be told.

    These are new numbers alone, silence, what people do, and what happens to the light of a suspended alert.
    """
    alert, cause = changed.alert, _CAUSES.get(changed.change)
    if not changed.is_told or (alert.state is State.SUSPENDED and cause in (Cause.WORSENED, Cause.EASED)):
        return None
    if cause is Cause.NEW and (alert.retroactive or not alert.run.goes_on):
        return Cause.RETROACTIVE
    return cause


def reaches_former(cause: Cause) -> bool:
    """Whether those who were told of the alert before get this notice too."""
    return cause in (Cause.RETRACTED, Cause.CLOSED, Cause.REOPENED)


def audience(cause: Cause, *, told: tuple[Addressee, ...], responsible: tuple[Addressee, ...]) -> tuple[Addressee, ...]:
    """Return who gets a notice: `told` got one of the alert before, `responsible` are the units of today.

    What takes a notice back reaches everyone who got it and nobody else (N2); what ends or reopens an alert reaches both
    (N1); everything else today's units. A unit that can be reached now is not unreachable besides.
    """
    match cause:
        case Cause.RETRACTED:
            return told
        case Cause.CLOSED | Cause.REOPENED:
            both = {(one.unit.name, one.endpoint): one for one in (*responsible, *told)}
            reached = {one.unit.name for one in both.values() if one.reachable}
            return tuple(one for one in both.values() if one.reachable or one.unit.name not in reached)
        case _:
            return responsible


def addressees(city: str, units: tuple[ResponsibleUnit, ...], channels_of: ChannelsOf) -> tuple[Addressee, ...]:
    """Return every channel of every unit of the city that is told; a unit named twice counts once, with its weightier role.

    Units that only carry out (落实: 各县区人民政府) are told when nobody else is named, as for the part of their own area.
    """
    by_name: dict[str, ResponsibleUnit] = {}
    told = [unit for unit in units if unit.role is not UnitRole.IMPLEMENTING or unit.answers]
    for unit in told or units:
        by_name[unit.name] = min(by_name.get(unit.name, unit), unit, key=lambda named: _ROLES.index(named.role))
    return tuple(
        Addressee(unit, endpoint)
        for unit in by_name.values()
        for endpoint in channels_of(city, unit.name) or (NO_CHANNEL,)
    )


def without_disabled(told: tuple[Addressee, ...], disabled: Collection[Endpoint]) -> tuple[Addressee, ...]:
    """Leave out endpoints that no longer exist; a unit left with none becomes unreachable."""
    usable = tuple(addressee for addressee in told if addressee.endpoint not in disabled)
    reached = {addressee.unit for addressee in usable}
    lost = dict.fromkeys(addressee.unit for addressee in told if addressee.unit not in reached)
    return (*usable, *(Addressee(unit, NO_CHANNEL) for unit in lost))


def notice_id_of(alert_id: str, event_id: int, addressee: Addressee) -> str:
    """Return the id of the notice: a function of what it is about and who gets it."""
    endpoint = addressee.endpoint
    return stable_id("notice", alert_id, str(event_id), addressee.unit.name, endpoint.channel, endpoint.recipient)


def thread_of(key: FindingKey) -> str:
    """Return what all notices about one target × area × kind share."""
    return stable_id("thread", key.target_id, key.area, key.kind)
