"""Asks the store each question of an evaluation once."""

from collections.abc import Iterable
from typing import assert_never

from services.rules.application.ports import FactStore
from services.rules.domain.facts import (
    Facts,
    FiguresQuestion,
    MembersQuestion,
    ProjectsQuestion,
    Question,
    RatingsQuestion,
    RecognitionsQuestion,
)
from services.rules.domain.firm_facts import (
    CandidatesQuestion,
    RegisterQuestion,
    RegisterTotalsQuestion,
    RevenueFact,
    RevenueQuestion,
)


async def gather_facts(store: FactStore, questions: Iterable[Question]) -> Facts:
    """Return the answers to the questions."""
    facts = Facts.empty()
    distinct = dict.fromkeys(questions)
    for question in distinct:
        await _ask(store, question, facts)
    cells = {cell for question in distinct if isinstance(question, FiguresQuestion) for cell in question.cells}
    if cells:
        facts.figures.update(await store.figures(cells))
    facts.revenues.update(await _revenues(store, [one for one in distinct if isinstance(one, RevenueQuestion)]))
    return facts


async def _ask(store: FactStore, question: Question, facts: Facts) -> None:
    match question:
        case ProjectsQuestion():
            facts.projects[question] = await store.projects(question)
        case RatingsQuestion():
            facts.ratings[question] = await store.class_d(question)
        case RecognitionsQuestion():
            facts.recognitions[question] = await store.recognitions(question)
        case FiguresQuestion() | RevenueQuestion():
            pass  # asked together
        case _:
            await _ask_of_register(store, question, facts)


async def _ask_of_register(
    store: FactStore,
    question: RegisterTotalsQuestion | RegisterQuestion | CandidatesQuestion | MembersQuestion,
    facts: Facts,
) -> None:
    match question:
        case RegisterTotalsQuestion():
            facts.register[question] = await store.register_totals(question)
        case RegisterQuestion():
            facts.moves[question] = await store.register_moves(question)
        case CandidatesQuestion():
            facts.candidates[question] = await store.candidates(question)
        case MembersQuestion():
            facts.members[question] = await store.register_members(question)
        case unreachable:
            assert_never(unreachable)


async def _revenues(
    store: FactStore, questions: list[RevenueQuestion]
) -> dict[RevenueQuestion, tuple[RevenueFact, ...]]:
    """Answer the lines of one report with one scan, for the lowest of them; higher lines take their part of it."""
    lowest: dict[tuple[str, object], RevenueQuestion] = {}
    for question in questions:
        known = lowest.get((question.city, question.period))
        if known is None or question.at_least_yuan < known.at_least_yuan:
            lowest[question.city, question.period] = question
    answers = {key: await store.revenues(question) for key, question in lowest.items()}
    return {
        question: tuple(
            fact for fact in answers[question.city, question.period] if fact.largest_yuan >= question.at_least_yuan
        )
        for question in questions
    }
