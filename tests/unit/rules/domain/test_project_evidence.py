from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from services.rules.domain.derivation import evidence_of, questions_of
from services.rules.domain.facts import (
    Facts,
    ProjectFact,
    ProjectsQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.project_evidence import projects_question
from services.rules.domain.quantity import (
    CountProjects,
    Line,
    ProjectAmount,
    ProjectChoice,
    ProjectEvent,
    SumProjects,
)
from services.rules.domain.status import Status
from services.rules.domain.target import Target
from services.rules.domain.verdict import judge
from services.rules.domain.version import (
    Version,
)
from tests.contracts.rules_rows import COUNTY, YI, MakeRow, period, project, push
from tests.contracts.rules_targets import ledger, starts_of, submission, target
from tests.fakes.rules_feed import evidence_from

MAY = period("2024-05")
KNOWN = ledger(Feed.PROJECTS, "2024-05")


def started(code: str, yi: int, **changes: object) -> ProjectFact:
    fact = ProjectFact(
        version=Version(key=code, period=MAY, sequence=1, submission_id="sub_000001", removed=False),
        name=f"示例项目{code}",
        area=COUNTY,
        kind="new",
        industry="1512",
        planned_total_yuan=yi * YI,
        largest_total_yuan=yi * YI,
        planned_equipment_yuan=None,
        completed_prior_yuan=None,
        completed_ytd_yuan=None,
        started_on=date(2024, 4, 1),
        start_evidence="accepted",
        occurred_on=date(2024, 4, 1),
    )
    return replace(fact, **changes)  # type: ignore[arg-type]


def asked(judged: Target) -> ProjectsQuestion:
    return projects_question(judged, ProjectEvent.STARTED, MAY)


def starts(judged: Target, *facts: ProjectFact, known: Ledger = KNOWN) -> Fraction | None:
    answers = Facts.empty()
    answers.projects[asked(judged)] = facts
    return evidence_of(judged, MAY, answers, known).actual


# ---- project starts (trap 5) ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tier_yi", "counted"), [(1, 1), (10, 1), (50, 1), (100, 0)])
def test_a_project_of_60_yi_counts_for_every_tier_below_it(tier_yi: int, counted: int) -> None:
    assert starts(target(derivation=starts_of(tier_yi * YI)), started("p", 60)) == counted


def test_a_tier_includes_its_bound() -> None:
    exact, short = started("exact", 10), started("short", 10, planned_total_yuan=10 * YI - 1)
    assert starts(target(derivation=starts_of(10 * YI)), exact, short) == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"start_evidence": "pending"}, id="evidence not yet accepted"),
        pytest.param({"start_evidence": "none"}, id="no evidence (签约 and 备案 are no start)"),
        pytest.param({"occurred_on": None}, id="no date of start"),
        pytest.param({"occurred_on": date(2023, 12, 31)}, id="started the year before"),
        pytest.param({"occurred_on": date(2024, 6, 1)}, id="started after the period"),
        pytest.param({"area": "320623"}, id="in another city's county"),
    ],
)
def test_what_is_no_start_of_the_year(changes: dict[str, object]) -> None:
    assert starts(target(), started("p", 60, **changes)) == 0


def test_a_milestone_of_named_projects_counts_them_alone() -> None:
    milestone = target(
        derivation=CountProjects(ProjectChoice(event=ProjectEvent.STARTED, codes=frozenset({"named"}))), goal="1"
    )
    assert starts(milestone, started("another", 60)) == 0
    assert starts(milestone, started("another", 60), started("named", 1)) == 1


def test_a_removed_project_does_not_count() -> None:
    gone = started("p", 60)
    assert starts(target(), replace(gone, version=replace(gone.version, removed=True))) == 0


def test_no_project_is_zero_when_the_report_is_known_and_no_data_when_it_is_not() -> None:
    assert starts(target()) == 0
    unknown = evidence_of(target(), MAY, Facts.empty(), Ledger(()))
    assert [reason.code for reason in unknown.missing] == ["feed_missing"]
    assert questions_of(target(), MAY, Ledger(())) == ()


def test_a_parked_row_of_any_report_up_to_the_period_is_a_doubt() -> None:
    earlier = ledger(Feed.PROJECTS, "2024-05", others=[submission(Feed.PROJECTS, "2024-03", sequence=8, parked=2)])
    later = ledger(Feed.PROJECTS, "2024-05", others=[submission(Feed.PROJECTS, "2024-06", sequence=8, parked=2)])
    for known, doubts in ((earlier, ["rows_parked"]), (later, [])):
        answers = Facts.empty()
        answers.projects[asked(target())] = ()
        assert [doubt.code for doubt in evidence_of(target(), MAY, answers, known).doubts] == doubts


def test_inputs_name_the_rows_behind_a_count() -> None:
    answers = Facts.empty()
    answers.projects[asked(target())] = (started("a", 10), started("b", 10, start_evidence="pending"))
    (source,) = evidence_of(target(), MAY, answers, KNOWN).inputs
    assert (source.considered, source.matched, source.entities) == (2, 1, ("a",))
    assert (source.submissions, source.known_by) == (("sub_000001",), "sub_000001")


def test_another_version_of_a_row_changes_the_digest_though_the_number_stays() -> None:
    def digest(sequence: int) -> str:
        fact = started("a", 10)
        answers = Facts.empty()
        answers.projects[asked(target())] = (replace(fact, version=replace(fact.version, sequence=sequence)),)
        return evidence_of(target(), MAY, answers, KNOWN).inputs[0].digest

    assert digest(1) != digest(2)


def test_a_project_below_the_tier_in_every_version_leaves_the_digest_alone() -> None:
    """So the verdict of the 50亿元 tier keeps its id when a project of 2亿元 changes."""

    def digest(*facts: ProjectFact) -> str:
        answers = Facts.empty()
        answers.projects[asked(target())] = facts
        return evidence_of(target(), MAY, answers, KNOWN).inputs[0].digest

    assert digest(started("a", 60)) == digest(started("a", 60), started("b", 2))


# ---- what is chosen -------------------------------------------------------------------------------------------------


def chosen(**choice: object) -> Target:
    values: dict[str, object] = {"event": ProjectEvent.STARTED, **choice}
    return target(derivation=CountProjects(ProjectChoice(**values)))  # type: ignore[arg-type]


async def count(judged: Target, when: str, rows: Iterable[MakeRow]) -> Fraction | None:
    return (await evidence_from(judged, when, push(Feed.PROJECTS, when, list(rows), sequence=1))).actual


TEN, OVER_TEN = Line(10 * YI, inclusive=True), Line(10 * YI, inclusive=False)


@pytest.mark.parametrize(
    ("choice", "row", "counted"),
    [
        pytest.param({"total": TEN}, {"planned_total_yuan": 10 * YI}, True, id="10亿元以上: exactly 10"),
        pytest.param({"total": OVER_TEN}, {"planned_total_yuan": 10 * YI}, False, id="超10亿元: exactly 10"),
        pytest.param({"total": OVER_TEN}, {"planned_total_yuan": 10 * YI + 1}, True, id="超10亿元: one yuan more"),
        pytest.param({}, {"planned_total_yuan": 1}, True, id="no tier: any"),
        pytest.param({"equipment": TEN}, {"planned_equipment_yuan": 10 * YI}, True, id="equipment at the line"),
        pytest.param({"equipment": OVER_TEN}, {"planned_equipment_yuan": 10 * YI}, False, id="equipment not over it"),
        pytest.param({"equipment": TEN}, {"planned_equipment_yuan": None}, False, id="equipment not told"),
        pytest.param({"kinds": frozenset({"retrofit"})}, {"kind": "retrofit"}, True, id="技改 of 技改"),
        pytest.param({"kinds": frozenset({"retrofit"})}, {"kind": "new"}, False, id="新建 of 技改"),
        pytest.param({"industries": ("38",)}, {"industry": "3825"}, True, id="a class of the division"),
        pytest.param({"industries": ("3825",)}, {"industry": "38"}, False, id="the division of a class"),
        pytest.param({"industries": ("38", "39")}, {"industry": "4030"}, False, id="another division"),
        pytest.param({"industries": ("38",)}, {"industry": None}, False, id="industry not told"),
    ],
)
async def test_which_projects_are_chosen(choice: dict[str, object], row: dict[str, object], *, counted: bool) -> None:
    assert await count(chosen(**choice), "2024-06", [project("p", **{"industry": "1512", **row})]) == int(counted)


@pytest.mark.parametrize(
    ("event", "day"),
    [
        pytest.param(ProjectEvent.SIGNED, "signed_on", id="签约"),
        pytest.param(ProjectEvent.FILED, "filed_on", id="备案"),
        pytest.param(ProjectEvent.LISTED, "listed_on", id="入库"),
        pytest.param(ProjectEvent.COMPLETED, "completed_on", id="竣工"),
        pytest.param(ProjectEvent.IN_PRODUCTION, "production_on", id="投产"),
    ],
)
async def test_an_event_never_stands_for_another_and_falls_into_its_year(event: ProjectEvent, day: str) -> None:
    rows = [
        project("first-day", **{day: date(2024, 1, 1)}),
        project("before", **{day: date(2023, 12, 31)}),
        project("later", **{day: date(2024, 7, 1)}),
        project("started-only"),
    ]
    assert await count(chosen(event=event), "2024-06", rows) == 1


@pytest.mark.parametrize(
    ("since", "when", "counted"),
    [
        pytest.param(2024, "2024-12", 1, id="每年: this year alone"),
        pytest.param(2021, "2024-12", 3, id="到2024年累计: from 2021 on"),
        pytest.param(2021, "2023-12", 2, id="so far"),
    ],
)
async def test_a_cumulative_horizon_counts_from_its_first_year(since: int, when: str, counted: int) -> None:
    days = {"2020": date(2020, 12, 31), "2021": date(2021, 1, 1), "2023": date(2023, 6, 1), "2024": date(2024, 12, 31)}
    judged = target(derivation=starts_of(YI), since=since)
    assert await count(judged, when, [project(key, started_on=day) for key, day in days.items()]) == counted


async def test_projects_that_do_not_tell_what_they_are_chosen_by_are_left_out_and_named() -> None:
    rows = [project("told", planned_equipment_yuan=20 * YI), project("untold"), project("elsewhere", area="320623")]
    found = await evidence_from(chosen(equipment=TEN), "2024-06", push(Feed.PROJECTS, "2024-06", rows, sequence=1))
    assert [remark.zh for remark in found.remarks] == ["有1个项目未报设备投资，未计入"]


async def test_only_projects_of_the_targets_area_count_for_its_part() -> None:
    """A county's part of the city's target counts its own projects; the city counts those of all its parts."""
    rows = [project("here", planned_total_yuan=10 * YI), project("beside", planned_total_yuan=10 * YI, area="321323")]
    county = replace(target(), place=replace(target().place, id=COUNTY, parts=frozenset({COUNTY})))
    assert await count(county, "2024-06", rows) == 1
    assert await count(target(), "2024-06", rows) == 2


# ---- what is summed -------------------------------------------------------------------------------------------------


def summed(amount: ProjectAmount, unit: str = "亿元", scale: str = "0.00000001") -> Target:
    choice = ProjectChoice(event=ProjectEvent.STARTED, total=Line(2 * YI, inclusive=True))
    return target("10", derivation=SumProjects(choice, amount), unit=unit, scale=scale)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param(ProjectAmount.PLANNED_TOTAL, Fraction("5.00000003"), id="planned in total"),
        pytest.param(ProjectAmount.COMPLETED, Fraction("1.50000001"), id="completed: earlier years and this one"),
    ],
)
async def test_investment_is_summed_in_yuan_and_shown_exactly_in_the_indicators_unit(
    amount: ProjectAmount, expected: Fraction
) -> None:
    rows = [
        project("a", planned_total_yuan=2 * YI, completed_prior_yuan=YI // 2, completed_ytd_yuan=YI // 2),
        project("b", planned_total_yuan=3 * YI + 3, completed_prior_yuan=0, completed_ytd_yuan=YI // 2 + 1),
        project("small", planned_total_yuan=2 * YI - 1, completed_prior_yuan=0, completed_ytd_yuan=9 * YI),
    ]
    found = await evidence_from(summed(amount), "2024-06", push(Feed.PROJECTS, "2024-06", rows, sequence=1))
    assert (found.actual, found.figures[0].value, found.figures[0].unit) == (expected, expected, "亿元")


async def test_completed_investment_is_that_of_the_latest_row() -> None:
    """In a new year the 1–2月 report moves what was completed before into 上年止累计."""
    judged = target(
        "10", derivation=summed(ProjectAmount.COMPLETED).indicator.derivation, unit="元", year=2025, since=2024
    )
    december = push(
        Feed.PROJECTS, "2024-12", [project("a", completed_prior_yuan=0, completed_ytd_yuan=700)], sequence=1
    )
    february = push(
        Feed.PROJECTS, "2025-01/P2M", [project("a", completed_prior_yuan=700, completed_ytd_yuan=40)], sequence=2
    )
    assert (await evidence_from(judged, "2024-12", december, february)).actual == 700
    assert (await evidence_from(judged, "2025-01/P2M", december, february)).actual == 740


@pytest.mark.parametrize(
    ("row", "completed"),
    [
        pytest.param({"completed_ytd_yuan": 5}, 5, id="started this year: nothing from earlier years"),
        pytest.param({"completed_ytd_yuan": 5, "started_on": date(2023, 5, 1)}, None, id="earlier years not told"),
        pytest.param({"completed_prior_yuan": 5}, None, id="this year not told"),
        pytest.param({}, None, id="nothing told"),
    ],
)
async def test_an_amount_that_is_not_told_is_never_zero(row: dict[str, object], completed: int | None) -> None:
    judged = target("10", derivation=summed(ProjectAmount.COMPLETED).indicator.derivation, unit="元", since=2023)
    rows = [project("a", **row), project("other", completed_prior_yuan=0, completed_ytd_yuan=0)]
    found = await evidence_from(judged, "2024-06", push(Feed.PROJECTS, "2024-06", rows, sequence=1))
    assert found.actual == completed
    if completed is None:
        assert [reason.zh for reason in found.missing] == ["有1个项目未报累计完成投资，合计数未知"]
        assert judge(judged, found, period=period("2024-06")).status is Status.NO_DATA


async def test_how_many_projects_of_the_area_other_sources_report_otherwise_is_told_and_makes_another_verdict() -> None:
    judged = target("10")
    rows = [project(key, planned_total_yuan=12 * YI) for key in "abc"]
    first = push(Feed.PROJECTS, "2024-06", rows, sequence=2, source="bureau")
    second = push(
        Feed.PROJECTS, "2024-06", [project("a", planned_total_yuan=YI), *rows[1:2]], sequence=1, source="press"
    )
    alone, both = [await evidence_from(judged, "2024-06", *pushes) for pushes in ((first,), (first, second))]
    assert {alone.actual, both.actual} == {Fraction(3)}
    assert alone.sources == ()
    assert [reason.zh for reason in both.sources] == ["有1个项目各来源填报不一致，按发布机构位次采用"]
    verdicts = [judge(judged, found, period=period("2024-06")) for found in (alone, both)]
    assert len({one.verdict_id for one in verdicts}) == 2
