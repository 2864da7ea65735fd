"""Duties that tests of rules owe: the calendar of the project, in a city whose plans run to 2027."""

from dataclasses import replace
from pathlib import Path

from services.rules.adapters.feed_duties import duties_of
from services.rules.domain.duty import CityDuty
from services.rules.domain.feed import Feed
from shared.reference.feed_calendar import FeedCalendar
from shared.reference.working_days import WorkingDays
from tests.contracts.rules_rows import CITY
from tests.contracts.rules_targets import PLAN, UNITS

_CALENDAR = Path(__file__).resolve().parents[2] / "data" / "feed_calendar.yaml"
_DAYS = WorkingDays.announced()

DUTY = CityDuty(city=CITY, plan=PLAN, last_year=2027, units=dict.fromkeys(Feed, UNITS))
DUTIES = replace(duties_of(FeedCalendar.load(_CALENDAR, _DAYS), _DAYS), cities={CITY: DUTY})
