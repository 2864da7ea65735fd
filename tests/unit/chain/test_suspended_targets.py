"""A plan suspends a target: what rules judges, what it tells, and what alerts makes of it, from the plan to the last day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.application.settle_suspensions import settle_suspensions
from services.alerts.domain.alert import Alert, State
from services.rules.application.catalogue import Catalogue
from services.rules.domain.feed import Feed
from services.rules.domain.status import Status
from services.rules.domain.suspension import Suspension
from services.rules.domain.target import Target
from services.rules.domain.wording import Text
from tests.contracts.rules_rows import YI, Push, project, push
from tests.contracts.rules_targets import target
from tests.fakes.chain import TELLING, Chain, end_of

APRIL_TO_JUNE = Suspension(
    since=date(2024, 4, 1),
    until=date(2024, 6, 30),
    reason=Text("防汛停工", "work stopped for flood control"),
    approved_by="市人民政府",
)
PLAIN = target("60")
RESTING = replace(PLAIN, version=2, suspensions=(APRIL_TO_JUNE,))
END = datetime(2024, 6, 30, 16, tzinfo=UTC)


def at(month: int, day: int) -> datetime:
    return datetime(2024, month, day, 4, tzinfo=UTC)


def starts(month: int, count: int, *, sequence: int | None = None) -> Push:
    rows = [project(f"{number}", planned_total_yuan=12 * YI, started_on=date(2024, 2, 1)) for number in range(count)]
    return push(Feed.PROJECTS, f"2024-{month:02d}", rows, sequence=sequence or month)


def catalogue(one: Target) -> Catalogue:
    return Catalogue((one,), ())


def only(chain: Chain) -> Alert:
    (alert,) = chain.alerts.held.alerts.values()
    return alert


def told(chain: Chain) -> list[str]:
    return [entry.changed.change.value for entry in chain.alerts.held.history]


async def settle(chain: Chain, now: datetime) -> None:
    await settle_suspensions(store=chain.alerts, telling=TELLING, now=now)


async def test_an_open_alert_rests_while_its_target_is_suspended_and_ends_by_the_figures_after_it() -> None:
    chain = await Chain.loaded(catalogue(PLAIN))
    await chain.push(starts(3, 2), now=at(4, 15))
    await chain.load(catalogue(RESTING), now=at(4, 20))
    assert (only(chain).state, only(chain).suspension is not None) == (State.SUSPENDED, True)
    (april,) = await chain.push(starts(4, 2), now=at(5, 15))
    (may,) = await chain.push(starts(5, 60), now=at(6, 15))
    assert (april.status, may.status, only(chain).state) == (Status.SUSPENDED, Status.SUSPENDED, State.SUSPENDED)
    await settle(chain, END)
    assert only(chain).state is State.OPEN
    await chain.push(starts(6, 60), now=at(7, 15))
    assert only(chain).state is State.OPEN
    await chain.push(starts(7, 60), now=at(8, 15))
    assert (only(chain).state, only(chain).run.ended_by) == (State.CLOSED, "2024-07")
    assert told(chain) == ["opened", "updated", "suspended", "resumed", "closed"]


async def test_an_alert_of_the_very_periods_that_are_suspended_later_is_not_taken_back() -> None:
    chain = await Chain.loaded(catalogue(PLAIN))
    await chain.push(starts(3, 15), starts(4, 15), starts(5, 15), now=at(6, 15))
    await chain.load(catalogue(RESTING), now=at(6, 20))
    alert = only(chain)
    assert (alert.state, alert.run.since, alert.run.until) == (State.SUSPENDED, "2024-04", "2024-05")
    await settle(chain, END)
    await chain.push(starts(7, 15), now=at(8, 15))
    assert (only(chain).state, only(chain).run.until) == (State.OPEN, "2024-07")


async def test_the_alert_goes_on_when_the_plan_takes_the_suspension_away() -> None:
    chain = await Chain.loaded(catalogue(RESTING))
    await chain.push(starts(3, 2), now=at(4, 15))
    await chain.push(starts(4, 2), now=at(5, 15))
    assert told(chain) == ["opened", "suspended"]
    await chain.load(catalogue(replace(PLAIN, version=3)), now=at(5, 20))
    assert (only(chain).state, only(chain).run.until) == (State.OPEN, "2024-04")
    assert told(chain)[2:] == ["updated", "resumed"]


MONTHS = (3, 4, 5, 6, 7, 8)


@settings(max_examples=25, deadline=None)
@given(st.permutations(MONTHS), st.lists(st.sampled_from((2, 15, 60)), min_size=6, max_size=6))
async def test_the_order_of_the_reports_leaves_no_trace(order: list[int], counts: list[int]) -> None:
    pushes = {month: starts(month, count) for month, count in zip(MONTHS, counts, strict=True)}
    ends = []
    for months in (MONTHS, order):
        chain = await Chain.loaded(catalogue(RESTING))
        await chain.push(*(pushes[month] for month in months), now=at(6, 15) + timedelta(hours=1))
        ends.append((end_of(chain), {one.state for one in chain.alerts.held.alerts.values() if one.is_active}))
    assert ends[0] == ends[1]


REPORTS = st.lists(st.tuples(st.sampled_from((3, 7)), st.sampled_from((2, 15, 60))), min_size=2, max_size=3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from((2, 15, 60)), min_size=4, max_size=4), REPORTS)
async def test_nor_does_the_order_of_what_comes_after_the_plan_suspended_what_was_told(
    counts: list[int], later: list[tuple[int, int]]
) -> None:
    before = [starts(month, count) for month, count in zip(MONTHS, counts, strict=False)]
    after = [starts(month, count, sequence=number) for number, (month, count) in enumerate(later, start=10)]
    ends = []
    for pushes in (after, after[::-1]):
        chain = await Chain.loaded(catalogue(PLAIN))
        await chain.push(*before, now=at(6, 15))
        await chain.load(catalogue(RESTING), now=at(6, 20))
        await chain.push(*pushes, now=at(6, 25))
        ends.append(end_of(chain))
    assert ends[0].alerts == ends[1].alerts
