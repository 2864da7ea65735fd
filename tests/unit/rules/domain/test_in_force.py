"""Which version of a plan judges which periods."""

from datetime import date

import pytest

from services.rules.domain.in_force import ALWAYS, NEVER, InForce, PlanVersion, versions_in_force
from tests.contracts.rules_rows import period

JULY, OCTOBER = date(2024, 7, 1), date(2024, 10, 1)


@pytest.mark.parametrize(
    ("in_force", "when", "held"),
    [
        pytest.param(InForce(since=JULY), "2024-06", False, id="ends the day before"),
        pytest.param(InForce(since=JULY), "2024-07", True, id="the month of the day"),
        pytest.param(InForce(until=JULY), "2024-06", True, id="the last month before"),
        pytest.param(InForce(until=JULY), "2024-07", False, id="no more"),
        pytest.param(InForce(since=JULY), "2024", True, id="a year ends after the day within it"),
        pytest.param(InForce(until=JULY), "2024", False, id="and not before it"),
        pytest.param(InForce(since=date(2024, 6, 30)), "2024-06", True, id="ends on the day itself"),
        pytest.param(InForce(since=date(2024, 2, 15)), "2024-01/P2M", True, id="January and February end together"),
        pytest.param(ALWAYS, "2024-06", True, id="always"),
        pytest.param(NEVER, "2024-06", False, id="never"),
    ],
)
def test_a_period_is_told_by_its_last_day(in_force: InForce, when: str, *, held: bool) -> None:
    assert in_force.holds(period(when)) is held


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        pytest.param([(1, None)], {1: ALWAYS}, id="one version judges everything"),
        pytest.param([(1, None), (2, None)], {2: ALWAYS}, id="a correction replaces what it corrects"),
        pytest.param(
            [(1, None), (2, JULY)], {2: InForce(JULY), 1: InForce(until=JULY)}, id="an amendment leaves what was before"
        ),
        pytest.param(
            [(1, None), (2, JULY), (3, OCTOBER)],
            {3: InForce(OCTOBER), 2: InForce(JULY, OCTOBER), 1: InForce(until=JULY)},
            id="two amendments",
        ),
        pytest.param(
            [(1, None), (2, JULY), (3, JULY)],
            {3: InForce(JULY), 1: InForce(until=JULY)},
            id="a correction of the amended text leaves what was before the amendment",
        ),
        pytest.param(
            [(1, None), (2, OCTOBER), (3, JULY)],
            {3: InForce(JULY), 1: InForce(until=JULY)},
            id="an amendment moved to an earlier day",
        ),
        pytest.param([(1, None), (2, JULY), (3, None)], {3: ALWAYS}, id="an amendment taken back"),
        pytest.param([(1, JULY)], {1: InForce(JULY)}, id="first known as amended: what held before is not known"),
    ],
)
def test_a_period_is_judged_by_the_newest_version_that_holds_at_its_end(
    versions: list[tuple[int, date | None]], expected: dict[int, InForce]
) -> None:
    found = versions_in_force(PlanVersion(number, since) for number, since in versions)
    assert {one.version: in_force for one, in_force in found} == expected
    assert [one.version for one, _ in found] == sorted(expected, reverse=True)
