"""Five revisions of one cell end the same in all 120 orders: facts, verdicts, signals, forecasts, findings and alerts."""

import pytest

from tests.contracts.rules_revisions import REVISED, REVISIONS, Revisions, surroundings
from tests.contracts.rules_rows import Push
from tests.contracts.rules_sources import RANKS
from tests.fakes.chain import Chain, ChainEnd, end_of


async def _surrounded() -> Chain:
    chain = await Chain.loaded(REVISED, ranks=RANKS)
    await chain.push(*surroundings())
    return chain


async def _ends(chain: Chain, pushes: tuple[Push, ...]) -> list[ChainEnd]:
    """Return the end of every order; orders that begin alike share their beginning."""
    if not pushes:
        return [end_of(chain)]
    ends: list[ChainEnd] = []
    for number, first in enumerate(pushes):
        branch = chain.fork()
        await branch.push(first)
        ends += await _ends(branch, (*pushes[:number], *pushes[number + 1 :]))
    return ends


@pytest.mark.parametrize("revisions", REVISIONS.values(), ids=REVISIONS)
async def test_all_orders_of_five_revisions_of_a_cell_end_the_same(revisions: Revisions) -> None:
    ends = await _ends(await _surrounded(), revisions.pushes())
    assert len(ends) == 120
    assert set(ends) == {ends[0]}


@pytest.mark.parametrize("revisions", REVISIONS.values(), ids=REVISIONS)
async def test_the_revisions_matter(revisions: Revisions) -> None:
    """Each cell decides: some of its revisions begins, changes or ends an alert."""
    chain = await _surrounded()
    alerts = [end_of(chain).alerts]
    for one in revisions.pushes():
        await chain.push(one)
        alerts.append(end_of(chain).alerts)
    assert len(set(alerts)) > 1
