"""Days and instants in China, where all figures are reported and all letters are dated."""

from datetime import date, datetime, time, timedelta, timezone

from shared.kernel.period import Period

CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai has had no daylight saving time since 1991."""


def day_in_china(instant: datetime) -> date:
    """Return the day it is in China at an aware instant."""
    return instant.astimezone(CHINA).date()


def end_of_period(period: Period) -> datetime:
    """Return when a period is over: 00:00 in China on the day after its last."""
    return datetime.combine(period.end + timedelta(days=1), time(), CHINA)
