"""Which rounds a backtest replays: as the submissions came, or every report once with the figures known now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from deploy.replay.journal import JournalRound
from shared.kernel.china_time import end_of_period
from shared.kernel.period import Period


class Vintage(StrEnum):
    """Of which time the figures are."""

    KNOWN = "known"
    FINAL = "final"


def rounds_of(
    vintage: Vintage, rounds: Sequence[JournalRound], periods: Mapping[str, Period], *, until: date
) -> tuple[JournalRound, ...]:
    """Return the rounds to replay, of submissions whose period (by id in `periods`) ends by `until`; none of plans or of days that pass."""
    wanted = {submission_id for submission_id, period in periods.items() if period.end <= until}
    submissions = [one for one in rounds if one.of_submissions]
    if vintage is Vintage.KNOWN:
        return tuple(kept for one in submissions for kept in _with(one, wanted))
    order = [submission_id for one in submissions for submission_id in one.submission_ids if submission_id in wanted]
    return _by_period(dict.fromkeys(order), periods)


def _with(one: JournalRound, wanted: Iterable[str]) -> tuple[JournalRound, ...]:
    """Return the round with the wanted submissions alone and their rows that came late; nothing when there are none."""
    ids = [submission_id for submission_id in one.submission_ids if submission_id in wanted]
    rows = [f"{submission_id}:{row}" for submission_id in ids for row in one.unparked.get(submission_id, ())]
    return (replace(one, subjects=(*ids, *rows)),) if ids else ()


def _by_period(submission_ids: Iterable[str], periods: Mapping[str, Period]) -> tuple[JournalRound, ...]:
    """Return a round for each end of a period: all that was ever said of it comes at once, when it is over."""
    ordered = sorted(submission_ids, key=lambda submission_id: periods[submission_id].end)
    grouped = groupby(ordered, key=lambda submission_id: periods[submission_id].end)
    groups = [tuple(group) for _, group in grouped]
    return tuple(
        JournalRound(
            number=number,
            at=end_of_period(periods[group[0]]),
            cities=(),
            cause="submissions",
            subjects=group,
            correlation_id="backtest",
        )
        for number, group in enumerate(groups, start=1)
    )
