from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from services.rules.domain.evidence import Evidence
from services.rules.domain.finding import (
    Finding,
    FindingHead,
    FindingKey,
    FindingKind,
    Severity,
    lagging_finding,
    next_sequence,
    rating_findings,
    standing_of,
)
from services.rules.domain.signal import Signal, SignalKind
from services.rules.domain.verdict import Status, judge
from tests.contracts.rules_rows import COUNTY, period
from tests.contracts.rules_targets import rule, target

MARCH, APRIL, MAY = period("2024-03"), period("2024-04"), period("2024-05")
RULE = rule(SignalKind.CLASS_D_FINAL, alert=True)


def signal(entity: str, area: str = COUNTY) -> Signal:
    return Signal(
        rule=RULE,
        occasion="2023",
        area=area,
        period=period("2023"),
        entity=entity,
        entity_name=f"示例企业{entity}",
        occurred_on=date(2024, 7, 20),
        detail={},
        simulated=False,
    )


def lagging(actual: int, when: str = "2024-05", since: str = "2024-05") -> Finding:
    judged = target("60")
    verdict = judge(judged, Evidence(actual=Fraction(actual)), period=period(when))
    standing = standing_of({period(since): verdict.status, period(when): verdict.status})
    assert standing is not None
    return lagging_finding(judged, verdict, standing)


def head(finding: Finding, sequence: int = 1) -> FindingHead:
    return FindingHead(sequence, finding.is_breach, finding.period, finding.fingerprint)


@pytest.mark.parametrize(
    ("statuses", "governing", "since"),
    [
        pytest.param([Status.BEHIND], Status.BEHIND, MARCH, id="one period"),
        pytest.param([Status.BEHIND, Status.FAR_BEHIND], Status.FAR_BEHIND, MARCH, id="worse in the same run"),
        pytest.param([Status.BEHIND, Status.ON_PACE, Status.BEHIND], Status.BEHIND, MAY, id="a new run"),
        pytest.param([Status.BEHIND, Status.NO_DATA], Status.BEHIND, MARCH, id="missing data is never a recovery"),
        pytest.param(
            [Status.BEHIND, Status.CANNOT_JUDGE, Status.BEHIND], Status.BEHIND, MARCH, id="and does not end a run"
        ),
        pytest.param([Status.BEHIND, Status.ON_PACE], Status.ON_PACE, APRIL, id="recovered"),
        pytest.param([Status.NOT_DUE, Status.NOT_DUE, Status.MISSED], Status.MISSED, MAY, id="missed at the end"),
    ],
)
def test_the_latest_verdict_that_says_good_or_bad_governs(
    statuses: list[Status], governing: Status, since: object
) -> None:
    standing = standing_of(dict(zip((MARCH, APRIL, MAY), statuses, strict=False)))
    assert standing is not None
    assert (standing.status, standing.since) == (governing, since)


def test_verdicts_that_say_nothing_have_no_standing() -> None:
    assert standing_of({MARCH: Status.NO_DATA, APRIL: Status.NOT_DUE}) is None


@pytest.mark.parametrize(("actual", "severity"), [(24, Severity.YELLOW), (0, Severity.RED), (25, None)])
def test_behind_is_yellow_far_behind_is_red(actual: int, severity: Severity | None) -> None:
    assert lagging(actual).severity is severity


def test_a_clear_state_is_told_only_to_end_a_breach() -> None:
    assert next_sequence(None, lagging(25)) is None
    assert next_sequence(head(lagging(24), 3), lagging(25)) == 4
    assert next_sequence(head(lagging(25), 4), lagging(26)) is None


def test_a_breach_is_told_first_again_when_changed_and_not_when_the_same() -> None:
    assert next_sequence(None, lagging(24)) == 1
    assert next_sequence(head(lagging(24)), lagging(24)) is None
    assert next_sequence(head(lagging(24)), lagging(23)) == 2
    assert next_sequence(head(lagging(24), 7), lagging(24, "2024-06", "2024-05")) == 8
    assert next_sequence(head(lagging(25), 2), lagging(24)) == 3


def test_another_row_version_behind_equal_numbers_is_not_told_again() -> None:
    finding = lagging(24)
    assert finding.verdict is not None
    other = replace(finding, verdict=replace(finding.verdict, verdict_id="verdict_other"))
    assert next_sequence(head(finding), other) is None


def test_class_d_firms_are_listed_by_area() -> None:
    findings = rating_findings(RULE, [signal("b"), signal("a"), signal("c", "321323")], {})
    assert [(one.key.area, [subject.entity for subject in one.subjects]) for one in findings] == [
        (COUNTY, ["a", "b"]),
        ("321323", ["c"]),
    ]
    assert {one.severity for one in findings} == {Severity.YELLOW}
    assert findings[0].subjects[0].detail == "2023年度评价结果D类（终评）"


def test_one_more_firm_is_told_again() -> None:
    (one,) = rating_findings(RULE, [signal("a")], {})
    (two,) = rating_findings(RULE, [signal("a"), signal("b")], {})
    assert next_sequence(head(one), two) == 2


def test_an_area_without_class_d_firms_left_is_cleared_once() -> None:
    (breach,) = rating_findings(RULE, [signal("a")], {})
    (cleared,) = rating_findings(RULE, [], {breach.key: head(breach)})
    assert (cleared.is_breach, cleared.key) == (False, FindingKey(RULE.id, COUNTY, FindingKind.RATING_D))
    assert rating_findings(RULE, [], {breach.key: head(cleared, 2)}) == ()
