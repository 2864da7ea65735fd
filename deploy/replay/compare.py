"""Compares two sorted streams of lines: how many there are, their hashes, and what differs first."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

ABSENT = "(absent)"


class Line(NamedTuple):
    """One thing of a kind: the key by which both sides name it, and everything it says, as JSON."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same on both sides; of a changed one the members that differ, live and replayed."""

    key: str
    found: Literal["changed", "live only", "replayed only"]
    members: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One kind of things on both sides. `first` holds as many of the `different` ones as were asked for."""

    kind: str
    live: int
    replayed: int
    live_hash: str
    replayed_hash: str
    different: int
    first: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether both sides are the same."""
        return self.live_hash == self.replayed_hash


@dataclass(slots=True)
class _Side:
    lines: AsyncIterator[Line]
    count: int = 0
    hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    async def next(self) -> Line | None:
        line = await anext(self.lines, None)
        if line is not None:
            self.count += 1
            self.hash.update(line.text.encode() + b"\n")
        return line


async def compare(kind: str, live: AsyncIterator[Line], replayed: AsyncIterator[Line], *, limit: int) -> Comparison:
    """Compare lines sorted by key (by code point). The hash is that of all lines in this order, each with a line feed."""
    ours, theirs = _Side(live), _Side(replayed)
    different = 0
    first: list[Difference] = []
    mine, other = await ours.next(), await theirs.next()
    while mine is not None or other is not None:
        left = mine if mine is not None and (other is None or mine.key <= other.key) else None
        right = other if other is not None and (mine is None or other.key <= mine.key) else None
        if left is None or right is None or left.text != right.text:
            different += 1
            if len(first) < limit:
                first.append(difference_of(left, right))
        mine = await ours.next() if left is not None else mine
        other = await theirs.next() if right is not None else other
    return Comparison(
        kind=kind,
        live=ours.count,
        replayed=theirs.count,
        live_hash=ours.hash.hexdigest(),
        replayed_hash=theirs.hash.hexdigest(),
        different=different,
        first=tuple(first),
    )


def difference_of(live: Line | None, replayed: Line | None) -> Difference:
    """Return what differs between a live thing and the same one replayed, of which at most one may be absent."""
    if live is None or replayed is None:
        one = live or replayed
        if one is None:
            raise ValueError("nothing is absent on both sides")
        members = tuple((name, _shown(value), ABSENT) for name, value in _flat(json.loads(one.text)).items())
        if live is None:
            return Difference(one.key, "replayed only", tuple((name, there, here) for name, here, there in members))
        return Difference(one.key, "live only", members)
    before, after = _flat(json.loads(live.text)), _flat(json.loads(replayed.text))
    names = [name for name in {**before, **after} if before.get(name, ABSENT) != after.get(name, ABSENT)]
    shown = tuple((name, _shown(before.get(name, ABSENT)), _shown(after.get(name, ABSENT))) for name in names)
    return Difference(live.key, "changed", shown)


def _flat(document: Any, path: str = "") -> dict[str, Any]:
    """Return the members of a document by their path, so that a difference deep inside is told as what it is."""
    members = document.items() if isinstance(document, dict) else enumerate(document)
    found: dict[str, Any] = {}
    for name, value in members:
        place = f"{path}.{name}" if path else str(name)
        found.update(_flat(value, place) if isinstance(value, dict | list) and value else {place: value})
    return found


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
