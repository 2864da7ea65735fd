"""A rule on forecasts looks again where figures, those of earlier years, or their absence may change what is foreseen."""

from datetime import date

from services.rules.application.catalogue import Catalogue
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.domain.feed import Feed
from services.rules.domain.finding import Finding, FindingKind
from services.rules.domain.quantity import ReportedFigure
from services.rules.domain.target import Target
from shared.kernel.period import Period
from tests.contracts.rules_duties import DUTIES
from tests.contracts.rules_rows import T0, Push, cell, figure, push
from tests.contracts.rules_targets import FORESEEN, lights, plan_of, target
from tests.contracts.rules_ticks import prepare, receive, report, tick
from tests.fakes.rules import InMemoryDatabase

OUTPUT = ReportedFigure("level", ("ytd",))


def output(year: int) -> Target:
    """A target of 200 a year; an amount, which earlier years teach the season of."""
    grading = lights(alerting=FORESEEN)
    return target("200", derivation=OUTPUT, unit="亿元", year=year, grading=grading, identifier="example-plan/t/output")


def told(when: str, value: int, *, sequence: int) -> Push:
    of = cell("starts-10yi", when, measure="level", basis="ytd")
    return push(Feed.INDICATORS, when, [figure(of, str(value), unit="亿元")], sequence=sequence)


def foreseen(database: InMemoryDatabase) -> list[Finding]:
    return [one for _, one in database.state.findings if one.key.kind is FindingKind.FORECAST]


async def test_a_correction_of_the_year_before_changes_what_is_foreseen_of_this_one() -> None:
    """In December 2024 half of the year's output came; corrected, it was no better than other months."""
    database = InMemoryDatabase(Catalogue((output(2024), output(2025)), ()))
    months = [Period.month(2024, month) for month in (1, *range(3, 13))]
    months += [Period.month(2025, month) for month in (1, *range(3, 8))]
    await prepare(database)
    for sequence, month in enumerate(months, start=1):
        value = 240 if str(month) == "2024-12" else 10 * month.last_month + month.last_month % 3
        await receive(database, told(str(month), value, sequence=sequence))
    assert [one for one in foreseen(database) if one.key.target_id.endswith("@2025")] == []
    await receive(database, told("2024-12", 121, sequence=100))
    (finding,) = [one for one in foreseen(database) if one.key.target_id.endswith("@2025")]
    assert finding.is_breach
    assert [(str(one.run.until), one.retroactive) for one in finding.runs] == [("2025-07", True)]
    assert [str(one.period) for one in finding.triggers] == ["2024-12"]


async def test_while_reports_are_overdue_a_breach_of_forecasts_is_stale() -> None:
    database = InMemoryDatabase(Catalogue((target("60", year=2026, grading=lights(alerting=FORESEEN)),), ()), DUTIES)
    await prepare(database)
    for month in range(4, 9):
        await receive(database, report(f"2026-{month:02}", date(2026, month + 1, 10), sequence=month, count=month))
    assert [one.stale_since for one in foreseen(database)] == [None]
    await tick(database, date(2026, 10, 19))
    assert [str(one.stale_since) for one in foreseen(database)] == ["None", "2026-09"]
    await receive(database, report("2026-09", date(2026, 10, 20), sequence=20, count=9))
    assert [str(one.stale_since) for one in foreseen(database)][2:] == ["None"]


async def test_a_rule_taken_out_of_the_plan_takes_its_breaches_back() -> None:
    watched = target("60", year=2026, grading=lights(alerting=FORESEEN))
    database = InMemoryDatabase(Catalogue((watched,), ()))
    await prepare(database)
    for month in range(4, 9):
        await receive(database, report(f"2026-{month:02}", date(2026, month + 1, 10), sequence=month, count=month))
    assert foreseen(database)[-1].is_breach
    without = InMemoryDatabase(Catalogue((target("60", year=2026, version=2),), ()))
    without.state = database.state
    async with without.transaction() as stores:
        plans = LoadPlans(plans=(plan_of((target("60", year=2026, version=2),)),), correlation_id="load")
        await load_plans(stores, plans, now=T0)
    last = foreseen(without)[-1]
    assert (last.is_breach, last.runs, [str(one.until) for one in last.corrected]) == (False, (), ["2026-08"])
