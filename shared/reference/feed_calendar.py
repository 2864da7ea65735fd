"""When each feed is due for each period, in Chinese working days (trap 1: there is no February)."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.kernel.period import Grain, Period
from shared.reference.errors import BadReferenceFileError, NoDueRuleError
from shared.reference.working_days import WorkingDays

_FEBRUARY = 2
_LAST_MONTHS: Mapping[Grain, tuple[int, ...]] = {
    Grain.TWO_MONTHS: (2,),
    Grain.MONTH: tuple(range(3, 13)),
    Grain.QUARTER: (3, 6, 9, 12),
    Grain.YEAR: (12,),
}


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DueRule(_Entry):
    """One rule: for periods of these grains, the due day in the month `months_after` the period's last month."""

    grains: tuple[Grain, ...] = Field(min_length=1)
    rule: Literal["nth_working_day", "day_of_month"]
    n: int = Field(ge=1, le=31)
    months_after: int = Field(ge=1, le=12)

    @model_validator(mode="after")
    def _never_in_february(self) -> "DueRule":
        months = {(last + self.months_after - 1) % 12 + 1 for grain in self.grains for last in _LAST_MONTHS[grain]}
        if _FEBRUARY in months:
            raise ValueError("nothing may be due in February")
        return self


class _Source(_Entry):
    zh: str
    en: str


class Overdue(_Entry):
    """When lateness becomes red, and after how many reports in time a feed is owed (1 where it is not named)."""

    red_after_working_days: int = Field(ge=1, le=60)
    owed_after: Mapping[str, int] = Field(default_factory=dict)
    source: _Source


class _CalendarFile(_Entry):
    source: _Source
    overdue: Overdue
    feeds: Mapping[str, tuple[DueRule, ...]]


@dataclass(frozen=True, slots=True)
class Due:
    """The last day on which a feed is on time. `provisional`: the year's working days are not announced yet."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class FeedCalendar:
    """The due rules, whose rules they are (`source_zh`, `source_en`), and the working days they count in.

    `content` is the file's text, by which two calendars are told apart.
    """

    rules: Mapping[str, tuple[DueRule, ...]]
    working_days: WorkingDays
    source_zh: str
    source_en: str
    overdue: Overdue
    content: str = ""

    @classmethod
    def load(cls, path: Path, working_days: WorkingDays) -> "FeedCalendar":
        """Read `data/feed_calendar.yaml`."""
        try:
            content = path.read_text(encoding="utf-8")
            file = _CalendarFile.model_validate(yaml.safe_load(content))
        except (ValidationError, yaml.YAMLError) as error:
            raise BadReferenceFileError(f"{path}: {error}") from error
        return cls(file.feeds, working_days, file.source.zh, file.source.en, file.overdue, content)

    def rule_of(self, feed: str, grain: Grain) -> DueRule | None:
        """Return the rule for periods of a grain."""
        return next((rule for rule in self.rules.get(feed, ()) if grain in rule.grains), None)

    def due_on(self, feed: str, period: Period) -> Due | None:
        """Return the due day, or None for a period this feed never reports (a lone January or February)."""
        if feed not in self.rules:
            raise NoDueRuleError(f"no due rule for the feed {feed!r}")
        if period.grain is Grain.MONTH and not period.is_monthly_report:
            return None
        rule = self.rule_of(feed, period.grain)
        if rule is None:
            return None
        years, month = divmod(period.last_month + rule.months_after - 1, 12)
        year = period.year + years
        return Due(_due_day(rule, self.working_days, year, month + 1), self.working_days.is_provisional(year))


def _due_day(rule: DueRule, working_days: WorkingDays, year: int, month: int) -> date:
    days = working_days.of_month(year, month)
    if rule.rule == "nth_working_day":
        return days[min(rule.n, len(days)) - 1]
    wanted = date(year, month, min(rule.n, monthrange(year, month)[1]))
    later = [day for day in days if day >= wanted]
    return later[0] if later else days[-1]
