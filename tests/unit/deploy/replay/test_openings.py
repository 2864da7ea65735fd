"""Alerts of two sets of rules side by side."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deploy.replay.openings import Opening, Outcome, paired
from services.alerts.domain.finding import FindingKey, FindingKind

T0 = datetime(2026, 1, 1, tzinfo=UTC)
BASE = Opening(
    key=FindingKey("plan/m1/starts@2025", "321300", FindingKind.LAGGING),
    plan_id="plan",
    name="开工项目",
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
