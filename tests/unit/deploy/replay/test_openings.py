"""Alerts of two sets of rules side by side."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deploy.replay.openings import Opening, Openings, Outcome, of_plans, openings_of, paired
from services.alerts.application.record_findings import ReportedFinding
from services.alerts.domain.finding import Finding, FindingKey, FindingKind
from tests.contracts.alerts_findings import finding, finding_of_runs, planned, run

T0 = datetime(2026, 1, 1, tzinfo=UTC)
BASE = Opening(
    alert_id="alert_1",
    key=FindingKey("plan/m1/starts@2025", "321300", FindingKind.LAGGING),
    plan_id="plan",
    city="321300",
    name="开工项目",
    name_en="Projects started",
    area_name="宿迁市",
    quote="每年60个",
    since="2025-03",
    period="2025-03",
    severity="yellow",
    worst="yellow",
    opened_at=T0,
    state="open",
)


def opening(since: str, period: str, severity: str = "yellow") -> Opening:
    return replace(BASE, since=since, period=period, severity=severity)


def outcomes(live: list[Opening], tried: list[Opening]) -> list[tuple[str, str | None, str | None]]:
    return [(pair.outcome.value, period_of(pair.live), period_of(pair.tried)) for pair in paired(live, tried)]


def period_of(one: Opening | None) -> str | None:
    return None if one is None else one.period


@pytest.mark.parametrize(
    ("live", "tried", "expected"),
    [
        pytest.param([BASE], [BASE], [("same", "2025-03", "2025-03")], id="the same alert"),
        pytest.param([], [BASE], [("added", None, "2025-03")], id="a new one"),
        pytest.param([BASE], [], [("lost", "2025-03", None)], id="one that is gone"),
        pytest.param(
            [BASE], [opening("2025-03", "2025-03", "red")], [("severity", "2025-03", "2025-03")], id="another light"
        ),
        pytest.param([BASE], [replace(BASE, worst="red")], [("severity", "2025-03", "2025-03")], id="red later on"),
        pytest.param(
            [opening("2025-03", "2025-04")],
            [opening("2025-03", "2025-03")],
            [("dates", "2025-04", "2025-03")],
            id="the same breach found earlier",
        ),
        pytest.param(
            [opening("2025-03", "2025-03")],
            [opening("2025-06", "2025-06")],
            [("lost", "2025-03", None), ("added", None, "2025-06")],
            id="another breach of the target",
        ),
        pytest.param(
            [opening("2025-03", "2025-05"), opening("2025-08", "2025-08")],
            [opening("2025-04", "2025-04"), opening("2025-08", "2025-08")],
            [("dates", "2025-05", "2025-04"), ("same", "2025-08", "2025-08")],
            id="the same breach is paired before one that overlaps",
        ),
    ],
)
def test_alerts_are_paired(
    live: list[Opening], tried: list[Opening], expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert outcomes(live, tried) == expected


def test_alerts_of_other_targets_areas_and_kinds_are_never_one() -> None:
    others = [
        replace(BASE, key=replace(BASE.key, target_id="plan/m2/else@2025")),
        replace(BASE, key=replace(BASE.key, area="321322")),
        replace(BASE, key=replace(BASE.key, kind=FindingKind.RATING_D)),
    ]
    assert sorted(one for one, *_ in outcomes([BASE], others)) == ["added", "added", "added", "lost"]


def test_a_tried_alert_is_paired_once() -> None:
    live = [opening("2025-03", "2025-03"), opening("2025-03", "2025-04")]
    found = [pair.outcome for pair in paired(live, [opening("2025-03", "2025-05")])]
    assert sorted(found) == [Outcome.DATES, Outcome.LOST]


def told(*findings: Finding) -> list[tuple[ReportedFinding, datetime]]:
    return [(ReportedFinding(one, "correlation"), T0 + timedelta(days=number)) for number, one in enumerate(findings)]


def test_findings_open_alerts_as_alerts_would() -> None:
    (opened,) = openings_of(told(finding(sequence=1), finding(sequence=2, severity="red", period="2024-07")), T0)
    assert (opened.since, opened.period, opened.severity, opened.worst) == ("2024-04", "2024-06", "yellow", "red")
    assert (opened.state, opened.opened_at, opened.city, opened.name_en) == (
        "open",
        T0,
        "321300",
        "started projects of 1 billion yuan and more",
    )


def test_what_is_taken_up_little_by_little_opens_what_all_at_once_opens() -> None:
    openings = Openings()
    findings = told(
        finding(sequence=1), finding(sequence=2, area="321322"), finding(sequence=3, state="clear", period="2024-07")
    )
    counts = []
    for reported, at in findings:
        openings.take(reported, at)
        counts.append(len(openings.opened(at)))
    assert counts == [1, 2, 2]
    assert openings.opened(T0) == openings_of(findings, T0)


def test_what_the_plan_suspends_rests_from_its_first_day_to_its_last_without_a_finding_on_either() -> None:
    rests = told(finding_of_runs(run("2024-06"), suspensions=(planned(),)))
    days = (datetime(2024, month, day, 4, tzinfo=UTC) for month, day in ((6, 30), (7, 1), (9, 30), (10, 1)))
    states = [one.state for day in days for one in openings_of(rests, day)]
    assert states == ["open", "suspended", "suspended", "open"]


def test_alerts_of_other_plans_and_of_feeds_are_left_out() -> None:
    feed = replace(BASE, key=replace(BASE.key, kind=FindingKind.FEED_OVERDUE))
    assert of_plans([BASE, replace(BASE, plan_id="other"), feed], ["plan"]) == [BASE]
