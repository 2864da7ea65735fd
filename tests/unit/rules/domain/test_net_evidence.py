from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.rules.domain.derivation import evidence_of, questions_of
from services.rules.domain.evidence import Evidence
from services.rules.domain.facts import (
    Facts,
)
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import (
    Candidate,
    CandidateFacts,
    CandidatesQuestion,
    FirmFact,
    RegisterQuestion,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.pace import Linear
from services.rules.domain.status import Status
from services.rules.domain.target import Target
from services.rules.domain.verdict import judge
from services.rules.domain.version import (
    Version,
)
from tests.contracts.rules_rows import COUNTY, WAN, firm, period, push
from tests.contracts.rules_targets import NET, STEPPED, ledger, target
from tests.fakes.rules_feed import evidence_from

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


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("2024-12", 1, id="two years: the first whole, the second so far"),
        pytest.param("2025-01/P2M", 2, id="the annual batch of the second year"),
        pytest.param("2023-06", 2, id="the first year so far"),
    ],
)
async def test_a_cumulative_net_increase_adds_its_statistical_years(when: str, expected: int) -> None:
    cumulative = target("100", pace=STEPPED, derivation=NET, unit="户", since=2023)
    pushes = (
        push(Feed.ENTERPRISES, "2023-06", [firm("a", entered_on=date(2023, 5, 1))], sequence=1),
        push(Feed.ENTERPRISES, "2023-06", [firm("b", entered_on=date(2023, 5, 1))], sequence=2),
        push(Feed.ENTERPRISES, "2023-06", [firm("early", entered_on=date(2023, 2, 1))], sequence=3),
        push(Feed.ENTERPRISES, "2024-12", [firm("b", exited_on=date(2024, 9, 1))], sequence=4),
        push(Feed.ENTERPRISES, "2025-01/P2M", [firm("c", entered_on=date(2025, 1, 5))], sequence=5),
    )
    assert (await evidence_from(cumulative, when, *pushes)).actual == expected
