"""Which instant an answer looks back to: it shows what was known then, not what is known now."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.query.domain.errors import InstantInFutureError, InstantUnreadableError
from shared.kernel.china_time import CHINA, day_in_china

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# RFC 3339. An offset's `+` that an address did not escape arrives as a space; nothing else can be meant by it.
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?:([Zz])|([-+ ])(\d{2}:\d{2}))")
_LAST_MOMENT = timedelta(days=1) - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The instant asked for, and the one that is looked from: of a day that is not over yet, the present."""

    asked: datetime
    instant: datetime

    @property
    def day(self) -> date:
        """The day in China."""
        return day_in_china(self.instant)


def read_as_of(text: str, *, now: datetime, parameter: str = "as_of") -> AsOf:
    """Return the instant a text names; a bare date is the end of that day in China.

    Raise InstantUnreadableError for another text and InstantInFutureError for what nobody can know yet.
    """
    is_day = _DAY.fullmatch(text) is not None
    asked = _end_of_day(text, parameter) if is_day else _instant(text, parameter)
    if asked <= now:
        return AsOf(asked, asked)
    if is_day and day_in_china(asked) == day_in_china(now):
        return AsOf(asked, now)
    raise InstantInFutureError(parameter)


def _end_of_day(text: str, parameter: str) -> datetime:
    try:
        start = datetime.combine(date.fromisoformat(text), datetime.min.time(), CHINA)
        return (start + _LAST_MOMENT).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InstantUnreadableError(parameter) from error


def _instant(text: str, parameter: str) -> datetime:
    parts = _INSTANT.fullmatch(text)
    if parts is None:
        raise InstantUnreadableError(parameter)
    moment, zulu, sign, offset = parts.groups()
    try:
        return datetime.fromisoformat(moment + ("+00:00" if zulu else sign.replace(" ", "+") + offset)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InstantUnreadableError(parameter) from error
