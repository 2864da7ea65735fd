"""What a second person decides about a held submission, and who may."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.ingest.domain.envelope import Action
from services.ingest.domain.errors import NotHeldError, OwnReleaseError, ReleaseNotAllowedError
from services.ingest.domain.sender import Sender
from services.ingest.domain.submission import Series


class Verb(StrEnum):
    """`released`: published from then on. `withdrawn`: never published."""

    RELEASED = "released"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, by whom, with which key, and why. `events` is how many row events the submission sends."""

    verb: Verb
    by: str
    comment: str
    key_id: str
    decided_at: datetime
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSubmission:
    """A submission as its decision needs it. `is_held` says whether it ever waited; `decision` ended that."""

    submission_id: str
    sequence: int
    key_id: str
    series: Series
    action: Action
    area: str | None
    received: int
    is_held: bool
    decision: Decision | None


def decision_before(submission: HeldSubmission, verb: Verb, sender: Sender) -> Decision | None:
    """Return the same decision taken before, None when it may be taken now; raise what forbids it.

    Two persons are two keys: the one that pushed a submission never releases it, whatever its rights.
    """
    if not sender.may_release or submission.series.feed not in sender.feeds:
        raise ReleaseNotAllowedError(submission.series.feed)
    if verb is Verb.RELEASED and submission.key_id == sender.key_id:
        raise OwnReleaseError("a submission is released by another key than the one that pushed it")
    if not submission.is_held:
        raise NotHeldError(None)
    if submission.decision is not None and submission.decision.verb is not verb:
        raise NotHeldError(submission.decision.verb)
    return submission.decision
