"""Which metrics, labels and label values a PromQL expression names. Enough for our own rules and panels."""

import re
from dataclasses import dataclass

_KEYWORDS = frozenset(
    ["and", "or", "unless", "by", "on", "without", "ignoring", "offset", "bool", "group_left", "group_right"]
)
_GROUPING = re.compile(r"\b(?:by|on|without|ignoring)\s*\(([^)]*)\)")
_MATCHERS = re.compile(r"(\w+)\s*\{([^}]*)\}")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Expression:
    """What an expression names."""

    metrics: frozenset[str]
    labels: frozenset[str]
    values: frozenset[tuple[str, str, str]]  # metric, label, value of an exact matcher


def read_expression(text: str) -> Expression:
    """Return what the expression names."""
    values = {
        (metric, label, value)
        for metric, matchers in _MATCHERS.findall(text)
        for label, operator, value in _MATCHER.findall(matchers)
        if operator == "="
    }
    matched = {label for _, matchers in _MATCHERS.findall(text) for label, _, _ in _MATCHER.findall(matchers)}
    grouped = {label.strip() for group in _GROUPING.findall(text) for label in group.split(",")}
    return Expression(frozenset(_metrics(text)), frozenset(matched | grouped), frozenset(values))


def _metrics(text: str) -> set[str]:
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", _GROUPING.sub(" ", text))
    names = re.findall(r"(?<![\w.])([a-zA-Z_:][\w:]*)(?!\w*\s*\()(?![\w:])", bare)
    return {name for name in names if name not in _KEYWORDS}
