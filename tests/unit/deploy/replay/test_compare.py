"""Two sorted streams of lines: counts, hashes and what differs."""

import hashlib
import json
from collections.abc import AsyncIterator, Sequence

import pytest

from deploy.replay.compare import Comparison, Difference, Line, compare, difference_of


def line(key: str, **members: object) -> Line:
    return Line(key, json.dumps(members))


async def stream(lines: Sequence[Line]) -> AsyncIterator[Line]:
    for one in lines:
        yield one


async def compared(live: Sequence[Line], replayed: Sequence[Line], *, limit: int = 10) -> Comparison:
    return await compare("verdicts", stream(live), stream(replayed), limit=limit)


A, B, C = line("a", status="met"), line("b", status="behind"), line("c", status="met")


async def test_the_same_lines_are_equal_and_their_hash_is_that_of_the_text() -> None:
    one = await compared([A, B], [A, B])
    assert (one.equal, one.live, one.replayed, one.different, one.first) == (True, 2, 2, 0, ())
    assert one.live_hash == hashlib.sha256(f"{A.text}\n{B.text}\n".encode()).hexdigest()


async def test_nothing_on_both_sides_is_equal() -> None:
    one = await compared([], [])
    assert (one.equal, one.live, one.replayed) == (True, 0, 0)


async def test_a_changed_line_tells_the_members_that_differ() -> None:
    one = await compared([A, line("b", status="met", actual="1")], [A, line("b", status="behind", actual="1")])
    assert not one.equal
    assert one.first == (Difference("b", "changed", (("status", "met", "behind"),)),)


@pytest.mark.parametrize(
    ("live", "replayed", "found"),
    [
        pytest.param([A, B], [B], [("a", "live only")], id="the first is missing in the replay"),
        pytest.param([A], [A, B], [("b", "replayed only")], id="the last is missing in the live database"),
        pytest.param(
            [A, C], [B], [("a", "live only"), ("b", "replayed only"), ("c", "live only")], id="none is shared"
        ),
        pytest.param([A, A, B], [A, B], [("a", "live only")], id="one stands there twice"),
        pytest.param([], [A], [("a", "replayed only")], id="one side is empty"),
    ],
)
async def test_what_one_side_lacks_is_named(
    live: Sequence[Line], replayed: Sequence[Line], found: list[tuple[str, str]]
) -> None:
    one = await compared(live, replayed)
    assert not one.equal
    assert [(difference.key, difference.found) for difference in one.first] == found
    assert one.different == len(found)


async def test_only_so_many_differences_are_told_but_all_are_counted() -> None:
    one = await compared([A, B, C], [], limit=2)
    assert (one.different, len(one.first)) == (3, 2)


def test_a_difference_deep_inside_is_told_by_its_place() -> None:
    live = line("x", reasons=[{"code": "behind", "values": {"gap": "3"}}], at=None)
    replayed = line("x", reasons=[{"code": "behind", "values": {"gap": "4"}}, {"code": "late"}], at=None)
    assert difference_of(live, replayed).members == (
        ("reasons.0.values.gap", "3", "4"),
        ("reasons.1.code", "(absent)", "late"),
    )


def test_of_a_line_that_one_side_lacks_every_member_is_told() -> None:
    assert difference_of(line("x", n=1), None).members == (("n", "1", "(absent)"),)
    assert difference_of(None, line("x", n=1)).members == (("n", "(absent)", "1"),)
