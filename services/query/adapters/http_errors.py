"""What query refuses, as problems: one table."""

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from services.query.domain.acknowledgement import MAX_ACTOR, MAX_COMMENT, InvalidAcknowledgementError
from services.query.domain.errors import (
    AcknowledgementRefusedError,
    AlertsUnavailableError,
    InstantInFutureError,
    InstantsConflictError,
    InstantUnreadableError,
    InvalidCursorError,
    NotFoundError,
    PastNotKeptError,
    QueryError,
    UpdatedAfterAsOfError,
)
from shared.adapters.postgres import is_passing
from shared.adapters.problems import ProblemError

_KINDS = {
    "plan": "规划",
    "target": "目标",
    "target version": "目标版本",
    "verdict": "评判",
    "indicator": "指标",
    "alert": "预警",
    "enterprise": "企业",
    "project": "项目",
    "submission": "报送批次",
    "shadow": "影子规则",
}
DATABASE_AWAY = ProblemError(
    503,
    "database-away",
    "数据库暂时无法访问，请稍后重试。",
    "The database is away; try again soon.",
    headers={"Retry-After": "5"},
)
FOREIGN_ORIGIN = ProblemError(
    403, "foreign-origin", "请求来自其他网站，已拒绝。", "The request came from another site and was refused."
)

FORM_TOO_LARGE = ProblemError(413, "form-too-large", "提交的内容过长。", "What was submitted is too long.")
UNEXPECTED = ProblemError(
    500, "unexpected", "系统出现意外错误，已记录。", "Something unexpected went wrong; it has been logged."
)
REQUEST_INVALID = ProblemError(
    422, "request-invalid", "地址中的参数不正确。", "A parameter of the address is not acceptable."
)
AS_OF_CONFLICT = ProblemError(
    422,
    "as-of-conflict",
    "as_of 与 asOf 是同一参数，却给出了不同的时刻，请只保留一个。",
    "as_of and asOf are one parameter, given with different instants; give one.",
)
UPDATED_AFTER_AS_OF = ProblemError(
    422,
    "updated-after-as-of",
    "updatedAfter 不能晚于 as_of：那时已知的数据不可能在其后变化。",
    "updatedAfter must not be later than as_of: what was known then cannot have changed after it.",
)
PAGE_PROBLEMS = {
    404: ProblemError(404, "not-found", "没有这个地址。", "There is no such address."),
    405: ProblemError(405, "method-not-allowed", "该地址不支持此操作。", "This address does not support that."),
    422: REQUEST_INVALID,
}


def problem_of(error: QueryError) -> ProblemError:
    """Return the problem an error is answered with."""
    return _problem_of_instant(error) or _problem_of_other(error)


def _problem_of_instant(error: QueryError) -> ProblemError | None:
    match error:
        case InstantUnreadableError(parameter=parameter):
            return ProblemError(
                422,
                "instant-unreadable",
                f"参数 {parameter} 应为带时区的时刻（如 2025-06-30T18:00:00+08:00，“+”在地址中写作 %2B）或日期（如 2025-06-30，指该日终了）。",
                f"{parameter} must be an instant with its offset (2025-06-30T18:00:00+08:00, its + written %2B in an"
                " address) or a date (2025-06-30, the end of that day in China).",
            )
        case InstantInFutureError(parameter=parameter):
            return ProblemError(
                422,
                "instant-in-future",
                f"参数 {parameter} 所指时刻尚未到来，届时所知的情况现在无法给出。",
                f"{parameter} lies in the future: what will be known then cannot be shown yet.",
            )
        case InstantsConflictError():
            return AS_OF_CONFLICT
        case PastNotKeptError(kind=kind):
            return ProblemError(
                422,
                "past-not-kept",
                f"{_KINDS[kind]}只有当前情况，过去某一时刻的情况没有保存；请去掉 as_of。",
                f"Of a {kind} only the present is kept, not how it stood at an instant of the past; leave out as_of.",
            )
        case UpdatedAfterAsOfError():
            return UPDATED_AFTER_AS_OF
        case _:
            return None


def _problem_of_other(error: QueryError) -> ProblemError:
    match error:
        case NotFoundError(kind=kind, identifier=identifier):
            return ProblemError(
                404,
                f"{kind.replace(' ', '-')}-unknown",
                f"没有这个{_KINDS[kind]}：{identifier}",
                f"No such {kind}: {identifier}",
            )
        case InvalidCursorError():
            return ProblemError(
                422,
                "cursor-invalid",
                "翻页标记无效：它不是本列表在相同筛选条件下给出的。",
                "The cursor is not one this list gave with these filters.",
            )
        case InvalidAcknowledgementError(field="actor"):
            return ProblemError(
                422,
                "actor-invalid",
                f"请填写签收人姓名（不超过{MAX_ACTOR}字）。",
                f"Enter your name (at most {MAX_ACTOR} characters).",
            )
        case InvalidAcknowledgementError():
            return ProblemError(
                422,
                "comment-invalid",
                f"说明不能超过{MAX_COMMENT}字。",
                f"The comment may have at most {MAX_COMMENT} characters.",
            )
        case AcknowledgementRefusedError(status=status, reason=reason):
            return ProblemError(status, "acknowledgement-refused", f"签收未被接受：{reason}", f"Not accepted: {reason}")
        case AlertsUnavailableError():
            return ProblemError(
                502,
                "alerts-unavailable",
                "预警服务暂时没有应答，签收未提交，请稍后重试。",
                "The alerts service did not answer; nothing was acknowledged. Try again soon.",
            )
        case _:
            raise error


def problem_of_database(error: Exception) -> ProblemError:
    """Return the problem when the database is away; raise any other error again."""
    if not is_passing(error):
        raise error
    return DATABASE_AWAY


DATABASE_ERRORS: tuple[type[Exception], ...] = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
)
