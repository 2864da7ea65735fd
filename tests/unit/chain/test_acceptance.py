"""Acceptance of features Q5, Q6, Q12, T3, T8, E2, E3 and E7 over both services: figures go in, alerts and notices come out."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from services.alerts.adapters.notice_writer import ChineseNoticeWriter
from services.alerts.adapters.occasion import WritingRules
from services.alerts.application.acknowledge_alert import AcknowledgeAlert, acknowledge_alert
from services.alerts.application.tell import Telling
from services.alerts.domain.alert import Alert, State
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.finding import FindingKind, Severity
from services.alerts.domain.notice import Cause, Channel, Endpoint, Notice
from services.alerts.domain.statement import Statement
from services.rules.application.catalogue import Catalogue
from services.rules.domain.alerting import Alerting
from services.rules.domain.feed import Feed
from services.rules.domain.pace import Integer
from services.rules.domain.quantity import ReportedFigure
from services.rules.domain.status import Status
from services.rules.domain.target import Comparator, Direction, Target
from shared.kernel.period import Period
from shared.reference.working_days import WorkingDays
from shared.simulation.scenario import STARTS_FALLING_BEHIND
from tests.contracts.rules_revisions import growth
from tests.contracts.rules_rows import YI, Push, cell, figure, project, push
from tests.contracts.rules_targets import BEFORE_APRIL, FORESEEN, FROM_APRIL, lights, target
from tests.fakes.chain import Chain

PUBLISHED = ReportedFigure("growth", ("ytd",))
CALENDAR = WorkingDays.announced()


def _deadline(day: date) -> ReplyDeadline:
    return ReplyDeadline(CALENDAR.add(day, 5), provisional=False)


TELLING = Telling(
    lambda _city, unit: (
        Endpoint(Channel.MAIL, f"{unit}@units.example"),
        Endpoint(Channel.WEBHOOK, f"https://units.example/{unit}"),
    ),
    ChineseNoticeWriter(
        WritingRules(
            page_url="https://planwatch.example/alerts/",
            issuer="规划目标监测预警系统",
            office="领导小组办公室",
            reply_days=5,
            deadline_from=_deadline,
            mail_domain="planwatch.example",
        )
    ),
    _deadline,
)


async def watching(*targets: Target) -> Chain:
    return await Chain.loaded(Catalogue(targets, ()), telling=TELLING)


def published(goal: str = "12", year: int = 2024, **changes: Any) -> Target:
    """A target for a published growth: of 12 per cent a year one is expected of every month."""
    return target(goal, derivation=PUBLISHED, unit="%", year=year, **changes)


def told(when: str, value: str | None, sequence: int) -> Push:
    return push(Feed.INDICATORS, when, [growth(when, value)], sequence=sequence)


def alerts_of(chain: Chain) -> list[Alert]:
    return sorted(chain.alerts.held.alerts.values(), key=lambda alert: alert.episode)


def notices_of(chain: Chain, *causes: Cause) -> list[Notice]:
    return [stored.notice for stored in chain.alerts.held.notices.values() if stored.notice.cause in causes]


def recipients(notices: Sequence[Notice]) -> list[tuple[str, str]]:
    return sorted((one.addressee.unit.name, one.addressee.endpoint.recipient) for one in notices)


async def test_q5_a_correction_that_removes_an_acknowledged_breach_retracts_it_and_tells_all_who_were_told_once() -> (
    None
):
    chain = await watching(published())
    await chain.push(told("2024-03", "1.0", 1))
    (alert,) = alerts_of(chain)
    statement = Statement(by="示例人员", unit="市商务局", comment="已收到")
    command = AcknowledgeAlert(alert_id=alert.alert_id, acknowledgement=statement, correlation_id="people")
    await acknowledge_alert(command, store=chain.alerts, now=alert.updated_at)

    await chain.push(told("2024-03", "3.0", 2))
    (alert,) = alerts_of(chain)
    assert (alert.state, alert.ground) == (State.RETRACTED, "data_corrected")
    retractions = notices_of(chain, Cause.RETRACTED)
    assert recipients(retractions) == recipients(notices_of(chain, Cause.NEW))
    hooks = [one for one in retractions if one.addressee.endpoint.channel is Channel.WEBHOOK]
    for data in (json.loads(one.content.body_text)["data"] for one in hooks):
        before, after = data["before"], data["after"]
        assert (Decimal(before["actual"]), before["status"]) == (Decimal(1), "behind")
        assert (Decimal(after["actual"]), after["status"]) == (Decimal(3), "on_pace")

    held = chain.alerts.held
    await chain.push(told("2024-03", "3.0", 3), told("2024-03", "3.0", 3))
    assert (chain.alerts.held.history, len(chain.alerts.held.notices)) == (held.history, len(held.notices))


async def test_q6_a_correction_that_makes_an_old_breach_opens_a_retroactive_alert_with_deadlines_from_discovery() -> (
    None
):
    chain = await watching(published(year=2025))
    await chain.push(told("2025-11", "11.0", 1), told("2025-12", "12.0", 2))
    assert alerts_of(chain) == []
    await chain.push(told("2025-11", "9.0", 3), now=datetime(2026, 3, 5, 2, tzinfo=UTC))
    (alert,) = alerts_of(chain)
    assert (alert.retroactive, alert.breached_on) == (True, date(2025, 11, 30))
    assert alert.due_on == date(2026, 3, 12)  # Thursday and five working days
    assert (alert.run.since, alert.run.until, alert.run.ended_by) == ("2025-11", "2025-11", "2025-12")
    assert {one.cause for one in notices_of(chain, *Cause)} == {Cause.RETROACTIVE}


async def test_q12_while_figures_stay_away_an_open_alert_is_stale_and_not_closed() -> None:
    chain = await watching(published())
    await chain.push(told("2024-03", "1.0", 1), push(Feed.PROJECTS, "2024-04", [], sequence=2))
    (alert,) = alerts_of(chain)
    assert (alert.state, alert.stale_since) == (State.OPEN, "2024-04")
    await chain.push(push(Feed.PROJECTS, "2024-05", [], sequence=3))
    (alert,) = alerts_of(chain)
    assert (alert.state, alert.stale_since) == (State.OPEN, "2024-04")
    await chain.push(told("2024-04", "2.0", 4), told("2024-05", "5.0", 5))
    (alert,) = alerts_of(chain)
    assert (alert.state, alert.stale_since, alert.run.ended_by) == (State.CLOSED, None, "2024-05")


async def test_t3_a_target_of_zero_is_attained_by_zero_and_missed_by_one() -> None:
    """In points of zero and in per cent of zero nothing is divided."""
    down: dict[str, Any] = {"comparator": Comparator.LE, "direction": Direction.DOWN}
    for value, status, severities in (("0", Status.MET, []), ("1", Status.MISSED, [Severity.RED])):
        chain = await watching(published("0", **down))
        await chain.push(told("2024-11", value, 1), told("2024-12", value, 2))
        verdict = chain.rules.state.verdicts[-1]
        assert (verdict.status, verdict.gap_points, verdict.gap_percent) == (status, None, None)
        assert [alert.severity for alert in alerts_of(chain)] == severities


async def test_t8_what_was_judged_and_told_before_an_amendment_keeps_the_text_it_was_judged_by() -> None:
    chain = await watching(published("24"))
    await chain.push(told("2024-03", "3.0", 1))
    (before,) = alerts_of(chain)
    amended = (published("24", in_force=BEFORE_APRIL), published("12", in_force=FROM_APRIL, version=2))
    await chain.load(Catalogue(amended, ()))
    assert alerts_of(chain) == [before]
    await chain.push(told("2024-04", "4.0", 2))
    judged = [(str(one.period), one.target.version, one.status) for one in chain.rules.state.verdicts]
    assert judged[-2:] == [("2024-03", 1, Status.BEHIND), ("2024-04", 2, Status.ON_PACE)]
    opened, closed = (entry.changed.alert for entry in chain.alerts.held.history)
    assert (opened.due_on, opened.finding.document) == (before.due_on, before.finding.document)
    assert [json.loads(one.finding.document)["value"] for one in (opened, closed)] == ["≥24%", "≥12%"]
    assert (closed.alert_id, closed.due_on, closed.ground) == (before.alert_id, before.due_on, "data_recovered")


PATIENT = lights(alerting=Alerting(hold=2, recover=Decimal(-10)))
"""A breach must hold for two reports, and ends 10 points ahead of the pace: 1.2 of 12."""


async def test_e2_a_breach_is_told_when_it_held_for_two_reports_and_began_with_the_first() -> None:
    chain = await watching(published(grading=PATIENT))
    await chain.push(told("2024-03", "1.0", 1), told("2024-04", "4.0", 2), told("2024-05", "1.0", 3))
    assert alerts_of(chain) == []
    await chain.push(told("2024-06", "3.0", 4))
    (alert,) = alerts_of(chain)
    assert (alert.run.since, alert.run.until) == ("2024-05", "2024-06")


async def test_e2_a_correction_of_the_first_of_two_reports_takes_the_alert_back() -> None:
    chain = await watching(published(grading=PATIENT))
    await chain.push(told("2024-03", "1.0", 1), told("2024-04", "1.0", 2))
    assert [alert.state for alert in alerts_of(chain)] == [State.OPEN]
    await chain.push(told("2024-03", "3.0", 3))
    assert [alert.state for alert in alerts_of(chain)] == [State.RETRACTED]


async def test_e3_a_breach_ends_at_its_own_bound_exactly_and_not_with_the_first_green_light() -> None:
    chain = await watching(published(grading=PATIENT))
    await chain.push(told("2024-03", "1.0", 1), told("2024-04", "1.0", 2), told("2024-05", "5.0", 3))
    assert [alert.state for alert in alerts_of(chain)] == [State.OPEN]
    await chain.push(told("2024-06", "7.1999", 4))
    assert [alert.state for alert in alerts_of(chain)] == [State.OPEN]
    await chain.push(told("2024-06", "7.2", 5))
    assert [(alert.state, alert.run.ended_by) for alert in alerts_of(chain)] == [(State.CLOSED, "2024-06")]


JANUARY_ON = [Period.month(2024, month) for month in (1, *range(3, 13))]
FALLING_BEHIND = dict(zip(map(str, JANUARY_ON), STARTS_FALLING_BEHIND.above_1_billion, strict=True))
"""Starts of 10亿元 lag from April to September and end above 60."""


def started(when: str, count: int, sequence: int) -> Push:
    rows = [project(f"p{number}", planned_total_yuan=12 * YI, started_on=date(2024, 1, 5)) for number in range(count)]
    return push(Feed.PROJECTS, when, rows, sequence=sequence)


def foreseen_alerts(chain: Chain) -> list[Alert]:
    return [alert for alert in alerts_of(chain) if alert.key.kind is FindingKind.FORECAST]


async def foreseeing(until: str) -> Chain:
    """Watch the starts of a year month by month, with the rule `P(attain) < 0.5 for 2 periods`."""
    chain = await watching(target("60", pace=Integer(), grading=lights(alerting=FORESEEN)))
    months = list(FALLING_BEHIND)[: list(FALLING_BEHIND).index(until) + 1]
    await chain.push(*(started(when, FALLING_BEHIND[when], n) for n, when in enumerate(months, start=1)))
    return chain


async def test_e7_a_rule_on_forecasts_fires_at_the_expected_month_and_ends_when_attaining_is_likely_again() -> None:
    """Before May fewer than four reports are known; in November the probability is above one half."""
    assert foreseen_alerts(await foreseeing("2024-05")) == []
    (alert,) = foreseen_alerts(await foreseeing("2024-06"))
    assert (alert.run.since, alert.opened_period, alert.severity) == ("2024-05", "2024-06", Severity.YELLOW)
    chain = await foreseeing("2024-12")
    (alert,) = foreseen_alerts(chain)
    assert (alert.state, alert.run.until, alert.run.ended_by) == (State.CLOSED, "2024-10", "2024-11")
    told = [one for one in notices_of(chain, *Cause) if one.alert_id == alert.alert_id]
    assert [one.cause for one in told] == [Cause.NEW] * 4 + [Cause.CLOSED] * 4


async def test_e7_a_correction_of_an_old_month_takes_the_alert_of_later_forecasts_back() -> None:
    """Of April alone: 19 projects more were started by then."""
    chain = await foreseeing("2024-06")
    await chain.push(started("2024-04", 36, 100))
    (alert,) = foreseen_alerts(chain)
    assert (alert.state, alert.ground) == (State.RETRACTED, "data_corrected")
    retracted = [one for one in notices_of(chain, Cause.RETRACTED) if one.alert_id == alert.alert_id]
    hooks = [one for one in retracted if one.addressee.endpoint.channel is Channel.WEBHOOK]
    assert len(hooks) == len(retracted) / 2
    for data in (json.loads(one.content.body_text)["data"] for one in hooks):
        before, after = (Decimal(data[one]["forecast"]["probability"]) for one in ("before", "after"))
        assert before < Decimal("0.5") <= after


async def test_e17_three_tenths_told_as_decimals_meet_what_a_float_would_miss() -> None:
    """0.1 + 0.2 is 0.3: of 1.2 a year, 0.3 is expected at the end of March."""
    of = cell("starts-10yi", "2024-03", measure="growth", basis="ytd")
    chain = await watching(published("1.2"))
    value = str(Decimal("0.1") + Decimal("0.2"))
    await chain.push(push(Feed.INDICATORS, "2024-03", [figure(of, value)], sequence=1))
    await chain.push(told("2024-03", "0.2999", 2))
    judged = [one.status for one in chain.rules.state.verdicts if str(one.period) == "2024-03"]
    assert judged == [Status.ON_PACE, Status.BEHIND]
