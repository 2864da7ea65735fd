"""Each question of an evaluation is asked once, and its answer stands under it."""

from datetime import date

from services.rules.application.catalogue import Catalogue
from services.rules.application.gather_facts import gather_facts
from services.rules.domain.facts import (
    RecognitionsQuestion,
)
from services.rules.domain.feed import Feed
from tests.contracts.rules_facts import keep
from tests.contracts.rules_rows import CITY, push, recognition
from tests.fakes.rules import InMemoryDatabase

GIANTS = RecognitionsQuestion(CITY, ("national_giant",), date(2024, 6, 30))
CHAMPIONS = RecognitionsQuestion(CITY, ("champion",), date(2024, 6, 30))


async def test_titles_are_gathered_by_question() -> None:
    titles = push(Feed.RECOGNITIONS, "2024-06", [recognition("a", "national_giant", "第六批")], sequence=1)
    async with InMemoryDatabase(Catalogue((), ())).transaction() as stores:
        await keep(stores, titles)
        facts = await gather_facts(stores.facts, [GIANTS, CHAMPIONS, GIANTS])
    assert {question: [fact.uscc for fact in found] for question, found in facts.recognitions.items()} == {
        GIANTS: ["a"],
        CHAMPIONS: [],
    }
