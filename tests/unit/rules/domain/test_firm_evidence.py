from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from services.rules.domain.derivation import evidence_of, questions_of
from services.rules.domain.evidence import Evidence
from services.rules.domain.facts import (
    Facts,
)
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import (
    RevenueFact,
    RevenueQuestion,
)
from services.rules.domain.pace import AtHorizon
from services.rules.domain.quantity import FirmsOver, Line
from services.rules.domain.status import Status
from services.rules.domain.target import Target
from services.rules.domain.verdict import judge
from services.rules.domain.version import (
    Version,
)
from shared.kernel.period import Period
from tests.contracts.rules_rows import CITY, COUNTY, YI, firm, period, push
from tests.contracts.rules_targets import ledger, submission, target
from tests.fakes.rules_feed import evidence_from

DECEMBER = period("2024-12")
BOTH = ("2023-12", "2024-12")


def version(key: str, when: str = "2024-06", *, removed: bool = False) -> Version:
    return Version(key=key, period=period(when), sequence=1, submission_id="sub_000001", removed=removed)


def revenue(key: str, now: int | None, before: int | None) -> RevenueFact:
    return RevenueFact(
        version=version(key, "2024-12"),
        name=f"示例企业{key}",
        area=COUNTY,
        industry="1512",
        largest_yuan=max(now or 0, 200 * YI),
        revenue_yuan=now,
        before_yuan=before,
        before_sequence=None,
        before_submission_id=None,
    )


def crossing(line_yi: int, *, inclusive: bool, newly: bool = True) -> Target:
    return target(
        "1", pace=AtHorizon(), derivation=FirmsOver(Line(line_yi * YI, inclusive=inclusive), newly=newly), unit="户"
    )


def over(judged: Target, *firms: RevenueFact, known: tuple[str, ...] = BOTH, at: Period = DECEMBER) -> Evidence:
    answers = Facts.empty()
    ledger_ = ledger(Feed.ENTERPRISES, *known)
    for question in questions_of(judged, at, ledger_):
        if isinstance(question, RevenueQuestion):
            answers.revenues[question] = firms
    return evidence_of(judged, at, answers, ledger_)


@pytest.mark.parametrize(
    ("now", "before", "inclusive", "counted"),
    [
        pytest.param(101, 99, False, 1, id="crossed"),
        pytest.param(100, 99, False, 0, id="超百亿: exactly 100 is not over"),
        pytest.param(100, 99, True, 1, id="以上: exactly 100 is"),
        pytest.param(101, 100, False, 1, id="超: exactly 100 the year before was not over yet"),
        pytest.param(101, 100, True, 0, id="以上: exactly 100 the year before was over already"),
        pytest.param(101, None, False, 1, id="a firm without a report the year before is new"),
        pytest.param(None, 99, False, 0, id="a firm without a figure is not over"),
    ],
)
def test_who_crossed_the_line(now: int | None, before: int | None, counted: int, *, inclusive: bool) -> None:
    firm = revenue("x", None if now is None else now * YI, None if before is None else before * YI)
    assert over(crossing(100, inclusive=inclusive), firm).actual == counted


def test_firms_above_a_line_count_whatever_they_were_before() -> None:
    assert over(crossing(100, inclusive=False, newly=False), revenue("x", 150 * YI, 140 * YI)).actual == 1


def test_without_the_december_before_nobody_can_tell_who_crossed() -> None:
    evidence = over(crossing(100, inclusive=False), known=("2024-12",))
    verdict = judge(crossing(100, inclusive=False), evidence, period=DECEMBER)
    assert (verdict.status, verdict.reasons[0].zh) == (Status.NO_DATA, "缺少2023年12月的企业报表")


def test_a_plain_count_does_not_need_the_december_before() -> None:
    assert over(crossing(100, inclusive=False, newly=False), known=("2024-12",)).actual == 0


def test_before_december_the_firms_over_the_line_so_far_are_shown_but_not_judged() -> None:
    judged = crossing(100, inclusive=False)
    june = period("2024-06")
    evidence = over(judged, revenue("x", 120 * YI, 90 * YI), known=("2023-12", "2024-06"), at=june)
    verdict = judge(judged, evidence, period=june)
    assert (verdict.status, verdict.actual) == (Status.NOT_DUE, Decimal(1))


def test_parked_rows_of_either_december_are_a_doubt() -> None:
    judged = crossing(100, inclusive=False)
    parked = submission(Feed.ENTERPRISES, "2023-12", sequence=1, parked=1)
    known = ledger(Feed.ENTERPRISES, "2024-12", others=[replace(parked, sequence=9, submission_id="sub_000009")])
    answers = Facts.empty()
    answers.revenues[RevenueQuestion(CITY, DECEMBER, 100 * YI)] = ()
    assert [doubt.code for doubt in evidence_of(judged, DECEMBER, answers, known).doubts] == ["rows_parked"]


def test_the_exact_count_is_a_fraction_of_whole_firms() -> None:
    assert over(crossing(100, inclusive=False), revenue("x", 101 * YI, 0)).actual == Fraction(1)


# ---- by industry, and over several years ----------------------------------------------------------------------------


async def test_firms_above_a_line_count_in_the_industries_that_are_meant() -> None:
    firms = [
        firm("class", revenue_ytd_yuan=11 * YI, industry="2651"),
        firm("division", revenue_ytd_yuan=11 * YI, industry="26"),
        firm("other", revenue_ytd_yuan=11 * YI, industry="1512"),
        firm("at-the-line", revenue_ytd_yuan=10 * YI, industry="2652"),
    ]
    over_10yi = FirmsOver(Line(10 * YI, inclusive=True), newly=False, industries=("265",))
    found = await evidence_from(
        target(derivation=over_10yi), "2024-12", push(Feed.ENTERPRISES, "2024-12", firms, sequence=1)
    )
    assert found.actual == 2
    assert found.inputs[0].entities == ("at-the-line", "class")


async def test_firms_that_crossed_a_line_in_several_years_are_added_year_by_year() -> None:
    """The firm that fell below the line and crossed it again crossed it twice."""
    reports = {"2022-12": (9, 11), "2023-12": (10, 9), "2024-12": (12, 10)}
    pushes = [
        push(
            Feed.ENTERPRISES,
            when,
            [firm("rose", revenue_ytd_yuan=rose * YI), firm("again", revenue_ytd_yuan=again * YI)],
            sequence=number,
        )
        for number, (when, (rose, again)) in enumerate(reports.items(), start=1)
    ]
    crossed = FirmsOver(Line(10 * YI, inclusive=True), newly=True)
    cumulative = target(derivation=crossed, pace=AtHorizon(), since=2023)
    assert (await evidence_from(cumulative, "2024-12", *pushes)).actual == 2
    without = await evidence_from(cumulative, "2024-12", *pushes[1:])
    assert [reason.zh for reason in without.missing] == ["缺少2022年12月的企业报表"]
