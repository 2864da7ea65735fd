"""Markdown of the generated parts: tables, and the marked blocks they are written into."""

import re
from collections.abc import Iterable, Sequence


class MissingBlockError(ValueError):
    """A document lacks the markers `<!-- generated:NAME -->` and `<!-- end -->` around a generated part."""


def render_table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; bars and line breaks in cells are made harmless."""
    lines = [_line(heading), _line(["---"] * len(heading)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def replace_block(text: str, name: str, content: str) -> str:
    """Return the document with the named block's content replaced; raise MissingBlockError when it has none."""
    pattern = re.compile(rf"(<!-- generated:{re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    replaced, count = pattern.subn(lambda match: f"{match[1]}{content}\n{match[2]}", text)
    if count != 1:
        raise MissingBlockError(f"block `generated:{name}` stands {count} times, expected once")
    return replaced


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"
