"""The words with which documents compare: which comparator each states, and which of them say the same.

The one list of them. 以上, 以下 and 以内 include the bound, 超 and 突破 do not (trap 5); 达到 is a lower bound, 左右 and 力争 are none.
"""

import re
from typing import Literal

Comparator = Literal["ge", "gt", "le", "lt", "eq"]

_BOUNDS: dict[Comparator, tuple[str, ...]] = {
    "ge": ("以上", "不少于", "不低于", "至少"),
    "gt": ("超", "超过", "突破", "高于", "大于", "过半"),
    "le": ("以下", "以内", "不超过", "不高于", "不大于", "不超", "不突破"),
    "lt": ("低于", "少于", "小于"),
}
_REACHED = ("达到", "达")
_ABOUT = ("左右", "约", "大约")
_BEHIND_NUMBERS = ("以上", "以下", "以内", "左右")

_COMPARATOR_OF: dict[str, Comparator] = {word: comparator for comparator, words in _BOUNDS.items() for word in words}
_SAME = {word: words[0] for words in (*_BOUNDS.values(), _ABOUT) for word in words}
_REACHING = re.compile(r"力争|(?:提高|提升|上升|增长|增加|增|扩大|发展)?(?:达到|到|至|达)|为|实现|完成")


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_BOUND = re.compile(_any_of(tuple(_COMPARATOR_OF)))
_REACHES = re.compile(_any_of(_REACHED))
_AFTER = re.compile(_any_of(_BEHIND_NUMBERS))
_BEFORE = re.compile(
    f"(?:{_any_of((*(word for word in _COMPARATOR_OF if word not in _BEHIND_NUMBERS), *_REACHED, '大约', '约'))})$"
)


def stated_comparator(words: str) -> Comparator | None:
    """Return the comparator that words state (力争超 is `gt`, 达到 is `ge`); None where they state none (左右, 力争)."""
    bound = _BOUND.search(words)
    if bound is not None:
        return _COMPARATOR_OF[bound.group()]
    return "ge" if _REACHES.search(words) else None


def word_beside(before: str, after: str, unit: str) -> str | None:
    """Return the comparing word right behind a number and its unit (100户以上), else the one right before it (超100户).

    `before` and `after` are the words around the number's digits, without white space.
    """
    rest = after.lstrip("十百千万亿")
    behind = _AFTER.match(rest.removeprefix(unit.lstrip("十百千万亿")))
    found = behind or _BEFORE.search(before)
    return found.group() if found else None


def comparing_words(comparator: str | None, qualifier: str | None) -> tuple[str, str]:
    """Return comparator and qualifier; 超过 and 突破 say the same, and 达到 says nothing that a bare number does not."""
    word = qualifier or ""
    if _REACHING.fullmatch(word):
        word = ""
    return comparator or "", _SAME.get(word, word)
