"""Who is told, and why."""

import pytest

from services.alerts.domain.alert import Change
from services.alerts.domain.finding import ResponsibleUnit, UnitRole
from services.alerts.domain.notice import (
    NO_CHANNEL,
    Addressee,
    Cause,
    Channel,
    Endpoint,
    addressees,
    cause_of,
    notice_id_of,
    without_disabled,
)

CITY = "321300"
LEAD = ResponsibleUnit("市示例局", UnitRole.LEAD)
JOINT = ResponsibleUnit("市样本委", UnitRole.JOINT)
MAIL = Endpoint(Channel.MAIL, "lead@units.example")
HOOK = Endpoint(Channel.WEBHOOK, "http://units.example/hook")


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (Change.OPENED, Cause.NEW),
        (Change.WORSENED, Cause.WORSENED),
        (Change.EASED, Cause.EASED),
        (Change.CLOSED, Cause.CLOSED),
        (Change.UPDATED, None),
        (Change.ACKNOWLEDGED, None),
    ],
)
def test_only_changes_that_matter_are_told(change: Change, cause: Cause | None) -> None:
    assert cause_of(change) == cause


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
