"""What led to the entries of a history: each finding once, what is of one instant together, and what people did."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from deploy.replay.alert_history import Act, Endpoints, Entry, TakeUp, steps_of
from deploy.replay.replay_alerts import step_at
from services.alerts.domain.finding import FindingKey, FindingKind
from services.alerts.domain.notice import Channel, Endpoint

T0 = datetime(2026, 1, 1, tzinfo=UTC)
A, B = FindingKey("a", "321300", FindingKind.LAGGING), FindingKey("b", "321300", FindingKind.LAGGING)


def entry(key: FindingKey, change: str, sequence: int, *, minute: int, actor: str | None = None) -> Entry:
    return Entry(
        key=key,
        alert_id=f"alert-{key.target_id}",
        at=T0 + timedelta(minutes=minute),
        change=change,
        sequence=sequence,
        actor=actor,
        unit=None,
        comment=None,
        correlation_id="c",
        until=None,
        approver=None,
    )


def test_entries_of_one_finding_are_one_step_and_findings_of_one_instant_are_one_transaction() -> None:
    entries = [
        entry(A, "opened", 1, minute=1),
        entry(A, "closed", 1, minute=1),
        entry(B, "opened", 4, minute=1),
        entry(A, "reopened", 3, minute=2),
    ]
    assert steps_of(entries) == (
        TakeUp(T0 + timedelta(minutes=1), ((A, 1), (B, 4))),
        TakeUp(T0 + timedelta(minutes=2), ((A, 3),)),
    )


def test_an_entry_that_still_carries_an_earlier_finding_is_no_step_of_its_own() -> None:
    entries = [entry(A, "opened", 1, minute=1), entry(A, "retracted", 2, minute=2), entry(A, "updated", 1, minute=2)]
    assert [step.findings for step in steps_of(entries) if isinstance(step, TakeUp)] == [((A, 1),), ((A, 2),)]


def test_what_people_do_stands_between_and_a_sweep_of_suspensions_is_one_step() -> None:
    acknowledged = entry(A, "acknowledged", 1, minute=2, actor="示例甲")
    swept = entry(A, "resumed", 1, minute=3)
    entries = [
        entry(A, "opened", 1, minute=1),
        entry(B, "opened", 1, minute=1),
        acknowledged,
        swept,
        replace(swept, key=B),
        entry(B, "reopened", 2, minute=3),
    ]
    steps = steps_of(entries)
    assert [type(step) for step in steps] == [TakeUp, Act, Act, TakeUp]
    assert steps[1:3] == (Act(acknowledged), Act(swept))


def test_two_people_at_one_instant_are_two_acts() -> None:
    entries = [
        entry(A, "acknowledged", 1, minute=1, actor="示例甲"),
        entry(B, "acknowledged", 1, minute=1, actor="示例乙"),
    ]
    assert len(steps_of(entries)) == 2


def test_a_unit_is_reached_as_its_notices_of_that_instant_say() -> None:
    mail, hook = Endpoint(Channel.MAIL, "a@units.example"), Endpoint(Channel.WEBHOOK, "https://units.example/hook")
    later = T0 + timedelta(days=1)
    endpoints = Endpoints(
        [("321300", "市商务局", mail, T0), ("321300", "市商务局", hook, T0), ("321300", "市商务局", mail, T0)]
    )
    assert endpoints.at("321300", "市商务局", T0) == (mail, hook)
    assert endpoints.at("321300", "市商务局", later) == ()
    assert endpoints.at("320600", "市商务局", T0) == ()


def test_what_a_finding_suspends_belongs_to_it_and_what_a_day_suspends_is_a_sweep() -> None:
    entries = [
        entry(A, "opened", 1, minute=1),
        entry(A, "suspended", 1, minute=1),
        entry(A, "resumed", 1, minute=2),
        entry(A, "suspended", 1, minute=3),
        entry(A, "suspended", 1, minute=4, actor="示例甲"),
        entry(A, "resumed", 2, minute=5),
    ]
    assert [(type(step), step_at(step)) for step in steps_of(entries)] == [
        (TakeUp, T0 + timedelta(minutes=1)),
        *((Act, T0 + timedelta(minutes=minute)) for minute in (2, 3, 4)),
        (TakeUp, T0 + timedelta(minutes=5)),
    ]
