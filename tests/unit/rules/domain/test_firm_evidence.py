from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from services.rules.domain.derivation import evidence_of, questions_of
from services.rules.domain.evidence import Evidence
from services.rules.domain.facts import (
    Candidate,
    CandidateFacts,
    CandidatesQuestion,
    Facts,
    FirmFact,
    RegisterQuestion,
    RevenueFact,
    RevenueQuestion,
    Version,
)
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.pace import AtHorizon, Linear
from services.rules.domain.target import FirmsOver, Target
from services.rules.domain.verdict import Status, judge
from shared.kernel.period import Period
from tests.contracts.rules_rows import CITY, COUNTY, WAN, YI, period
from tests.contracts.rules_targets import NET, STEPPED, ledger, submission, target

NET_300 = target("300", pace=STEPPED, derivation=NET, unit="户")
FEBRUARY = period("2025-01/P2M")


def version(key: str, when: str = "2024-06", *, removed: bool = False) -> Version:
    return Version(key=key, period=period(when), sequence=1, submission_id="sub_000001", removed=removed)


def moved(key: str, *, entered: date | None = None, exited: date | None = None, kind: str | None = None) -> FirmFact:
    return FirmFact(
        version=version(key),
        name=f"示例企业{key}",
        area=COUNTY,
        entered_on=entered,
        entry_kind=kind,
        exited_on=exited,
        exit_kind=None,
    )


def entries(count: int, day: date, kind: str) -> list[FirmFact]:
    return [moved(f"{kind}{number}", entered=day, kind=kind) for number in range(count)]


def exits(count: int) -> list[FirmFact]:
    return [moved(f"exit{number}", entered=date(2015, 1, 1), exited=date(2024, 9, 1)) for number in range(count)]


def net(when: str, firms: list[FirmFact], *, judged: Target = NET_300, candidates: int = 0) -> Evidence:
    at = period(when)
    known = ledger(Feed.ENTERPRISES, when)
    answers = Facts.empty()
    for question in questions_of(judged, at, known):
        if isinstance(question, RegisterQuestion):
            answers.moves[question] = tuple(firms)
        if isinstance(question, CandidatesQuestion):
            found = tuple(
                Candidate(uscc=str(n), name="示例", area=COUNTY, revenue_yuan=2000 * WAN, submission_id="sub_000001")
                for n in range(candidates)
            )
            answers.candidates[question] = CandidateFacts(found, 3, "digest")
    return evidence_of(judged, at, answers, known)


# ---- net increase: steps, not a line (trap 2) -----------------------------------------------------------------------


def test_during_the_year_the_net_increase_is_not_due_and_never_red() -> None:
    """18 entries of new firms from January to November (启东) are 14 % of a year's work and no lag."""
    evidence = net("2024-11", entries(18, date(2024, 5, 10), "new"))
    verdict = judge(NET_300, evidence, period=period("2024-11"))
    assert (verdict.status, verdict.actual, verdict.status.light) == (Status.NOT_DUE, Decimal(18), None)
    linear = replace(NET_300, pace=Linear())
    assert judge(linear, evidence, period=period("2024-11")).status is Status.FAR_BEHIND  # the naive answer


def test_the_verdict_falls_with_the_report_of_the_next_january_and_february() -> None:
    firms = entries(40, date(2024, 5, 10), "new") + entries(290, date(2025, 1, 20), "grown") + exits(30)
    evidence = net("2025-01/P2M", firms)
    verdict = judge(NET_300, evidence, period=FEBRUARY)
    assert (verdict.status, verdict.actual) == (Status.MET, Decimal(300))


def test_net_is_entries_minus_exits() -> None:
    firms = entries(330, date(2025, 1, 20), "grown") + exits(31)
    verdict = judge(NET_300, net("2025-01/P2M", firms), period=FEBRUARY)
    assert (verdict.status, verdict.actual) == (Status.MISSED, Decimal(299))


def test_a_firm_that_entered_and_left_in_the_year_counts_on_both_sides() -> None:
    both = moved("x", entered=date(2024, 4, 1), exited=date(2024, 11, 1), kind="new")
    evidence = net("2024-12", [both])
    assert evidence.actual == 0
    assert evidence.inputs[0].matched == 1


def test_moves_of_other_statistical_years_do_not_count() -> None:
    firms = [moved("before", entered=date(2024, 2, 29)), moved("after", entered=date(2025, 3, 1))]
    assert net("2024-12", firms).actual == 0


def test_the_figures_show_entries_by_kind_and_exits() -> None:
    firms = entries(2, date(2024, 5, 10), "new") + entries(3, date(2024, 6, 10), "grown") + exits(1)
    shown = {figure.label.zh: figure.value for figure in net("2024-12", firms).figures}
    assert shown == {"净增户数": 4, "入库户数": 5, "小升规入库": 3, "新建投产入库": 2, "退库户数": 1}


def test_the_pipeline_is_shown_as_outlook_before_the_verdict_falls() -> None:
    outlook = net("2024-10", entries(18, date(2024, 5, 10), "new"), candidates=250).outlook
    assert outlook is not None
    assert (outlook.net_so_far, outlook.candidates, outlook.untold) == (18, 250, 3)
    assert net("2025-01/P2M", []).outlook is None


def test_the_year_has_not_begun_with_the_report_of_its_own_january_and_february() -> None:
    evidence = net("2024-01/P2M", [])
    assert [reason.code for reason in evidence.missing] == ["statistical_year_not_begun"]
    assert judge(NET_300, evidence, period=period("2024-01/P2M")).status is Status.NOT_DUE


def test_without_the_deciding_report_there_is_no_data() -> None:
    evidence = evidence_of(NET_300, FEBRUARY, Facts.empty(), Ledger(()))
    verdict = judge(NET_300, evidence, period=FEBRUARY)
    assert (verdict.status, verdict.reasons[0].zh) == (Status.NO_DATA, "缺少2025年1—2月的企业报表")


# ---- firms over a line ----------------------------------------------------------------------------------------------

DECEMBER = period("2024-12")
BOTH = ("2023-12", "2024-12")


def revenue(key: str, now: int | None, before: int | None) -> RevenueFact:
    return RevenueFact(
        version=version(key, "2024-12"),
        name=f"示例企业{key}",
        area=COUNTY,
        largest_yuan=max(now or 0, 200 * YI),
        revenue_yuan=now,
        before_yuan=before,
        before_sequence=None,
        before_submission_id=None,
    )


def crossing(line_yi: int, *, inclusive: bool, newly: bool = True) -> Target:
    return target(
        "1", pace=AtHorizon(), derivation=FirmsOver(line_yi * YI, inclusive=inclusive, newly=newly), unit="户"
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
