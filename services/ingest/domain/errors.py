"""Errors of ingest.

IngestError
├── CellError                    one value (or one envelope member) breaks a rule; it becomes a finding
├── MalformedBodyError           the body cannot be read as what its content type says
├── BodyTooLargeError            the body is larger than the service accepts
├── SubmissionInProgressError    a request with the same Idempotency-Key is still being processed
├── IdempotencyKeyReusedError    the Idempotency-Key was used with another body or query
├── SubmissionNotFoundError      the city has no such submission
├── ReleaseNotAllowedError       the key has no right to release or withdraw submissions of the feed
├── OwnReleaseError              the key that pushed a submission tries to release it
├── NotHeldError                 the submission does not wait for a release
├── StoreUnavailableError        the database is away or has no free connection; nothing was accepted
└── LogUnavailableError          the log does not acknowledge; what was accepted waits and is published later
"""

from dataclasses import dataclass

from shared.kernel.errors import PlanwatchError


class IngestError(PlanwatchError):
    """Base of what ingest refuses or could not do."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a value: a stable code and one sentence in each language."""

    code: str
    zh: str
    en: str


class CellError(IngestError):
    """A value breaks a rule. `column` is set when it is not the column being read."""

    def __init__(self, flaw: Flaw, *, column: str | None = None) -> None:
        super().__init__(flaw.en)
        self.flaw = flaw
        self.column = column


class MalformedBodyError(IngestError):
    """The body cannot be read; `position` says where (a line, or a byte of the file)."""

    def __init__(self, flaw: Flaw, *, position: str | None = None) -> None:
        super().__init__(flaw.en)
        self.flaw = flaw
        self.position = position


class BodyTooLargeError(IngestError):
    """The body is larger than the service accepts."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"the body is larger than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class SubmissionInProgressError(IngestError):
    """A request with the same Idempotency-Key is still being processed."""


class IdempotencyKeyReusedError(IngestError):
    """The Idempotency-Key was already used with another body or query."""


class SubmissionNotFoundError(IngestError):
    """The city has no such submission."""


class ReleaseNotAllowedError(IngestError):
    """The key has no right to release or withdraw submissions of the feed."""

    def __init__(self, feed: str) -> None:
        super().__init__(f"the key may not release submissions of {feed}")
        self.feed = feed


class OwnReleaseError(IngestError):
    """The key that pushed a submission tries to release it."""


class NotHeldError(IngestError):
    """The submission does not wait for a release; `decided` says what was decided about it, None: it never waited."""

    def __init__(self, decided: str | None) -> None:
        super().__init__(f"the submission does not wait for a release: {decided or 'it was never held'}")
        self.decided = decided


class StoreUnavailableError(IngestError):
    """The database is away or has no free connection; nothing was accepted."""


class LogUnavailableError(IngestError):
    """The log does not acknowledge; what was accepted waits and is published later."""
