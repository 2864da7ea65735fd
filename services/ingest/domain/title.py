"""The extra rules of the recognitions feed: the kind of a title decides its levels; none is revoked before it is granted."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from services.ingest.domain.cells import Parse, parse_text
from services.ingest.domain.errors import CellError, Flaw

_KIND = Flaw("kind.unknown", "认定种类目录中没有该种类。", "The catalogue of recognitions does not hold this kind.")
_DATE_ORDER = Flaw("date.order", "撤销日期早于认定日期。", "The title was revoked before it was granted.")


class TitleKind(Protocol):
    """A kind of title."""

    @property
    def name_zh(self) -> str:
        """Its Chinese name."""
        ...

    @property
    def name_en(self) -> str:
        """Its English name."""
        ...

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels it is granted at."""
        ...


class TitleKinds(Protocol):
    """Knows the kinds of titles."""

    def find(self, kind: str) -> TitleKind | None:
        """Return the kind of this id, None when it is unknown."""
        ...


def title_kind_parser(kinds: TitleKinds) -> Parse:
    """Return a reader that takes known kinds only."""

    def parse(value: object) -> str:
        kind = parse_text(value)
        if kinds.find(kind) is None:
            raise CellError(_KIND)
        return kind

    return parse


def title_level_rule(kinds: TitleKinds) -> Callable[[Mapping[str, Any]], None]:
    """Return a rule for the content of a row of a known kind; it raises CellError for a level that is not of the kind."""

    def check(content: Mapping[str, Any]) -> None:
        kind = kinds.find(content["kind"])
        if kind is not None and content["level"] not in kind.levels:
            raise CellError(_level_flaw(kind), column="level")

    return check


def check_title_dates(content: Mapping[str, Any]) -> None:
    """Raise CellError for a title revoked before it was granted; both may be the same day."""
    revoked_on = content["revoked_on"]
    if revoked_on is not None and revoked_on < content["granted_on"]:
        raise CellError(_DATE_ORDER, column="revoked_on")


def _level_flaw(kind: TitleKind) -> Flaw:
    return Flaw(
        "level.undeclared",
        f"“{kind.name_zh}”的级别应为下列之一：{'、'.join(kind.levels)}。",
        f"The level of a {kind.name_en} must be one of {', '.join(kind.levels)}.",
    )
