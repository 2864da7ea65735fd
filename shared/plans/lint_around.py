"""Lint of what a number takes from the words around its quote: its years, that it is yearly, the unit of its table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.plans.document_text import compact
from shared.plans.findings import LintFinding
from shared.plans.horizon import Annual, Horizon
from shared.plans.mention import Stated, Target, Unmonitored
from shared.plans.numerals import years_in
from shared.plans.overlay import Overlay
from shared.plans.schema import Clause, Effective
from shared.plans.spot import Spot

_BY_YEAR = re.compile(r"(?:到|至|展望)((?:19|20)\d\d)年")
_OTHER_SPAN = re.compile(r"[\d一二三四五六七八九十两]+年")
_YEARLY = re.compile(r"每年|年均|每季|每月|每半年|年度|年新增|年净增|全年|逐年|各年|年内|当年|本年")
_DIGITS = (
    "[0〇○零]",
    *(f"[{digit}{character}]" for digit, character in zip("123456789", "一二三四五六七八九", strict=True)),
)


@dataclass(frozen=True, slots=True)
class _Surrounding:
    """A clause's words, those of its chapter, and the whole document's."""

    clause: str
    chapter: str
    document: str
    is_table: bool


def lint_around(overlay: Overlay, effective: Effective) -> Iterator[LintFinding]:
    """Find numbers whose years, rhythm or unit the words around them contradict."""
    text = overlay.text.compact
    for place in overlay.places:
        if place.clause is not None:
            around = _Surrounding(
                text[place.span.start : place.span.end],
                text[place.chapter.start : place.chapter.end],
                text,
                place.clause.kind == "table",
            )
            yield from _lint_numbers(place.clause, place.spot, around, effective)
            yield from _lint_facts(place.clause, place.spot, around)


def _lint_numbers(clause: Clause, here: Spot, around: _Surrounding, effective: Effective) -> Iterator[LintFinding]:
    for key in ("targets", "restatements", "unmonitored"):
        entries: tuple[Stated, ...] = getattr(clause, key)
        for index, entry in enumerate(entries):
            spot = here.below(key, index)
            if around.is_table and entry.value is not None and compact(entry.as_written) not in around.clause:
                yield _no_unit(entry, spot)
            if isinstance(entry, Target | Unmonitored) and entry.horizon is not None:
                yield from _lint_horizon(entry, entry.horizon, spot.below("horizon"), around, effective)
            if isinstance(entry, Target):
                yield from _lint_path(entry, spot, around)


def _no_unit(entry: Stated, spot: Spot) -> LintFinding:
    unit = entry.as_written
    return spot.find(
        "unit.quote",
        f"表中没有单位“{unit}”：改正 unit；原文不写单位或写法不同的，用 unit_written 照抄",
        f"the table has no {unit!r}: correct `unit`, or copy the document's own into `unit_written`",
        "unit",
    )


# ---- years ------------------------------------------------------------------------------------------------------


def _lint_horizon(
    entry: Target | Unmonitored, horizon: Horizon, spot: Spot, around: _Surrounding, effective: Effective
) -> Iterator[LintFinding]:
    if not isinstance(horizon, Annual):
        yield from _lint_year(entry, horizon.year, spot, around, effective)
    elif effective.first_year != effective.last_year and not _YEARLY.search(around.clause):
        yield spot.find(
            "horizon.yearly",
            "条款里没有“每年”“年均”这样的词，期限却是 annual：改用 level_at_year 或 cumulative_by",
            "no word of the clause says that this is so every year: use `level_at_year` or `cumulative_by`",
        )


def _lint_year(
    entry: Target | Unmonitored, year: int, spot: Spot, around: _Surrounding, effective: Effective
) -> Iterator[LintFinding]:
    """到2025年 holds for what follows it in its clause, until a quote names another time itself."""
    quote = compact(entry.quote)
    named = _BY_YEAR.findall(quote)
    if not named and (_OTHER_SPAN.search(quote) or years_in(quote)):
        return
    said = named or _BY_YEAR.findall(around.clause[: around.clause.find(quote)])
    milestones = entry.milestones if isinstance(entry, Target) else ()
    if said and int(said[-1]) not in {year, *(milestone.year for milestone in milestones)}:
        yield spot.find(
            "horizon.text",
            f"原文此处说的是{said[-1]}年，期限却是{year}年：改正年份，或把写着年份的字引全",
            f"the document speaks of {said[-1]} here, the horizon is {year}: correct it, or quote the words that hold the year",
        )
    elif not said and year != effective.last_year:
        yield from _lint_written(year, around.clause if around.is_table else around.document, spot)


def _lint_path(target: Target, spot: Spot, around: _Surrounding) -> Iterator[LintFinding]:
    if target.baseline is not None:
        yield from _lint_written(
            target.baseline.year, around.clause if around.is_table else around.document, spot.below("baseline", "year")
        )
    for index, milestone in enumerate(target.milestones):
        yield from _lint_written(milestone.year, around.clause, spot.below("milestones", index, "year"))


def _lint_facts(clause: Clause, here: Spot, around: _Surrounding) -> Iterator[LintFinding]:
    for index, fact in enumerate(clause.facts):
        year, words = fact.period[:4], around.clause if around.is_table else around.chapter
        if year.isdigit():
            yield from _lint_written(int(year), words, here.below("facts", index, "period"))


def _lint_written(year: int, words: str, spot: Spot) -> Iterator[LintFinding]:
    if not re.search("".join(_DIGITS[int(digit)] for digit in str(year)), words):
        yield spot.find(
            "year.text",
            f"原文这里没有写{year}年：改正年份",
            f"the document does not speak of {year} here: correct the year",
        )
