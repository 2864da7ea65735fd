from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.rules.domain.evidence import Evidence
from services.rules.domain.finding import Finding, FindingHead, next_sequence
from services.rules.domain.in_force import InForce
from services.rules.domain.judged import Judged, VerdictHead, head_of, judged_of
from services.rules.domain.lagging import lagging_outcome
from services.rules.domain.review import Review, finding_of
from services.rules.domain.status import Status
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory
from services.rules.domain.verdict import Verdict, judge
from services.rules.domain.wording import Reason
from shared.kernel.period import Period
from tests.contracts.rules_rows import period
from tests.contracts.rules_targets import target
from tests.fakes.rules import told_of

JUDGED = target("60")
MARCH, APRIL, MAY = period("2024-03"), period("2024-04"), period("2024-05")
PARKED = Reason("rows_parked", "有1行数据无法读取", "1 row could not be read")


def verdicts(actuals: Mapping[Period, int | None], judged: Target = JUDGED) -> dict[Period, Verdict]:
    """Of None there is no figure. By March 15 are due, by April 20, by May 25."""
    return {
        when: judge(judged, Evidence(actual=None if actual is None else Fraction(actual)), period=when)
        for when, actual in actuals.items()
    }


def find(
    now: Mapping[Period, Verdict],
    before: Mapping[Period, Verdict] | None = None,
    told: FindingHead | None = None,
    *,
    is_waiting: bool = False,
    history: TargetHistory | None = None,
) -> Finding | None:
    review = Review(
        history=history or TargetHistory((JUDGED,)),
        heads=_heads(now),
        before=_heads(before or {}),
        told=told,
        is_waiting=is_waiting,
    )
    outcome = lagging_outcome(review)
    if outcome is None:
        return None
    judged: dict[str, Judged] = {one.verdict_id: judged_of(one) for one in now.values()}
    return finding_of(outcome, judged)


def _heads(found: Mapping[Period, Verdict]) -> dict[Period, VerdictHead]:
    return {when: head_of(verdict) for when, verdict in found.items()}


def found(*args: object, **kwargs: object) -> Finding:
    finding = find(*args, **kwargs)  # type: ignore[arg-type]
    assert finding is not None
    return finding


def test_a_target_that_never_was_in_breach_is_not_told_of() -> None:
    assert find(verdicts({MARCH: 15})) is None


def test_a_breach_that_figures_of_its_own_period_show_is_not_retroactive() -> None:
    finding = found(verdicts({MARCH: 10}))
    assert finding.is_breach
    assert [one.retroactive for one in finding.runs] == [False]


def test_a_breach_found_by_a_correction_of_its_period_is_retroactive() -> None:
    finding = found(verdicts({MARCH: 10}), verdicts({MARCH: 15}))
    assert [one.retroactive for one in finding.runs] == [True]


def test_a_breach_before_a_period_that_was_judged_already_is_retroactive_and_has_ended() -> None:
    finding = found(verdicts({MARCH: 10, APRIL: 20}), verdicts({APRIL: 20}))
    assert not finding.is_breach
    assert [(one.run.ended_by, one.retroactive) for one in finding.runs] == [(APRIL, True)]
    assert (finding.period, next_sequence(None, finding)) == (APRIL, 1)


def test_a_breach_after_silence_is_not_retroactive() -> None:
    finding = found(verdicts({MARCH: 10}), verdicts({MARCH: None}))
    assert [one.retroactive for one in finding.runs] == [False]


def test_how_a_breach_was_discovered_is_remembered_while_it_lasts() -> None:
    retroactive = found(verdicts({MARCH: 10}), verdicts({MARCH: 15}))
    later = found(verdicts({MARCH: 10, APRIL: 11}), verdicts({MARCH: 10}), told_of(retroactive))
    assert [(one.run.until, one.retroactive) for one in later.runs] == [(APRIL, True)]


def test_a_correction_that_removes_a_breach_says_how_its_last_period_is_judged_now() -> None:
    breach = found(verdicts({MARCH: 10}))
    now = found(verdicts({MARCH: 16}), verdicts({MARCH: 10}), told_of(breach))
    assert (now.is_breach, now.runs) == (False, ())
    (corrected,) = now.corrected
    assert corrected.judged is not None
    assert (corrected.since, corrected.judged.status) == (MARCH, Status.ON_PACE)
    assert corrected.judged.actual == Decimal(16)


def test_recovery_by_a_later_period_is_no_correction() -> None:
    breach = found(verdicts({MARCH: 10}))
    recovered = found(verdicts({MARCH: 10, APRIL: 20}), verdicts({MARCH: 10}), told_of(breach))
    assert (recovered.is_breach, recovered.corrected) == (False, ())
    assert [one.run.ended_by for one in recovered.runs] == [APRIL]


def test_a_breach_whose_figure_was_withdrawn_is_corrected_though_nothing_says_good() -> None:
    breach = found(verdicts({MARCH: 10}))
    now = found(verdicts({MARCH: None}), verdicts({MARCH: 10}), told_of(breach))
    assert (now.period, now.is_breach) == (MARCH, False)
    assert [one.judged.status for one in now.corrected if one.judged] == [Status.NO_DATA]


def test_what_waits_for_parked_rows_takes_nothing_back() -> None:
    breach = told_of(found(verdicts({MARCH: 10})))
    doubtful = {MARCH: judge(JUDGED, Evidence(doubts=(PARKED,)), period=MARCH)}
    assert find(doubtful, verdicts({MARCH: 10}), breach, is_waiting=True) is None
    assert found(doubtful, verdicts({MARCH: 10}), breach).corrected != ()


def test_a_breach_without_new_figures_is_stale_since_the_first_period_without() -> None:
    finding = found(verdicts({MARCH: 10, APRIL: None, MAY: None}))
    assert (finding.is_breach, finding.period, finding.stale_since) == (True, MARCH, APRIL)


def test_a_breach_is_told_again_when_what_it_says_changed_and_only_then() -> None:
    first = found(verdicts({MARCH: 10}))
    assert next_sequence(told_of(first, 4), found(verdicts({MARCH: 10}), told=told_of(first))) is None
    assert next_sequence(told_of(first, 4), found(verdicts({MARCH: 9}), told=told_of(first))) == 5
    assert next_sequence(told_of(first, 4), found(verdicts({MARCH: 10, APRIL: None}), told=told_of(first))) == 5


def test_a_clear_state_is_told_again_only_when_a_breach_of_the_past_changed() -> None:
    cleared = found(verdicts({MARCH: 10, APRIL: 20}))
    later = verdicts({MARCH: 10, APRIL: 20, MAY: 26})
    assert next_sequence(told_of(cleared, 2), found(later, told=told_of(cleared))) is None
    worse = verdicts({MARCH: 9, APRIL: 20, MAY: 26})
    assert next_sequence(told_of(cleared, 2), found(worse, told=told_of(cleared))) == 3


def test_another_row_version_behind_equal_numbers_is_not_told_again() -> None:
    finding = found(verdicts({MARCH: 10}))
    assert finding.judged is not None
    other = replace(finding, judged=replace(finding.judged, verdict_id="verdict_other"))
    assert next_sequence(told_of(finding), other) is None


def test_a_target_that_its_plan_dropped_takes_no_breach_back_and_says_why_none_goes_on() -> None:
    dropped = replace(JUDGED, in_force=InForce(until=date(2024, 4, 1)))
    breach = told_of(found(verdicts({MARCH: 10})))
    now = verdicts({MARCH: 10}, dropped)
    finding = found(now, now, breach, history=TargetHistory((dropped,)))
    assert (finding.is_breach, finding.runs, finding.corrected) == (False, (), ())
    assert finding.judged is not None
    assert finding.judged.reasons[0].code == "target_withdrawn"
