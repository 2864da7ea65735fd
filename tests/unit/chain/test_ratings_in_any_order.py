"""Whatever ratings come, are corrected and taken back, in whatever order: the alerts of an area are its runs of rounds with a D."""

import random
from collections.abc import Iterable
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.domain.alert import State
from services.rules.application.catalogue import Catalogue
from services.rules.domain.feed import Feed
from services.rules.domain.signal import SignalKind
from tests.contracts.rules_rows import Push, gone_rating, push, rating
from tests.contracts.rules_targets import rule
from tests.fakes.chain import Chain, events_of

YEARS, FIRMS, AREAS = (2020, 2021, 2022, 2023), ("a", "b", "c"), ("321322", "321323")
CATALOGUE = Catalogue((), (rule(SignalKind.CLASS_D_FINAL, alert=True),))
Rated = tuple[str, int, str | None, str, str]
"""A firm, a round, its class (None: taken back), the stage and the area."""

RATED = st.tuples(
    st.sampled_from(FIRMS),
    st.sampled_from(YEARS),
    st.sampled_from(["D", "D", "A", None]),
    st.sampled_from(["final", "final", "objected"]),
    st.sampled_from(AREAS),
)


def pushed(rated: Rated, sequence: int) -> Push:
    uscc, year, class_, stage, area = rated
    row = gone_rating(uscc, year) if class_ is None else rating(uscc, year, class_, stage=stage, area=area)
    return push(Feed.RATINGS, "2024-07", [row], sequence=sequence)


def breaches(history: Iterable[Rated]) -> set[tuple[str, str, str, bool]]:
    """The last version of each rating holds; a round is published when it has any final one, a run ends with one without D."""
    current = {(uscc, year): (class_, stage, area) for uscc, year, class_, stage, area in history}
    final = {key: held for key, held in current.items() if held[0] is not None and held[1] == "final"}
    rounds = sorted({year for _, year in final})
    found: set[tuple[str, str, str, bool]] = set()
    for area in AREAS:
        held: list[int] = []
        for year in rounds:
            if any(one == year and rated[0] == "D" and rated[2] == area for (_, one), rated in final.items()):
                held.append(year)
            elif held:
                found.add((area, f"{held[0]}", f"{held[-1]}", False))
                held = []
        if held:
            found.add((area, f"{held[0]}", f"{held[-1]}", True))
    return found


def standing(chain: Chain) -> list[tuple[str, str, str, bool]]:
    return sorted(
        (alert.key.area, alert.run.since, alert.run.until, alert.is_active)
        for alert in chain.alerts.held.alerts.values()
        if alert.state is not State.RETRACTED
    )


@settings(max_examples=150, deadline=None)
@given(history=st.lists(RATED, min_size=1, max_size=8), seed=st.integers(0, 2**32))
async def test_alerts_of_ratings_end_as_the_rounds_stand(history: list[Rated], seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  a test's dice
    pushes = [pushed(rated, sequence) for sequence, rated in enumerate(history, start=1)]
    dice.shuffle(pushes)
    chain = await Chain.loaded(CATALOGUE)
    for one in pushes:
        await chain.receive(events_of([one]))
    told = chain.rules.state.findings
    delivered = [*told, *(dice.choices(told, k=3) if told else [])]
    dice.shuffle(delivered)
    for finding in delivered:
        await chain.deliver([finding])
    assert standing(chain) == sorted(breaches(history))


async def test_a_correction_of_ratings_that_alerts_hears_of_after_a_later_one_takes_the_alert_back() -> None:
    history: tuple[Rated, ...] = (
        ("a", 2021, "D", "final", AREAS[0]),
        ("b", 2022, "A", "final", AREAS[0]),
        ("a", 2021, "A", "final", AREAS[0]),
        ("a", 2023, "D", "final", AREAS[0]),
    )
    before = await Chain.loaded(CATALOGUE)
    for sequence, rated in enumerate(history, start=1):
        await before.receive(events_of([pushed(rated, sequence)]))
    for order in permutations(before.rules.state.findings):
        chain = before.fork()
        for finding in order:
            await chain.deliver([finding])
        assert standing(chain) == [(AREAS[0], "2023", "2023", True)]
