"""As the submissions came, or every report once: which rounds a backtest replays."""

from datetime import UTC, date, datetime

from deploy.replay.journal import JournalRound
from deploy.replay.vintage import Vintage, rounds_of
from shared.kernel.period import Period

PERIODS = {
    name: Period.parse(text) for name, text in (("a", "2025-03"), ("b", "2025-04"), ("q", "2025-Q1"), ("c", "2025-05"))
}
CORRECTION = {"a2": Period.parse("2025-03")}
ALWAYS = date(2030, 1, 1)


def round_of(number: int, *subjects: str, cause: str = "submissions") -> JournalRound:
    return JournalRound(
        number=number,
        at=datetime(2026, 1, 1, 0, number, tzinfo=UTC),
        cities=("321300",),
        cause=cause,
        subjects=subjects,
        correlation_id="c",
    )


ROUNDS = (
    round_of(1, "plan@1", cause="plans"),
    round_of(2, "b"),
    round_of(3, "a", "c"),
    round_of(4, "a2", "q"),
    round_of(5, "c", "a", "c:3", "a:1"),
)


def test_known_keeps_the_rounds_as_they_were_but_those_of_plans() -> None:
    rounds = rounds_of(Vintage.KNOWN, ROUNDS, PERIODS | CORRECTION, until=ALWAYS)
    assert [(one.number, one.at, one.subjects) for one in rounds] == [
        (2, ROUNDS[1].at, ("b",)),
        (3, ROUNDS[2].at, ("a", "c")),
        (4, ROUNDS[3].at, ("a2", "q")),
        (5, ROUNDS[4].at, ("c", "a", "c:3", "a:1")),
    ]


def test_reports_of_later_periods_are_left_out_and_rounds_of_nothing_else_go() -> None:
    rounds = rounds_of(Vintage.KNOWN, ROUNDS, PERIODS | CORRECTION, until=date(2025, 3, 31))
    assert [one.subjects for one in rounds] == [("a",), ("a2", "q"), ("a", "a:1")]


def test_final_brings_all_that_was_ever_said_of_a_period_at_once_when_it_is_over() -> None:
    rounds = rounds_of(Vintage.FINAL, ROUNDS, PERIODS | CORRECTION, until=ALWAYS)
    assert [one.subjects for one in rounds] == [("a", "a2", "q"), ("b",), ("c",)]
    assert [one.at.astimezone(UTC) for one in rounds] == [
        datetime(2025, month, 30 if month == 4 else 31, 16, tzinfo=UTC) for month in (3, 4, 5)
    ]


def test_submissions_that_never_became_complete_are_left_out() -> None:
    assert rounds_of(Vintage.FINAL, [round_of(1, "unknown")], PERIODS, until=ALWAYS) == ()
