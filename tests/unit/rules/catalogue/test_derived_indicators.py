"""Every indicator that planwatch computes itself, worked out by hand for the made-up city of `feed.py`.

The numbers of `expected.csv` come from the indicators' definitions, not from running the software; its last column names the
rows that make them up and those that nearly do.
"""

import pytest

from services.rules.application.catalogue import Catalogue
from services.rules.application.gather_facts import gather_facts
from services.rules.domain.signal import SignalKind, signal_questions, signals_of
from tests.contracts.rules_facts import keep
from tests.contracts.rules_rows import CITY
from tests.contracts.rules_targets import rule
from tests.fakes.rules import InMemoryDatabase
from tests.fakes.rules_feed import evidence_from
from tests.unit.rules.catalogue.feed import pushes
from tests.unit.rules.catalogue.plan import Expected, derived_indicators, expected_figures, targets_for

EXPECTED = expected_figures()
DERIVED = derived_indicators()
TARGETS = targets_for(EXPECTED, DERIVED)
PUSHES = pushes()


def test_every_derived_indicator_has_its_line_and_every_line_its_indicator() -> None:
    assert {one.indicator for one in EXPECTED} == DERIVED.keys()


@pytest.mark.parametrize("figure", EXPECTED, ids=lambda one: f"{one.slug} at {one.period}")
async def test_a_derived_indicator_gives_the_number_its_definition_gives(figure: Expected) -> None:
    target = TARGETS[figure.target_id]
    found = await evidence_from(target, figure.period, *PUSHES)
    assert (found.actual, target.unit, found.missing, found.doubts) == (figure.number, figure.unit, (), ())


async def test_the_net_increase_of_a_year_is_not_known_in_its_own_january_and_february() -> None:
    net = next(
        one for one in TARGETS.values() if one.indicator.id == "net-above-scale-firms" and one.horizon.year == 2025
    )
    found = await evidence_from(net, "2025-01/P2M", *PUSHES)
    assert (found.actual, [reason.code for reason in found.missing]) == (None, ["statistical_year_not_begun"])


async def test_class_d_firms_are_those_finally_rated_d_in_the_last_published_round() -> None:
    class_d = rule(SignalKind.CLASS_D_FINAL, alert=True)
    async with InMemoryDatabase(Catalogue((), (class_d,))).transaction() as stores:
        await keep(stores, *PUSHES)
        known = await stores.facts.ledger(CITY)
        facts = await gather_facts(stores.facts, signal_questions(class_d, known))
    signals = signals_of(class_d, facts, known)
    assert [(one.entity, one.occasion) for one in signals] == [("d10", "2024"), ("d2", "2024")]
