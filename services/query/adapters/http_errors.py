"""What query refuses, as problems: one table."""

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from services.query.domain.acknowledgement import MAX_ACTOR, MAX_COMMENT, InvalidAcknowledgementError
from services.query.domain.errors import (
    AcknowledgementRefusedError,
    AlertsUnavailableError,
    InvalidCursorError,
    NotFoundError,
    QueryError,
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
PAGE_PROBLEMS = {
    404: ProblemError(404, "not-found", "没有这个地址。", "There is no such address."),
    405: ProblemError(405, "method-not-allowed", "该地址不支持此操作。", "This address does not support that."),
    422: REQUEST_INVALID,
}


def problem_of(error: QueryError) -> ProblemError:
    """Return the problem an error is answered with."""
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
