"""Rounds of the journal: which a city needs, and which rows came late."""

from datetime import UTC, date, datetime

from deploy.replay.journal import JournalRound, late_rows, rounds_for


def round_of(number: int, *subjects: str, cause: str = "submissions") -> JournalRound:
    return JournalRound(
        number=number,
        at=datetime(2026, 1, 1, 0, number, tzinfo=UTC),
        cities=("321300",),
        cause=cause,
        subjects=subjects,
        correlation_id="c",
    )


def test_a_round_names_its_submissions_and_the_rows_that_had_been_parked() -> None:
    one = round_of(1, "sub_a", "sub_b", "sub_b:7", "sub_b:12")
    assert one.submission_ids == ("sub_a", "sub_b")
    assert one.unparked == {"sub_b": (7, 12)}
    assert (one.of_plans, one.plan_versions) == (False, ())


def test_a_round_of_plans_names_their_versions() -> None:
    one = round_of(1, "plan-2024@2", "authorities", cause="plans")
    assert (one.plan_versions, one.submission_ids, one.unparked) == (("plan-2024@2",), (), {})


def test_a_round_of_a_day_names_the_day_and_no_submission() -> None:
    one = round_of(1, "2026-01-15", "calendar@0123456789ab", cause="tick")
    assert (one.day, one.submission_ids, one.plan_versions, one.unparked) == (date(2026, 1, 15), (), (), {})
    assert (one.of_plans, one.of_submissions) == (False, False)


def test_a_row_is_late_when_its_submission_was_evaluated_without_it_before() -> None:
    rounds = [round_of(1, "a", "a:1"), round_of(2, "b"), round_of(3, "a", "b", "a:2", "b:1"), round_of(4, "a", "a:3")]
    assert late_rows(rounds) == {"a": frozenset({2, 3}), "b": frozenset({1})}


def test_a_round_is_kept_whole_with_all_rounds_of_its_submissions() -> None:
    rounds = [
        round_of(1, "plan@1", cause="plans"),
        round_of(2, "other"),
        round_of(3, "foreign"),
        round_of(4, "wanted", "other"),
    ]
    assert [one.number for one in rounds_for(rounds, {"wanted"})] == [1, 2, 4]
    assert [one.number for one in rounds_for(rounds, ())] == [1]
