"""Q12 and A3 from the missing report to the alerts: rules tell over the wire, alerts reconcile; nothing is patched."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.alerts.adapters.finding_codec import decode_finding
from services.alerts.domain.alert import Alert, State
from services.alerts.domain.finding import FindingKey
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.transitions import Moment
from services.rules.adapters.finding_event import finding_event
from shared.reference.areas import Areas
from tests.contracts.rules_duties import DUTIES
from tests.contracts.rules_ticks import AUGUST, CATALOGUE, SEPTEMBER, prepare, receive, report, tick
from tests.fakes.rules import InMemoryDatabase

AREAS = Areas.load(Path(__file__).resolve().parents[2] / "data" / "areas.csv")
AT = Moment(datetime(2026, 10, 19, 2, tzinfo=UTC), date(2026, 10, 26))


class City:
    """A city's rules, and the alerts that hear of them."""

    def __init__(self) -> None:
        self.rules = InMemoryDatabase(CATALOGUE, DUTIES)
        self.alerts: dict[str, Alert] = {}
        self._known: dict[FindingKey, KeyState] = {}
        self._heard = 0

    def hear(self) -> list[str]:
        """Take in what rules told since; return what happened, as `kind change`."""
        new = self.rules.state.findings[self._heard :]
        self._heard += len(new)
        happened: list[str] = []
        for sequence, told in new:
            found = decode_finding(finding_event(told, sequence, AREAS).model_dump_json().encode())
            known = self._known.get(found.key, KeyState())
            decision = reconcile(found, known, at=AT)
            changes = decision.changes if isinstance(decision, Reconciled) else ()
            self._known[found.key] = known.after(found, changes)
            self.alerts |= {one.alert.alert_id: one.alert for one in changes}
            happened += [f"{found.key.kind} {one.change}" for one in changes]
        return happened

    def open(self) -> list[str]:
        """The kinds of the alerts that have not ended."""
        return sorted(str(one.key.kind) for one in self.alerts.values() if one.is_active)


@pytest.fixture
async def city() -> City:
    """A city whose projects lag by the report of August."""
    city = City()
    await prepare(city.rules, AUGUST)
    assert city.hear() == ["lagging opened"]
    return city


async def test_when_the_feed_stops_the_open_alert_is_stale_and_the_parent_is_the_only_new_one(city: City) -> None:
    await tick(city.rules, date(2026, 10, 19))
    assert city.hear() == ["feed_overdue opened", "lagging stale"]
    await tick(city.rules, date(2026, 12, 31))
    assert city.hear() == ["feed_overdue worsened"]
    assert city.open() == ["feed_overdue", "lagging"]


async def test_when_the_report_arrives_the_parent_closes_and_the_child_is_refreshed(city: City) -> None:
    await tick(city.rules, date(2026, 10, 19))
    city.hear()
    await receive(city.rules, SEPTEMBER)
    assert city.hear() == ["feed_overdue closed", "lagging refreshed"]
    assert city.open() == ["lagging"]


async def test_figures_that_recover_close_both(city: City) -> None:
    await tick(city.rules, date(2026, 10, 19))
    city.hear()
    await receive(city.rules, report("2026-09", date(2026, 10, 20), sequence=2, count=50))
    assert city.hear() == ["feed_overdue closed", "lagging made_good"]
    assert city.open() == []


async def test_a_report_that_came_in_time_after_all_takes_the_press_back(city: City) -> None:
    await tick(city.rules, date(2026, 10, 19))
    city.hear()
    await receive(city.rules, report("2026-09", date(2026, 10, 16), sequence=2))
    assert city.hear() == ["feed_overdue retracted", "lagging refreshed"]
    assert [one.state for one in city.alerts.values() if one.key.kind == "feed_overdue"] == [State.RETRACTED]


async def test_around_the_national_day_the_alert_comes_after_the_eighth_working_day(city: City) -> None:
    """1 to 7 October are a holiday, Saturday the 10th is worked: the 8th working day is Friday the 16th."""
    opened: list[date] = []
    for day in range(1, 32):
        await tick(city.rules, date(2026, 10, day))
        if "feed_overdue opened" in city.hear():
            opened.append(date(2026, 10, day))
    assert opened == [date(2026, 10, 17)]
