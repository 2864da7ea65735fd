"""Titles granted to firms: who holds one at the end of the period, and how many were granted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.rules.domain.feed import Feed
from services.rules.domain.quantity import CountRecognitions, Title, TitleCount
from services.rules.domain.status import Status
from services.rules.domain.target import Target
from services.rules.domain.verdict import judge
from tests.contracts.rules_rows import (
    COUNTY,
    MakeRow,
    firm,
    gone_recognition,
    period,
    push,
    recognition,
)
from tests.contracts.rules_targets import target
from tests.fakes.rules_feed import evidence_from

GIANT, CHAMPION, GREEN = "national_giant", "champion", "green_factory"


def titles(count: TitleCount, *kinds: Title, register_only: bool = False, since: int = 2024) -> Target:
    derivation = CountRecognitions(count=count, titles=kinds, register_only=register_only)
    return target("5", derivation=derivation, unit="户", since=since)


HOLDERS = titles(TitleCount.HOLDERS, Title(GIANT), Title(CHAMPION, frozenset({"national"})))


LONG_REVOKED = recognition("z", GIANT, "第一批", granted_on=date(2019, 6, 1), revoked_on=date(2020, 6, 1))
"""By it the list is known, and it counts for nothing."""


async def count(judged: Target, rows: Sequence[MakeRow], when: str = "2024-06") -> object:
    listed = push(Feed.RECOGNITIONS, when, [LONG_REVOKED, *rows], sequence=1)
    return (await evidence_from(judged, when, listed)).actual


# ---- holders --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "holders"),
    [
        pytest.param(
            [recognition("a", GIANT, "第六批", granted_on=date(2024, 6, 30))], 1, id="granted on the last day"
        ),
        pytest.param([recognition("a", GIANT, "第六批", granted_on=date(2024, 7, 1))], 0, id="granted the day after"),
        pytest.param([recognition("a", GIANT, "第一批", granted_on=date(2019, 6, 1))], 1, id="granted years before"),
        pytest.param(
            [recognition("a", GIANT, "第六批", revoked_on=date(2024, 6, 30))], 0, id="revoked on the last day"
        ),
        pytest.param([recognition("a", GIANT, "第六批", revoked_on=date(2024, 7, 1))], 1, id="revoked the day after"),
        pytest.param(
            [recognition("a", GIANT, "第三批", revoked_on=date(2024, 3, 1)), recognition("a", GIANT, "第六批")],
            1,
            id="revoked, and granted again",
        ),
        pytest.param(
            [recognition("a", GIANT, "第六批"), recognition("a", CHAMPION, "2024年")], 1, id="one firm, two titles"
        ),
        pytest.param(
            [recognition("a", GIANT, "第六批"), recognition("b", CHAMPION, "2024年")], 2, id="two firms, two titles"
        ),
        pytest.param([recognition("a", CHAMPION, "2024年", level="provincial")], 0, id="a level that is not meant"),
        pytest.param([recognition("a", GREEN, "2024年")], 0, id="another kind"),
        pytest.param([], 0, id="nobody any more"),
        pytest.param([recognition("a", GIANT, "第六批", area="320623")], 0, id="in another city's county"),
        pytest.param([gone_recognition("a", GIANT, "第六批")], 0, id="its row left"),
    ],
)
async def test_who_holds_a_title_at_the_end_of_the_period(rows: list[MakeRow], holders: int) -> None:
    assert await count(HOLDERS, rows) == holders


async def test_provincial_and_above_counts_the_levels_it_names() -> None:
    green = titles(TitleCount.HOLDERS, Title(GREEN, frozenset({"national", "provincial"})))
    rows = [recognition(level, GREEN, "2024年", level=level) for level in ("national", "provincial", "municipal")]
    assert await count(green, rows) == 2


# ---- grants ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "rows", "granted"),
    [
        pytest.param(2024, [recognition("a", GIANT, "x", granted_on=date(2024, 1, 1))], 1, id="the first day"),
        pytest.param(2024, [recognition("a", GIANT, "x", granted_on=date(2023, 12, 31))], 0, id="the year before"),
        pytest.param(2023, [recognition("a", GIANT, "x", granted_on=date(2023, 1, 1))], 1, id="cumulative: since 2023"),
        pytest.param(2024, [recognition("a", GIANT, "x", granted_on=date(2024, 7, 1))], 0, id="after the period"),
        pytest.param(
            2024, [recognition("a", GIANT, "x", revoked_on=date(2024, 6, 1))], 1, id="revoked later still counts"
        ),
        pytest.param(
            2023,
            [recognition("a", GIANT, "x"), recognition("a", GIANT, "y", granted_on=date(2023, 5, 1))],
            1,
            id="the same firm and kind twice",
        ),
        pytest.param(
            2024, [recognition("a", GIANT, "x"), recognition("a", CHAMPION, "y")], 2, id="two kinds of a firm"
        ),
        pytest.param(2024, [gone_recognition("a", GIANT, "x")], 0, id="its row left"),
    ],
)
async def test_titles_granted_in_the_years_of_the_horizon(since: int, rows: list[MakeRow], granted: int) -> None:
    judged = titles(TitleCount.GRANTS, Title(GIANT), Title(CHAMPION), since=since)
    assert await count(judged, rows) == granted


@pytest.mark.parametrize(
    ("earlier", "new"),
    [
        pytest.param({"level": "provincial"}, 0, id="renewed at its level"),
        pytest.param({"level": "provincial", "revoked_on": date(2022, 6, 1)}, 0, id="had it once, years ago"),
        pytest.param({"level": "municipal"}, 1, id="risen to a higher level"),
        pytest.param({"level": "provincial", "granted_on": date(2024, 1, 1)}, 1, id="both within the horizon"),
    ],
)
async def test_a_new_grant_is_no_renewal(earlier: dict[str, object], new: int) -> None:
    before = recognition("a", GREEN, "x", **{"granted_on": date(2021, 6, 1), **earlier})
    rows = [before, recognition("a", GREEN, "y", level="provincial"), recognition("b", CHAMPION, "z")]
    assert await count(titles(TitleCount.NEW_GRANTS, Title(GREEN), Title(CHAMPION)), rows) == new + 1


async def test_holdings_add_the_kinds_of_a_firm_up() -> None:
    rows = [recognition("a", GIANT, "x"), recognition("a", GIANT, "y"), recognition("a", CHAMPION, "z")]
    both = (Title(GIANT), Title(CHAMPION))
    assert await count(titles(TitleCount.HOLDINGS, *both), rows) == 2
    assert await count(titles(TitleCount.HOLDERS, *both), rows) == 1


@pytest.mark.parametrize(
    ("rows", "new"),
    [
        pytest.param([recognition("a", GIANT, "x"), recognition("a", CHAMPION, "y")], 1, id="one firm, two titles"),
        pytest.param(
            [recognition("a", GIANT, "x", granted_on=date(2021, 6, 1)), recognition("a", GIANT, "y")],
            0,
            id="granted again after three years",
        ),
        pytest.param(
            [recognition("a", CHAMPION, "x", granted_on=date(2023, 12, 31)), recognition("a", GIANT, "y")],
            0,
            id="had another of the titles",
        ),
        pytest.param(
            [recognition("a", GREEN, "x", granted_on=date(2023, 12, 31)), recognition("a", GIANT, "y")],
            1,
            id="had a title that is not meant",
        ),
        pytest.param([gone_recognition("a", GIANT, "x"), recognition("a", GIANT, "y")], 1, id="the earlier row left"),
    ],
)
async def test_a_new_holder_never_had_one_of_the_titles_before(rows: list[MakeRow], new: int) -> None:
    assert await count(titles(TitleCount.NEW_HOLDERS, Title(GIANT), Title(CHAMPION)), rows) == new


async def test_every_title_counts_where_a_firm_can_have_several() -> None:
    rows = [recognition("a", GREEN, f"2024年第一批/{product}") for product in "甲乙丙"]
    assert await count(titles(TitleCount.TITLES_GRANTED, Title(GREEN)), rows) == 3
    assert await count(titles(TitleCount.TITLES_HELD, Title(GREEN)), rows) == 3
    assert await count(titles(TitleCount.HOLDERS, Title(GREEN)), rows) == 1
    assert await count(titles(TitleCount.GRANTS, Title(GREEN)), rows) == 1


# ---- the register ---------------------------------------------------------------------------------------------------


async def test_only_firms_of_the_register_count_where_the_document_says_so() -> None:
    judged = titles(TitleCount.HOLDERS, Title(GIANT), register_only=True)
    lists = push(Feed.RECOGNITIONS, "2024-06", [recognition(key, GIANT, "第六批") for key in "abcd"], sequence=1)
    firms = push(
        Feed.ENTERPRISES,
        "2024-06",
        [firm("a"), firm("b", above_scale=False), firm("c", exited_on=date(2024, 6, 30)), firm("e")],
        sequence=2,
    )
    found = await evidence_from(judged, "2024-06", lists, firms)
    assert found.actual == 1
    assert [(source.name, source.considered, source.matched) for source in found.inputs] == [
        ("recognitions_holders", 4, 1),
        ("register_members", 3, 1),
    ]
    alone = await evidence_from(judged, "2024-06", lists)
    assert (alone.actual, [reason.zh for reason in alone.missing]) == (None, ["缺少2024年6月的企业报表"])


# ---- what is known --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [[], [recognition("a", GREEN, "2024年")]], ids=["an empty list", "other titles"])
async def test_a_title_nobody_was_ever_reported_with_has_no_list_and_is_not_zero(rows: list[MakeRow]) -> None:
    found = await evidence_from(HOLDERS, "2024-06", push(Feed.RECOGNITIONS, "2024-06", rows, sequence=1))
    assert found.actual is None
    assert [reason.code for reason in found.missing] == ["titles_never_reported"]


async def test_a_month_is_known_by_its_own_list_or_by_that_of_the_year() -> None:
    rows = [recognition("a", GIANT, "第六批")]
    by_year = push(Feed.RECOGNITIONS, "2024", rows, sequence=1)
    assert (await evidence_from(HOLDERS, "2024-06", by_year)).actual == 1
    other_month = push(Feed.RECOGNITIONS, "2024-05", rows, sequence=1)
    unknown = await evidence_from(HOLDERS, "2024-06", other_month)
    assert [reason.zh for reason in unknown.missing] == ["缺少2024年6月的企业认定名单"]
    assert judge(HOLDERS, unknown, period=period("2024-06")).status is Status.NO_DATA


async def test_a_yearly_target_is_counted_at_the_end_of_its_year() -> None:
    yearly = replace(HOLDERS, yearly=True, first=period("2024"))
    rows = [recognition("a", GIANT, "第六批", granted_on=date(2024, 12, 31))]
    december = push(Feed.RECOGNITIONS, "2024-12", rows, sequence=1)
    assert (await evidence_from(yearly, "2024", december)).actual == 1


async def test_an_areas_part_counts_its_own_firms() -> None:
    part = replace(HOLDERS, place=replace(HOLDERS.place, id=COUNTY, parts=frozenset({COUNTY})))
    rows = [recognition("here", GIANT, "第六批"), recognition("beside", GIANT, "第六批", area="321323")]
    assert (await count(part, rows), await count(HOLDERS, rows)) == (1, 2)
