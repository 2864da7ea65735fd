"""All versions of one target."""

from datetime import date

import pytest

from services.rules.domain.in_force import ALWAYS, NEVER, InForce
from services.rules.domain.pace import Pace
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory, histories, joined
from tests.contracts.rules_rows import period
from tests.contracts.rules_targets import STEPPED, target

JULY, OCTOBER = date(2024, 7, 1), date(2024, 10, 1)


def version(number: int, in_force: InForce) -> Target:
    return target(str(number), version=number, in_force=in_force)


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        pytest.param(
            [version(1, InForce(JULY)), version(1, InForce(until=JULY))],
            [(1, ALWAYS)],
            id="an amendment that leaves the target alone leaves its version alone",
        ),
        pytest.param(
            [version(2, InForce(JULY)), version(1, InForce(until=JULY))],
            [(1, InForce(until=JULY)), (2, InForce(JULY))],
            id="an amendment that changes it",
        ),
        pytest.param(
            [version(1, InForce(OCTOBER)), version(1, InForce(until=JULY))],
            [(1, InForce(until=JULY)), (1, InForce(OCTOBER))],
            id="dropped, and taken up again later",
        ),
        pytest.param([version(2, ALWAYS), version(1, NEVER)], [(2, ALWAYS)], id="what was corrected judges nothing"),
        pytest.param([version(1, NEVER)], [(1, NEVER)], id="a correction took it out: its last version is kept"),
        pytest.param([version(1, NEVER), version(2, NEVER)], [(2, NEVER)], id="the last of several"),
    ],
)
def test_versions_of_a_target_are_joined(versions: list[Target], expected: list[tuple[int, InForce]]) -> None:
    assert [(one.version, one.in_force) for one in joined(versions)] == expected


def test_each_period_is_judged_by_one_version() -> None:
    history = histories([version(2, InForce(JULY)), version(1, InForce(until=JULY))])[target().id]
    found = [history.at(period(when)) for when in ("2024-06", "2024-07")]
    assert [one.version for one in found if one is not None] == [1, 2]
    assert (history.is_current(period("2024-06"), 1), history.is_current(period("2024-06"), 2)) == (True, False)


@pytest.mark.parametrize(
    ("in_force", "pace", "withdrawn"),
    [
        pytest.param(ALWAYS, None, False, id="the plan has it"),
        pytest.param(InForce(until=JULY), None, True, id="dropped within its year"),
        pytest.param(InForce(until=date(2025, 1, 1)), None, False, id="dropped after its year: it ran its course"),
        pytest.param(InForce(until=date(2025, 1, 1)), STEPPED, True, id="dropped before the report that decides it"),
        pytest.param(NEVER, None, True, id="taken out by a correction"),
    ],
)
def test_a_target_is_withdrawn_when_its_plan_dropped_it_before_its_end(
    in_force: InForce, pace: Pace | None, *, withdrawn: bool
) -> None:
    assert TargetHistory((target(pace=pace, in_force=in_force),)).is_withdrawn is withdrawn
