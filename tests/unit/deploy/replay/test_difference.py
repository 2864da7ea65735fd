"""What is written when one difference becomes another."""

from dataclasses import replace

from deploy.replay.difference import changes_between, difference_of, totals_of
from deploy.replay.openings import Pair
from tests.unit.deploy.replay.test_openings import BASE

ADDED, SAME = Pair(None, BASE), Pair(BASE, BASE)
ELSEWHERE = Pair(None, replace(BASE, key=replace(BASE.key, area="321322")))


def test_pairs_of_a_target_are_numbered_in_their_order() -> None:
    assert difference_of([ADDED, SAME, ELSEWHERE]) == {
        (BASE.key, 1): ADDED,
        (BASE.key, 2): SAME,
        (ELSEWHERE.shown.key, 1): ELSEWHERE,
    }


def test_only_what_changed_is_written() -> None:
    before = difference_of([ADDED, ELSEWHERE])
    assert changes_between({}, before).new == before
    unchanged = changes_between(before, before)
    assert (unchanged.gone, unchanged.new) == ((), {})
    raised = changes_between(before, difference_of([SAME, ELSEWHERE]))
    assert (raised.gone, raised.new) == ((), {(BASE.key, 1): SAME})
    fewer = changes_between(before, difference_of([ADDED]))
    assert (fewer.gone, fewer.new) == (((ELSEWHERE.shown.key, 1),), {})


def test_a_light_that_changed_is_written_again() -> None:
    worse = Pair(BASE, replace(BASE, worst="red"))
    assert changes_between(difference_of([SAME]), difference_of([worse])).new == {(BASE.key, 1): worse}


def test_every_outcome_is_counted() -> None:
    assert totals_of([ADDED, ELSEWHERE, SAME]) == {"added": 2, "lost": 0, "severity": 0, "dates": 0, "same": 1}
