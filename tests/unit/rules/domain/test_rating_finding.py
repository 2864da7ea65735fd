from collections.abc import Mapping
from datetime import date

import pytest

from services.rules.domain.alerting import Severity
from services.rules.domain.facts import ClassDFacts, RatingFact
from services.rules.domain.finding import Finding, FindingHead, FindingKey, FindingKind, next_sequence
from services.rules.domain.ledger import Ledger
from services.rules.domain.rating_finding import rating_findings, runs_of_rounds
from services.rules.domain.signal import SignalKind
from tests.contracts.rules_rows import COUNTY, period
from tests.contracts.rules_targets import rule
from tests.fakes.rules import told_of

RULE = rule(SignalKind.CLASS_D_FINAL, alert=True)


def rated(uscc: str, year: int = 2023, area: str = COUNTY) -> RatingFact:
    return RatingFact(
        uscc=uscc,
        year=year,
        name=f"示例企业{uscc}",
        area=area,
        published_on=date(year + 1, 7, 20),
        score=None,
        submission_id="sub_000001",
    )


def findings(
    *firms: RatingFact, rounds: tuple[int, ...] = (2023,), told: Mapping[FindingKey, FindingHead] | None = None
) -> tuple[Finding, ...]:
    return rating_findings(RULE, ClassDFacts(rounds, firms), told or {}, ledger=Ledger(()))


def test_class_d_firms_are_listed_by_area() -> None:
    found = findings(rated("a"), rated("b"), rated("c", area="321323"))
    assert [(one.key.area, [subject.entity for subject in one.subjects]) for one in found] == [
        (COUNTY, ["a", "b"]),
        ("321323", ["c"]),
    ]
    assert {one.severity for one in found} == {Severity.YELLOW}
    assert found[0].subjects[0].detail == "2023年度评价结果D类（终评）"


def test_one_more_firm_is_told_again() -> None:
    (one,) = findings(rated("a"))
    (two,) = findings(rated("a"), rated("b"))
    assert next_sequence(told_of(one), two) == 2


def test_an_area_without_class_d_firms_left_in_the_round_was_told_wrongly() -> None:
    (breach,) = findings(rated("a"))
    (now,) = findings(told={breach.key: told_of(breach)})
    assert (now.is_breach, now.runs, now.key) == (False, (), FindingKey(RULE.id, COUNTY, FindingKind.RATING_D))
    assert [one.since for one in now.corrected] == [period("2023")]
    assert next_sequence(told_of(breach), now) == 2
    (again,) = findings(told={breach.key: told_of(now, 2)})
    assert next_sequence(told_of(now, 2), again) is None


def test_the_next_round_without_a_d_ends_the_breach() -> None:
    (breach,) = findings(rated("a"))
    (now,) = findings(rated("a"), rounds=(2023, 2024), told={breach.key: told_of(breach)})
    assert (now.is_breach, now.corrected, now.subjects) == (False, (), ())
    assert [found.run.ended_by for found in now.runs] == [period("2024")]


def test_the_next_round_with_other_firms_goes_on_and_lists_them_alone() -> None:
    (now,) = findings(rated("a"), rated("b", 2024), rounds=(2023, 2024))
    assert (str(now.since), str(now.period), [one.entity for one in now.subjects]) == ("2023", "2024", ["b"])


def test_a_round_that_went_back_altogether_leaves_what_was_told_of_it_corrected() -> None:
    (breach,) = findings(rated("a"))
    (now,) = findings(rounds=(), told={breach.key: told_of(breach)})
    assert (now.is_breach, now.period, len(now.corrected)) == (False, period("2023"), 1)


def test_a_d_of_an_earlier_round_found_after_the_next_is_retroactive() -> None:
    (now,) = findings(rated("a", 2022), rounds=(2022, 2023))
    assert [(found.retroactive, found.run.ended_by) for found in now.runs] == [(True, period("2023"))]


@pytest.mark.parametrize(
    ("with_d", "spans"),
    [
        pytest.param(set(), [], id="none"),
        pytest.param({2022}, [("2022", "2022", "2023")], id="ended by the next round"),
        pytest.param({2022, 2023}, [("2022", "2023", "2024")], id="two rounds"),
        pytest.param({2022, 2024}, [("2022", "2022", "2023"), ("2024", "2024", "None")], id="again"),
    ],
)
def test_runs_are_of_published_rounds(with_d: set[int], spans: list[tuple[str, str, str]]) -> None:
    runs = runs_of_rounds((2022, 2023, 2024), with_d)
    assert [(str(run.since), str(run.until), str(run.ended_by)) for run in runs] == spans
