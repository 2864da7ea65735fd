"""Lint of a number against its own quote: value, unit and comparing words are the document's."""

from collections.abc import Iterator

from shared.plans.comparison import stated_comparator, word_beside
from shared.plans.document_text import compact
from shared.plans.findings import LintFinding
from shared.plans.mention import Stated
from shared.plans.numerals import Written, is_stated, numbers_in
from shared.plans.spot import Spot
from shared.plans.surroundings import Surroundings

LONGEST_QUOTE = 40
_LONGEST_UNIT = 8


def lint_number(entry: Stated, spot: Spot, surroundings: Surroundings, *, in_table: bool) -> Iterator[LintFinding]:
    """Find what the quote does not say; the unit of a table may stand in its heading."""
    yield from lint_quote(entry.quote, spot)
    for key, value in (("value", entry.value), ("upper", entry.upper)):
        for unit in dict.fromkeys((entry.as_written, entry.unit or "")):
            if value is not None and not is_stated(value, unit, entry.quote):
                yield not_stated(spot.below(key), f"{value:f}{unit}")
    if entry.unit is not None and not surroundings.is_known_unit(entry.unit):
        yield spot.find(
            "unit.unknown",
            f"未知的计量单位“{entry.unit}”：改用 data/units_of_measure.csv 里的写法，或加入其中",
            f"unknown unit {entry.unit!r}: write it as data/units_of_measure.csv does, or add it there",
            "unit",
        )
    elif entry.value is not None and not in_table:
        yield from _lint_unit(entry, spot, surroundings)
    yield from _lint_comparison(entry, spot)


def lint_quote(quote: str, spot: Spot) -> Iterator[LintFinding]:
    """Find a blank quote, and one that is longer than it should be."""
    length = len(compact(quote))
    if length == 0:
        yield spot.find("quote.empty", "引文为空", "the quote is blank", "quote")
    if length > LONGEST_QUOTE:
        yield spot.find(
            "quote.long",
            f"引文 {length} 字，应尽量不超过 {LONGEST_QUOTE} 字",
            f"the quote has {length} characters; {LONGEST_QUOTE} should do",
            "quote",
            severity="warning",
        )


def not_stated(spot: Spot, figure: str) -> LintFinding:
    """Return the finding of a figure that its quote does not hold."""
    return spot.find(
        "value.quote",
        f"引文中没有数值 {figure}：改正数值或单位，或引全原文",
        f"the quote does not state {figure}: correct the value or its unit, or quote the words that hold it",
    )


# ---- unit -------------------------------------------------------------------------------------------------------


def _lint_unit(entry: Stated, spot: Spot, surroundings: Surroundings) -> Iterator[LintFinding]:
    """The unit is the one behind the number; where none is behind it (3-5项, 幅度（%）17) it is somewhere in the quote."""
    unit = compact(entry.as_written)
    behind = [_units_behind(number, surroundings) for number in _places(entry)]
    if not behind or any(_same(unit, found) for units in behind for found in units):
        return
    if () in behind and unit in compact(entry.quote):
        return
    instead = next((units[0] for units in behind if units), None)
    yield spot.find(
        "unit.quote",
        f"引文里数值后面{f'是“{instead}”，' if instead else ''}不是“{unit}”：改正 unit；原文不写单位或写法不同的，用 unit_written 照抄",
        f"the quote {f'has {instead!r}' if instead else 'does not have ' + repr(unit)} behind the number: correct `unit`, or copy "
        'the document\'s own into `unit_written` ("" where it writes none)',
        "unit",
    )


def _units_behind(number: Written, surroundings: Surroundings) -> tuple[str, ...]:
    """Return the units that the words behind a number can be: 亿元 is one, 万亿级 may be 万 or 亿."""
    words = compact(number.after)
    words = words.removeprefix("个") if words.startswith("个百分点") else words
    starts = range(1 + len(words) - len(words.lstrip("万亿")))
    known = (words[start : start + length] for start in starts for length in range(_LONGEST_UNIT, 0, -1))
    return tuple(unit for unit in known if surroundings.is_known_unit(unit))


def _same(unit: str, behind: str) -> bool:
    """Whether a unit is the one behind a number: 2万户 is 20000户, and 百亿级 so many 亿元."""
    return bool(unit) and (behind.endswith(unit) or unit.startswith(behind))


# ---- comparing words --------------------------------------------------------------------------------------------


def _lint_comparison(entry: Stated, spot: Spot) -> Iterator[LintFinding]:
    """Qualifier, comparator and `comparator_stated` say what the words beside the number say."""
    if entry.qualifier is not None and compact(entry.qualifier) not in compact(entry.quote):
        yield spot.find(
            "qualifier.quote",
            f"引文中没有“{entry.qualifier}”",
            f"the quote does not hold {entry.qualifier!r}",
            "qualifier",
        )
        return
    beside = _words_beside(entry)
    if entry.qualifier is None and beside is not None:
        yield spot.find(
            "qualifier.missing",
            f"原文在数值旁写“{beside}”：照抄到 qualifier",
            f"the document writes {beside!r} beside the number: copy it to `qualifier`",
        )
    elif entry.comparator is not None:
        words = entry.qualifier or (entry.quote if entry.value is None else "")
        yield from _lint_comparator(entry, stated_comparator(compact(words)), spot)


def _lint_comparator(entry: Stated, stated: str | None, spot: Spot) -> Iterator[LintFinding]:
    said = entry.comparator_stated or entry.qualifier is not None
    if said and stated is not None and stated != entry.comparator:
        yield spot.find(
            "comparator.words",
            f"原文的词是 {stated} 的意思，这里写 {entry.comparator}：以上、达到是 ge，超、突破是 gt，以下、不超过是 le，低于是 lt",
            f"the document's words mean `{stated}`, not `{entry.comparator}`: 以上 and 达到 are ge, 超 and 突破 gt, "
            "以下 and 不超过 le, 低于 lt",
            "comparator",
        )
    elif entry.comparator_stated and stated is None:
        yield spot.find(
            "comparator.stated",
            "原文没有表示比较的词：comparator_stated 写 false；有的话照抄到 qualifier",
            "no word of the document compares: write `comparator_stated: false`, or copy the word to `qualifier`",
            "comparator_stated",
        )
    elif entry.qualifier is not None and stated is not None and not entry.comparator_stated:
        yield spot.find(
            "comparator.stated",
            f"“{entry.qualifier}”就是比较：comparator_stated 写 true",
            f"{entry.qualifier!r} does compare: write `comparator_stated: true`",
            "comparator_stated",
        )
    elif entry.comparator in {"gt", "lt"} and not entry.comparator_stated:
        yield spot.find(
            "comparator.words",
            "原文没有“超”“突破”“低于”这样的词，数值本身算达到：写 ge 或 le",
            "no word such as 超 or 低于 excludes the number itself: write `ge` or `le`",
            "comparator",
        )


def _words_beside(entry: Stated) -> str | None:
    unit = compact(entry.as_written)
    found = (word_beside(compact(one.before), compact(one.after), unit) for one in _places(entry))
    return next((word for word in found if word is not None), None)


def _places(entry: Stated) -> list[Written]:
    """Return where the quote writes the number, or the end of its range."""
    value = entry.value if entry.upper is None else entry.upper
    if value is None:
        return []
    return [one for one in numbers_in(entry.quote) if one.states(value, entry.as_written)]
