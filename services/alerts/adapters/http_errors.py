"""Refusals as problem details: one table from error to answer."""

from typing import NamedTuple

from services.alerts.domain.errors import (
    AlertClosedError,
    AlertNotFoundError,
    AlertsError,
    AlertWorsenedError,
    SelfApprovedError,
    SuspendedByPlanError,
    SuspensionPeriodError,
)
from shared.adapters.problems import ProblemError


class _Answer(NamedTuple):
    status: int
    code: str
    zh: str
    en: str


_ANSWERS: dict[type[AlertsError], _Answer] = {
    AlertNotFoundError: _Answer(404, "alert-not-found", "没有该预警。", "There is no such alert."),
    AlertClosedError: _Answer(
        409,
        "alert-closed",
        "该预警已结束（解除、补上或撤回），不能再签收或暂缓。",
        "The alert has ended and can no longer be acknowledged or suspended.",
    ),
    AlertWorsenedError: _Answer(
        409,
        "alert-worsened",
        "打开页面后预警已加重，请核对最新情况后重新签收。",
        "The alert has become worse since the page was opened; look at it again before you acknowledge it.",
    ),
    SelfApprovedError: _Answer(
        422,
        "suspension-self-approved",
        "批准人不能是申请暂缓的本人。",
        "Who suspends an alert cannot approve it; name another person as approver.",
    ),
    SuspendedByPlanError: _Answer(
        409,
        "suspended-by-plan",
        "该目标由规划暂缓评判（suspensions.yaml），不能在此恢复；请修改规划。",
        "The plan suspends the target (suspensions.yaml); it cannot be resumed here, change the plan.",
    ),
    SuspensionPeriodError: _Answer(
        422,
        "suspension-period",
        "暂缓的截止日期应晚于今天（北京时间），且不超过允许的最长期限。",
        "A suspension must end after today (in China) and within the longest time allowed.",
    ),
}
UNAUTHORIZED = _Answer(
    401, "token-invalid", "缺少访问令牌或令牌无效。", "The bearer token is missing or not the right one."
)
UNAVAILABLE = _Answer(
    503, "database-unavailable", "数据库暂时不可用，请稍后重试。", "The database is not available now; try again later."
)


def problem_of(error: AlertsError) -> ProblemError:
    """Return the answer to a refusal."""
    return ProblemError(*_ANSWERS[type(error)])


def unauthorized() -> ProblemError:
    """Return the answer to a request without the right token."""
    return ProblemError(*UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})


def unavailable() -> ProblemError:
    """Return the answer while the database is away."""
    return ProblemError(*UNAVAILABLE, headers={"Retry-After": "5"})
