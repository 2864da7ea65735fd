"""Who is told, and why."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.alerts.domain.alert import Alert, Change, Changed, State
from services.alerts.domain.finding import ResponsibleUnit, Run, Severity, UnitRole
from services.alerts.domain.notice import (
    NO_CHANNEL,
    Addressee,
    Cause,
    Channel,
    Endpoint,
    addressees,
    audience,
    cause_of,
    notice_id_of,
    without_disabled,
)
from services.alerts.domain.transitions import Moment, opened
from tests.contracts.alerts_findings import finding_of_runs

CITY = "321300"
LEAD = ResponsibleUnit("市示例局", UnitRole.LEAD)
JOINT = ResponsibleUnit("市样本委", UnitRole.JOINT)
MAIL = Endpoint(Channel.MAIL, "lead@units.example")
HOOK = Endpoint(Channel.WEBHOOK, "http://units.example/hook")


ALERT = opened(
    finding_of_runs(),
    Run(since="2024-06", until="2024-06", ended_by=None, severity=Severity.YELLOW, worst=Severity.YELLOW),
    episode=1,
    at=Moment(datetime(2024, 7, 25, 2, tzinfo=UTC), date(2024, 8, 1)),
)[0].alert
OVER = replace(ALERT, run=replace(ALERT.run, ended_by="2024-07"))


@pytest.mark.parametrize(
    ("change", "alert", "cause"),
    [
        pytest.param(Change.OPENED, ALERT, Cause.NEW, id="opened"),
        pytest.param(Change.OPENED, replace(ALERT, retroactive=True), Cause.RETROACTIVE, id="found by a correction"),
        pytest.param(Change.OPENED, OVER, Cause.RETROACTIVE, id="found when it was over"),
        pytest.param(Change.WORSENED, ALERT, Cause.WORSENED, id="worsened"),
        pytest.param(Change.EASED, ALERT, Cause.EASED, id="eased"),
        pytest.param(Change.CLOSED, ALERT, Cause.CLOSED, id="closed"),
        pytest.param(Change.MADE_GOOD, ALERT, Cause.CLOSED, id="made good"),
        pytest.param(Change.RETRACTED, ALERT, Cause.RETRACTED, id="retracted"),
        pytest.param(Change.REOPENED, ALERT, Cause.REOPENED, id="reopened"),
        pytest.param(Change.RESUMED, ALERT, Cause.RESUMED, id="resumed"),
        pytest.param(Change.WORSENED, replace(ALERT, state=State.SUSPENDED), None, id="worse while it rests"),
        pytest.param(Change.EASED, replace(ALERT, state=State.SUSPENDED), None, id="better while it rests"),
        *(
            pytest.param(change, ALERT, None, id=change)
            for change in (
                Change.UPDATED,
                Change.ACKNOWLEDGED,
                Change.STALE,
                Change.REFRESHED,
                Change.SUSPENDED,
            )
        ),
    ],
)
def test_only_changes_that_matter_are_told(change: Change, alert: Alert, cause: Cause | None) -> None:
    assert cause_of(Changed(change, alert, None)) == cause


def test_what_another_notice_of_the_same_instant_tells_is_not_told_again() -> None:
    assert cause_of(Changed(Change.CLOSED, OVER, ALERT, is_told=False)) is None


FORMER = (Addressee(LEAD, MAIL), Addressee(JOINT, NO_CHANNEL))
TODAY = (Addressee(JOINT, HOOK),)


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        pytest.param(Cause.RETRACTED, FORMER, id="a retraction: who was told, as before"),
        pytest.param(Cause.WORSENED, TODAY, id="worse: the units of today"),
        pytest.param(Cause.CLOSED, (TODAY[0], FORMER[0]), id="an end: both, and nobody reachable as unreachable"),
        pytest.param(Cause.REOPENED, (TODAY[0], FORMER[0]), id="opened again: both"),
    ],
)
def test_cause_decides_who_is_told(cause: Cause, told: tuple[Addressee, ...]) -> None:
    assert audience(cause, told=FORMER, responsible=TODAY) == told


def test_every_channel_of_every_unit_is_used_and_a_unit_without_one_is_unreachable() -> None:
    told = addressees(CITY, (LEAD, JOINT), lambda city, unit: (MAIL, HOOK) if (city, unit) == (CITY, LEAD.name) else ())

    assert told == (Addressee(LEAD, MAIL), Addressee(LEAD, HOOK), Addressee(JOINT, NO_CHANNEL))
    assert [addressee.reachable for addressee in told] == [True, True, False]


@pytest.mark.parametrize("roles", [(UnitRole.LEAD, UnitRole.JOINT), (UnitRole.JOINT, UnitRole.LEAD)])
def test_unit_named_twice_is_told_once_in_its_weightier_role(roles: tuple[UnitRole, ...]) -> None:
    told = addressees(CITY, tuple(ResponsibleUnit(LEAD.name, role) for role in roles), lambda _city, _unit: (MAIL,))

    assert told == (Addressee(LEAD, MAIL),)


def test_units_that_only_carry_out_are_told_of_their_own_part_alone() -> None:
    district = ResponsibleUnit("示例县人民政府", UnitRole.IMPLEMENTING)
    own = ResponsibleUnit("示例县人民政府", UnitRole.IMPLEMENTING, answers=True)

    assert addressees(CITY, (LEAD, district), lambda _city, _unit: (MAIL,)) == (Addressee(LEAD, MAIL),)
    assert addressees(CITY, (own,), lambda _city, _unit: (MAIL,)) == (Addressee(own, MAIL),)
    assert addressees(CITY, (district,), lambda _city, _unit: (MAIL,)) == (Addressee(district, MAIL),)


def test_unit_left_with_disabled_endpoints_alone_is_unreachable() -> None:
    told = (Addressee(LEAD, MAIL), Addressee(LEAD, HOOK), Addressee(JOINT, HOOK))

    assert without_disabled(told, {HOOK}) == (Addressee(LEAD, MAIL), Addressee(JOINT, NO_CHANNEL))


def test_notice_id_tells_recipients_and_changes_apart() -> None:
    one = notice_id_of("alert_1", 1, Addressee(LEAD, MAIL))
    others = {
        notice_id_of("alert_1", 2, Addressee(LEAD, MAIL)),
        notice_id_of("alert_1", 1, Addressee(LEAD, HOOK)),
        notice_id_of("alert_1", 1, Addressee(JOINT, MAIL)),
    }

    assert one == notice_id_of("alert_1", 1, Addressee(LEAD, MAIL))
    assert len(others | {one}) == 4
