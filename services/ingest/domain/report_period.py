"""Which periods a feed knows: there is no February (trap 1), and nothing is reported before it began."""

from datetime import date

from services.ingest.domain.errors import CellError, Flaw
from services.ingest.domain.feeds import FeedName
from shared.kernel.period import Grain, InvalidPeriodError, Period

_FORM = Flaw(
    "period.form",
    "期别应写作 2024-06、2024-01/P2M（1—2月）、2024-Q2 或 2024。",
    "A period is written 2024-06, 2024-01/P2M (January–February), 2024-Q2 or 2024.",
)
_GRAIN = Flaw(
    "period.grain",
    "该报表按月报送，期别应为月份，如 2024-06 或 2024-01/P2M。",
    "This feed is monthly: the period must be a month such as 2024-06 or 2024-01/P2M.",
)
_YEARLY = frozenset({FeedName.RECOGNITIONS, FeedName.INDICATORS})
_FUTURE = Flaw("period.future", "该期尚未开始，不能报送。", "This period has not begun yet.")


def parse_period(value: object, *, today: date) -> Period:
    """Return a period that has begun; a lone January or February is refused with the period to use instead."""
    if not isinstance(value, str):
        raise CellError(_FORM)
    try:
        period = Period.parse(value)
    except InvalidPeriodError as error:
        raise CellError(_FORM) from error
    if period.grain is Grain.MONTH and not period.is_monthly_report:
        raise CellError(_no_february(period.year))
    if period.start > today:
        raise CellError(_FUTURE)
    return period


def parse_report_period(value: object, feed: FeedName, *, today: date) -> Period:
    """Return the period of a submission: a monthly report, or for some feeds also a year."""
    period = parse_period(value, today=today)
    is_year = feed in _YEARLY and period.grain is Grain.YEAR
    if not period.is_monthly_report and not is_year:
        raise CellError(_GRAIN)
    return period


def _no_february(year: int) -> Flaw:
    return Flaw(
        "period.no_february",
        f"1月、2月数据合并报送，期别请使用 {year}-01/P2M（1—2月）。",
        f"January and February are reported together: use {year}-01/P2M.",
    )
