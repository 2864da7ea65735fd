"""How old every expected feed is."""

from datetime import date

from services.ingest.application.ports import FeedStates
from services.ingest.domain.feed_age import DueOn, FeedAge, age_of
from shared.kernel.period import Period


async def feed_ages(states: FeedStates, *, today: date, due_on: DueOn) -> list[tuple[str, str, FeedAge]]:
    """Return city, feed and age of every feed that a key makes expected."""
    return [
        (
            state.city,
            state.feed,
            age_of(
                state.feed,
                Period.parse(state.newest_period) if state.newest_period is not None else None,
                expected_since=state.expected_since.date(),
                today=today,
                due_on=due_on,
            ),
        )
        for state in await states.list_states()
    ]
