"""Errors and refusals of ingest as problem details: one table."""

from services.ingest.adapters.http_schemas import finding_views
from services.ingest.application.accept_submission import Rejected
from services.ingest.domain.errors import (
    BodyTooLargeError,
    IdempotencyKeyReusedError,
    IngestError,
    MalformedBodyError,
    NotHeldError,
    OwnReleaseError,
    ReleaseNotAllowedError,
    StoreUnavailableError,
    SubmissionInProgressError,
    SubmissionNotFoundError,
)
from shared.adapters.problems import Language, ProblemError

RETRY_SECONDS = "5"


def problem_of(error: IngestError) -> ProblemError:
    """Return the answer to an error."""
    match error:
        case MalformedBodyError(flaw=flaw, position=position):
            where_zh, where_en = (f"（{position}）", f" ({position})") if position else ("", "")
            return ProblemError(
                400, flaw.code, f"{flaw.zh}{where_zh}", f"{flaw.en}{where_en}", extra={"position": position}
            )
        case BodyTooLargeError(limit_bytes=limit):
            return ProblemError(
                413,
                "body-too-large",
                f"请求体超过上限 {limit} 字节，请分批报送。",
                f"The body is larger than {limit} bytes; push it in parts.",
                extra={"limit_bytes": limit},
            )
        case SubmissionInProgressError():
            return ProblemError(
                409,
                "idempotency-key-in-progress",
                "同一 Idempotency-Key 的请求正在处理，请稍后重试。",
                "A request with this Idempotency-Key is still being processed; try again.",
                headers={"Retry-After": "1"},
            )
        case IdempotencyKeyReusedError():
            return ProblemError(
                422,
                "idempotency-key-reused",
                "该 Idempotency-Key 已用于内容不同的请求。",
                "This Idempotency-Key was used with another request.",
            )
        case StoreUnavailableError():
            return ProblemError(
                503,
                "database-unavailable",
                "数据库暂不可用，未收取任何数据，请稍后重试。",
                "The database is not available; nothing was taken. Try again later.",
                headers={"Retry-After": RETRY_SECONDS},
            )
        case _:
            raise error


def problem_of_decision(error: IngestError) -> ProblemError:
    """Return the answer to an error of a release or a withdrawal."""
    match error:
        case SubmissionNotFoundError():
            return not_found()
        case ReleaseNotAllowedError(feed=feed):
            return ProblemError(
                403,
                "release-not-allowed",
                f"该密钥无权核准或作废 {feed} 的报送。",
                f"This key may not release or withdraw submissions of {feed}.",
            )
        case OwnReleaseError():
            return ProblemError(
                403,
                "release-own-submission",
                "报送与核准须由两人分别办理：报送所用密钥不得核准同一批次。",
                "A second person releases a submission: the key that pushed it cannot.",
            )
        case NotHeldError(decided=decided):
            return ProblemError(
                409,
                "submission-not-held",
                f"该批次不在待核准状态{_DECIDED_ZH[decided]}。",
                f"The submission does not wait for a release{_DECIDED_EN[decided]}.",
                extra={"decided": decided},
            )
        case _:
            return problem_of(error)


_DECIDED_ZH = {None: "", "released": "：已核准", "withdrawn": "：已作废"}
_DECIDED_EN = {None: "", "released": ": it was released", "withdrawn": ": it was withdrawn"}


def not_found() -> ProblemError:
    """Return the answer to who asks for a submission that is not there, or not for them to see."""
    return ProblemError(404, "not-found", "没有这个报送批次。", "There is no such submission.")


def rejection(rejected: Rejected, language: Language) -> ProblemError:
    """Return the answer to a submission that was not taken: every finding, up to the listed number."""
    total = rejected.errors.total
    return ProblemError(
        422,
        "submission-rejected",
        f"报送未通过校验，共{total}处问题，未收取任何数据。",
        f"The submission was rejected: {total} findings, nothing was taken.",
        errors=[view.model_dump() for view in finding_views(rejected.errors, language)],
        extra={
            "received": rejected.received,
            "accepted": 0,
            "unchanged": 0,
            "rejected": rejected.received,
            "errors_total": total,
            "rows_with_errors": rejected.errors.rows,
            "foreign_rows": rejected.foreign,
        },
    )
