from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.rules.domain.facts import (
    ClassDFacts,
    Facts,
    ProjectFact,
    ProjectsQuestion,
    RatingFact,
    RatingsQuestion,
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
from services.rules.domain.quantity import ProjectEvent
from services.rules.domain.signal import Signal, SignalKind, signal_changes, signal_questions, signals_of
from services.rules.domain.version import (
    Version,
)
from tests.contracts.rules_rows import CITY, COUNTY, WAN, YI, period
from tests.contracts.rules_targets import ledger, rule, submission

VERSION = Version(key="x", period=period("2024-06"), sequence=1, submission_id="sub_000001", removed=False)
CLASS_D = rule(SignalKind.CLASS_D_FINAL, alert=True)


def rated(uscc: str = "x", year: int = 2023) -> RatingFact:
    return RatingFact(
        uscc=uscc,
        year=year,
        name="示例企业",
        area=COUNTY,
        published_on=date(year + 1, 7, 20),
        score=Decimal("38.5"),
        submission_id="sub_000001",
    )


def class_d(*facts: RatingFact, known: Ledger | None = None) -> tuple[Signal, ...]:
    answers = Facts.empty()
    answers.ratings[RatingsQuestion(CITY)] = ClassDFacts(tuple(sorted({one.year for one in facts})), facts)
    return signals_of(CLASS_D, answers, known or Ledger(()))


def test_a_final_d_says_which_round_it_belongs_to() -> None:
    (signal,) = class_d(rated())
    assert (signal.period, signal.occasion, signal.occurred_on) == (period("2023"), "2023", date(2024, 7, 20))
    assert signal.detail == {"round": 2023, "score": "38.5"}


def test_a_d_of_another_round_is_another_signal() -> None:
    assert class_d(rated(year=2023))[0].signal_id != class_d(rated(year=2024))[0].signal_id


def test_signals_of_a_simulated_source_say_so() -> None:
    known = Ledger.of([submission(Feed.RATINGS, "2024-07", simulated=True)])
    assert class_d(rated(), known=known)[0].simulated


def test_a_project_start_lists_every_tier_it_reaches() -> None:
    project = ProjectFact(
        version=VERSION,
        name="示例项目",
        area=COUNTY,
        kind="new",
        industry=None,
        planned_total_yuan=60 * YI,
        largest_total_yuan=60 * YI,
        planned_equipment_yuan=None,
        completed_prior_yuan=None,
        completed_ytd_yuan=None,
        started_on=date(2024, 2, 10),
        start_evidence="accepted",
        occurred_on=date(2024, 2, 10),
    )
    answers = Facts.empty()
    june = date(2024, 6, 30)
    asked = ProjectsQuestion(CITY, ProjectEvent.STARTED, since=date(2024, 1, 1), until=june, known_by=june)
    answers.projects[asked] = (
        project,
        replace(project, version=replace(VERSION, key="small"), planned_total_yuan=9 * YI),
        replace(project, version=replace(VERSION, key="pending"), start_evidence="pending"),
    )
    started = rule(SignalKind.PROJECT_START, line_yuan=10 * YI)
    (signal,) = signals_of(started, answers, ledger(Feed.PROJECTS, "2024-06"))
    assert signal.detail["tiers_yuan"] == [YI, 10 * YI, 50 * YI]
    assert signal.period == period("2024-01/P2M")  # there is no February


def test_an_entry_into_the_register_carries_its_kind_and_statistical_year() -> None:
    entry = rule(SignalKind.ABOVE_SCALE_ENTRY)
    known = ledger(Feed.ENTERPRISES, "2025-01/P2M")
    fact = FirmFact(
        version=VERSION,
        name="示例企业",
        area=COUNTY,
        entered_on=date(2025, 1, 15),
        entry_kind="grown",
        exited_on=None,
        exit_kind=None,
    )
    answers = Facts.empty()
    (question,) = signal_questions(entry, known)
    assert question == RegisterQuestion(CITY, 2024, date(2025, 2, 28))
    answers.moves[question] = (fact, replace(fact, version=replace(VERSION, key="y"), entered_on=None))
    (signal,) = signals_of(entry, answers, known)
    assert signal.detail == {"entry_kind": "grown", "statistical_year": 2024}


def test_candidates_are_those_of_the_newest_report() -> None:
    candidate = rule(SignalKind.ABOVE_SCALE_CANDIDATE, line_yuan=2000 * WAN)
    known = ledger(Feed.ENTERPRISES, "2024-05", "2024-06")
    (question,) = signal_questions(candidate, known)
    assert question == CandidatesQuestion(CITY, period("2024-06"), 2000 * WAN)
    answers = Facts.empty()
    found = Candidate(uscc="x", name="示例", area=COUNTY, revenue_yuan=2100 * WAN, submission_id="sub_000001")
    answers.candidates[question] = CandidateFacts((found,), 0, "digest")
    (signal,) = signals_of(candidate, answers, known)
    assert signal.detail["revenue_of_12_months_yuan"] == 2100 * WAN


def test_without_a_report_there_is_nothing_to_ask() -> None:
    assert signal_questions(rule(SignalKind.PROJECT_START), Ledger(())) == ()


def test_only_what_changed_is_written() -> None:
    kept, changed, new = class_d(rated("kept"), rated("changed"), rated("new"))
    active = {kept.signal_id: kept.fingerprint, changed.signal_id: "other", "gone": "fingerprint"}
    changes = signal_changes(active, (kept, changed, new))
    assert {signal.entity for signal in changes.begun} == {"changed", "new"}
    assert changes.ended == ("gone",)
