"""What follows from one try to deliver a notice: sent, tried again later, or given up."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Accepted:
    """The transport took the message: SMTP 250 after DATA, HTTP 2xx."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The transport cannot take it now. `retry_after` is what it asked for, if it did."""

    reason: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The transport refuses this message; the same message will hardly be taken later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The transport refuses this message for good (SMTP 5xx for the recipient or the data)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The endpoint says it no longer exists (HTTP 410): nothing may be sent there again."""

    reason: str


Outcome = Accepted | Unavailable | Refused | Rejected | Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """The try that was just made: its number counts from 1 since the notice was queued."""

    notice_id: str
    number: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The notice is delivered."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """The notice stays queued."""

    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The notice is given up; `endpoint_gone` means that the endpoint is disabled with it."""

    error: str
    endpoint_gone: bool = False


NextStep = Sent | RetryAt | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Delays double from `first` to `longest`; after `give_up_after` in the queue or `refusals` refusals it ends."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=1)
    give_up_after: timedelta = timedelta(days=3)
    refusals: int = 3

    def delay(self, notice_id: str, number: int) -> timedelta:
        """Return the wait after try `number`: between half and all of the doubled delay, the same on every machine."""
        doublings: int = 2 ** min(number - 1, 30)
        return min(self.first * doublings, self.longest) * (0.5 + _share(notice_id, number) / 2)


def next_step(outcome: Outcome, attempt: Try, *, now: datetime, policy: RetryPolicy) -> NextStep:
    """Decide from what the transport answered."""
    match outcome:
        case Accepted():
            return Sent()
        case Unavailable(reason, retry_after):
            return _retry(reason, attempt, now=now, policy=policy, at_least=retry_after or timedelta(0))
        case Refused(reason):
            if attempt.number >= policy.refusals:
                return Failed(reason)
            return _retry(reason, attempt, now=now, policy=policy, at_least=timedelta(0))
        case Rejected(reason):
            return Failed(reason)
        case Gone(reason):
            return Failed(reason, endpoint_gone=True)
        case unreachable:
            assert_never(unreachable)


def _retry(reason: str, attempt: Try, *, now: datetime, policy: RetryPolicy, at_least: timedelta) -> NextStep:
    waited = max(policy.delay(attempt.notice_id, attempt.number), min(at_least, policy.longest))
    if now + waited - attempt.queued_at > policy.give_up_after:
        return Failed(f"given up after {attempt.number} tries: {reason}")
    return RetryAt(now + waited, reason)


def _share(notice_id: str, number: int) -> float:
    """Return a number in [0, 1) that spreads the notices and is the same for the same try."""
    digest = hashlib.sha256(f"{notice_id}\x1f{number}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32
