"""Whatever corrections come, in whatever order and however often: the alerts end as the figures stand, and who was told is told."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.application.record_findings import ReportedFinding, record_findings
from services.alerts.application.tell import Telling
from services.alerts.domain.alert import Alert, State
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.finding import Finding, Severity
from services.alerts.domain.notice import Cause, Channel, Endpoint
from services.alerts.domain.reconcile import Reconciled
from shared.contracts.findings import ResponsibleUnit, Run
from tests.contracts.alerts_findings import MONTHS, finding, finding_of_runs, run, runs_of_year
from tests.contracts.alerts_store import DAY_AFTER, end_suspensions, rest, state_it
from tests.fakes.alerts import InMemoryAlertStore, PlainNoticeWriter

T0 = datetime(2025, 2, 25, 2, tzinfo=UTC)
UNITS = ("甲局", "乙局", "丙局")
LIGHTS = st.lists(st.sampled_from(("ok", "silent", "yellow", "red")), min_size=len(MONTHS), max_size=len(MONTHS))


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Draw what rules tells of one key, correction after correction, with changing responsible units."""
    years = draw(st.lists(LIGHTS, min_size=1, max_size=5))
    return [
        finding_of_runs(
            *runs_of_year(lights),
            sequence=sequence,
            units=tuple(
                ResponsibleUnit(name=name, role="lead")
                for name in draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=2, unique=True))
            ),
        )
        for sequence, lights in enumerate(years, start=1)
    ]


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Finding], list[Finding]]:
    """Draw findings and a way in which they arrive: each at least once, some again, in any order."""
    sent = draw(findings())
    again = draw(st.lists(st.sampled_from(sent), max_size=5))
    return sent, draw(st.permutations([*sent, *again]))


async def deliver(store: InMemoryAlertStore, *sent: Finding) -> list[str]:
    """Record the findings one by one and return the changes."""
    telling = Telling(
        lambda _city, unit: () if unit == "丙局" else (Endpoint(Channel.MAIL, f"{unit}@units.example"),),
        PlainNoticeWriter(),
        lambda day: ReplyDeadline(day, provisional=False),
    )
    changes: list[str] = []
    for found in sent:
        reported = [ReportedFinding(found, "correlation-1")]
        (recorded,) = await record_findings(reported, store=store, telling=telling, now=T0)
        changes += [one.change for one in recorded.changes]
        assert not isinstance(recorded.decision, Reconciled) or recorded.changes
    return changes


async def act(store: InMemoryAlertStore, acts: Sequence[str]) -> None:
    """Let people and days act on whatever alert is active."""
    for name in acts:
        active = [alert.alert_id for alert in store.held.alerts.values() if alert.is_active]
        if name == "expire":
            await end_suspensions(store, DAY_AFTER)
        elif active and name == "suspend":
            await rest(store, active[0])
        elif active:
            await state_it(store, active[0])


def standing(alerts: Sequence[Alert]) -> list[tuple[str, str, Severity, bool]]:
    return sorted(
        (alert.run.since, alert.run.until, alert.run.worst, alert.is_active)
        for alert in alerts
        if alert.state is not State.RETRACTED
    )


@settings(max_examples=60, deadline=None)
@given(deliveries())
async def test_episodes_end_as_the_breaches_of_the_last_correction(
    both: tuple[list[Finding], list[Finding]],
) -> None:
    sent, delivered = both
    store = InMemoryAlertStore()
    await deliver(store, *delivered)

    expected = sorted((one.since, one.until, one.worst, one.goes_on) for one in sent[-1].runs or ())
    assert standing(list(store.held.alerts.values())) == expected
    for alert in store.held.alerts.values():
        remembers = alert.ground == "data_recovered" and alert.run.worst is Severity.RED
        assert (alert.state is State.MADE_GOOD) == remembers


ACTS = st.lists(st.sampled_from(("acknowledge", "suspend", "expire")), max_size=2)


@settings(max_examples=60, deadline=None)
@given(deliveries(), st.lists(ACTS, min_size=10, max_size=10))
async def test_what_people_do_in_between_changes_nothing_of_that(
    both: tuple[list[Finding], list[Finding]], acts: list[list[str]]
) -> None:
    sent, delivered = both
    store = InMemoryAlertStore()
    for found, done in zip(delivered, acts, strict=False):
        await deliver(store, found)
        await act(store, done)

    expected = sorted((one.since, one.until, one.worst, one.goes_on) for one in sent[-1].runs or ())
    assert standing(list(store.held.alerts.values())) == expected
    for alert in store.held.alerts.values():
        assert (alert.suspension is not None) == (alert.state is State.SUSPENDED)
        assert alert.state is not State.ACKNOWLEDGED or alert.acknowledged_at is not None


@settings(max_examples=60, deadline=None)
@given(deliveries())
async def test_a_retraction_is_told_to_exactly_those_who_were_told(both: tuple[list[Finding], list[Finding]]) -> None:
    store = InMemoryAlertStore()
    await deliver(store, *both[1])

    told: dict[str, set[tuple[str, Endpoint]]] = defaultdict(set)
    taken_back: dict[str, list[tuple[str, Endpoint]]] = defaultdict(list)
    for stored in store.held.notices.values():
        notice = stored.notice
        recipient = (notice.addressee.unit.name, notice.addressee.endpoint)
        if notice.cause is Cause.RETRACTED:
            taken_back[notice.alert_id].append(recipient)
        else:
            told[notice.alert_id].add(recipient)
    for alert in store.held.alerts.values():
        retracted = alert.state is State.RETRACTED
        assert sorted(taken_back[alert.alert_id]) == (sorted(told[alert.alert_id]) if retracted else [])


@settings(max_examples=40, deadline=None)
@given(deliveries())
async def test_the_same_findings_again_change_nothing(both: tuple[list[Finding], list[Finding]]) -> None:
    store = InMemoryAlertStore()
    await deliver(store, *both[1])
    last = both[0][-1]
    renewed = finding_of_runs(*_wire_runs(last), sequence=last.sequence + 1, units=_wire_units(last))

    assert await deliver(store, *both[1]) == []
    assert await deliver(store, renewed, renewed) == []


def _wire_runs(found: Finding) -> list[Run]:
    return [
        run(one.since, one.until, one.ended_by, severity=one.severity.value, worst=one.worst.value)
        for one in found.runs or ()
    ]


def _wire_units(found: Finding) -> tuple[ResponsibleUnit, ...]:
    return tuple(ResponsibleUnit(name=unit.name, role="lead") for unit in found.units)


OLD = {"yellow": {"severity": "yellow"}, "red": {"severity": "red"}, "clear": {"state": "clear"}}


@given(st.lists(st.sampled_from(sorted(OLD)), min_size=1, max_size=8), st.data())
async def test_findings_of_before_there_were_runs_end_in_the_same_open_alert(
    kinds: list[str], data: st.DataObject
) -> None:
    sent = [finding(sequence=number, **OLD[kind]) for number, kind in enumerate(kinds, start=1)]
    delivered = data.draw(st.permutations([*sent, *data.draw(st.lists(st.sampled_from(sent), max_size=8))]))
    store = InMemoryAlertStore()
    await deliver(store, *delivered)

    active = [alert.severity for alert in store.held.alerts.values() if alert.is_active]
    assert active == ([] if sent[-1].severity is None else [sent[-1].severity])
