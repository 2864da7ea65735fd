"""What rules knows of a target when its feeds hold these rows: in memory, without judging."""

from services.rules.application.catalogue import Catalogue
from services.rules.application.gather_facts import gather_facts
from services.rules.domain.derivation import evidence_of, questions_of
from services.rules.domain.evidence import Evidence
from services.rules.domain.target import Target
from tests.contracts.rules_facts import keep
from tests.contracts.rules_rows import Push, period
from tests.fakes.rules import InMemoryDatabase


async def evidence_from(target: Target, when: str, *pushes: Push) -> Evidence:
    """Return the evidence that complete submissions give at a period."""
    at = period(when)
    async with InMemoryDatabase(Catalogue((target,), ())).transaction() as stores:
        await keep(stores, *pushes)
        known = await stores.facts.ledger(target.place.city)
        facts = await gather_facts(stores.facts, questions_of(target, at, known))
        return evidence_of(target, at, facts, known)
