"""Which source's figure governs: the best authority's, then the final one, then the newest."""

from dataclasses import replace
from itertools import permutations

import pytest

from services.rules.domain.facts import FigureFact
from services.rules.domain.figure_sources import ruling_of
from tests.contracts.rules_figures import published
from tests.contracts.rules_rows import cell

OF_JUNE = cell("profit-growth", "2024-06", measure="growth", basis="ytd")


def stated(source: str, value: str, *, rank: int | None, sequence: int, status: str = "final") -> FigureFact:
    return published(OF_JUNE, value, source=source, rank=rank, sequence=sequence, status=status)


def gone(fact: FigureFact) -> FigureFact:
    return replace(fact, version=replace(fact.version, removed=True))


BUREAU = stated("bureau", "7.6", rank=20, sequence=1)
CITY_BUREAU = stated("city", "7.5", rank=30, sequence=3)
PRESS = stated("press", "6.3", rank=170, sequence=5)
FORUM = stated("forum", "9.9", rank=None, sequence=9)


@pytest.mark.parametrize(
    ("statements", "order"),
    [
        pytest.param((BUREAU, CITY_BUREAU, PRESS), "bureau city press", id="the best authority, however old"),
        pytest.param((PRESS, FORUM), "press forum", id="who is not ranked comes last"),
        pytest.param(
            (replace(BUREAU, status="provisional"), CITY_BUREAU), "bureau city", id="authority goes before status"
        ),
        pytest.param(
            (BUREAU, replace(CITY_BUREAU, rank=20, status="provisional")), "bureau city", id="of equals the final one"
        ),
        pytest.param((BUREAU, replace(CITY_BUREAU, rank=20)), "city bureau", id="of equals the newest"),
        pytest.param((gone(BUREAU), PRESS), "press", id="a removal hides no other source's figure"),
        pytest.param((gone(BUREAU),), "", id="a removal states nothing"),
        pytest.param((), "", id="nothing was ever stated"),
    ],
)
def test_the_governing_statement_comes_first_in_any_order(statements: tuple[FigureFact, ...], order: str) -> None:
    for arrived in permutations(statements):
        ruling = ruling_of(arrived)
        ranked = [*([ruling.governing] if ruling.governing else []), *ruling.others]
        assert " ".join(one.source for one in ranked) == order


def test_a_correction_by_a_lower_authority_never_replaces_a_higher_ones_figure() -> None:
    corrected = stated("press", "5.5", rank=170, sequence=100)
    assert ruling_of([BUREAU, corrected]).governing is BUREAU


def test_with_final_only_the_best_final_statement_governs_and_provisional_ones_stand_beside_it() -> None:
    early = replace(BUREAU, status="provisional")
    ruling = ruling_of([PRESS, early], final_only=True)
    assert (ruling.governing, ruling.others, ruling.conflicting) == (PRESS, (early,), (early,))
    assert ruling_of([early], final_only=True).governing is None


def test_equal_values_do_not_conflict_and_another_unit_does() -> None:
    same = replace(CITY_BUREAU, value=BUREAU.value)
    assert ruling_of([BUREAU, same]).conflicting == ()
    in_other_unit = replace(same, unit="亿元")
    assert ruling_of([BUREAU, in_other_unit]).conflicting == (in_other_unit,)
