"""Reports, corrections and removals of every feed, rows that were parked and sent again, findings late, doubled and out of order:
both services end as if everything had come once and in order.
"""

import asyncio
import random
from collections.abc import Iterable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.application.receive_batch import ParkRow, park_row
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import FeedRow
from tests.contracts.rules_rows import T0
from tests.contracts.rules_scenario import CATALOGUE, random_submissions
from tests.contracts.rules_sources import RANKS
from tests.fakes.chain import Chain, Event, end_of, events_of

Step = tuple[Event, bool]
"""A message as it arrives, and whether it cannot be read this time."""

LOADED = asyncio.run(Chain.loaded(CATALOGUE, ranks=RANKS))


def steps_of(events: Sequence[Event], dice: random.Random) -> Iterable[Step]:
    """Yield every message once in any order; some rows cannot be read at first and come again later."""
    shuffled: list[Step] = [(event, False) for event in dice.sample(events, k=len(events))]
    for event in events:
        if not isinstance(event, Announcement) and dice.random() < 0.2:
            place = next(number for number, (other, _) in enumerate(shuffled) if other is event)
            shuffled.insert(dice.randint(0, place), (event, True))
    return shuffled


async def take(chain: Chain, event: Event, *, parked: bool) -> None:
    if parked and not isinstance(event, Announcement):
        await park(chain, event)
    else:
        await chain.receive([event])


async def park(chain: Chain, row: FeedRow) -> None:
    command = ParkRow(submission_id=row.origin.submission_id, row_number=row.origin.row_number)
    async with chain.rules.transaction() as stores:
        await park_row(stores, command, now=T0)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 12))
async def test_any_reports_end_in_the_same_facts_verdicts_and_alerts(seed: int, count: int) -> None:
    dice = random.Random(seed)  # noqa: S311  a test's dice
    pushes = random_submissions(dice, count)
    straight = LOADED.fork()
    await straight.push(*pushes)

    chain = LOADED.fork()
    for event, parked in steps_of(events_of(pushes), dice):
        await take(chain, event, parked=parked)
    told = chain.rules.state.findings
    late = [*told, *(dice.choices(told, k=3) if told else [])]
    dice.shuffle(late)
    for finding in late:
        await chain.deliver([finding])
    assert end_of(chain) == end_of(straight)
