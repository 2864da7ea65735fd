"""A half year of submissions with corrections, and what is left of them when all have come, in whatever order."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from services.rules.application.catalogue import Catalogue
from services.rules.domain.feed import Feed
from services.rules.domain.signal import SignalKind
from tests.contracts.rules_rows import (
    COUNTY,
    WAN,
    YI,
    MakeRow,
    Push,
    cell,
    figure,
    firm,
    gone_figure,
    gone_firm,
    gone_project,
    gone_rating,
    gone_recognition,
    period,
    project,
    push,
    rating,
    recognition,
)
from tests.contracts.rules_targets import amended_targets, example_targets, rule

SIGNAL_RULES = (
    rule(SignalKind.PROJECT_START, line_yuan=10 * YI),
    rule(SignalKind.ABOVE_SCALE_ENTRY),
    rule(SignalKind.ABOVE_SCALE_CANDIDATE, line_yuan=2000 * WAN),
    rule(SignalKind.CLASS_D_FINAL, alert=True),
)
CATALOGUE = Catalogue((*example_targets(2024), *example_targets(2025), *amended_targets()), SIGNAL_RULES)
GROWTH = cell("starts-10yi", "2024-03", measure="growth", basis="ytd")
GIANT = ("national_giant", "第六批")


def submissions() -> tuple[Push, ...]:
    """Corrections of every feed among first reports; sequences are the order in which ingest accepted them."""
    big = {"planned_total_yuan": 12 * YI}
    outside = {"above_scale": False}
    return (
        push(Feed.ENTERPRISES, "2023-12", [firm("a", revenue_ytd_yuan=YI - 1), firm("c", **outside)], sequence=1),
        push(Feed.PROJECTS, "2024-01/P2M", [project("p", **big), project("q")], sequence=2),
        push(Feed.PROJECTS, "2024-03", [project(f"p{number}", **big) for number in range(15)], sequence=3),
        push(
            Feed.ENTERPRISES,
            "2024-03",
            [firm("a", entered_on=date(2024, 3, 9), entry_kind="new"), firm("c", **outside), firm("e")],
            sequence=4,
        ),
        push(Feed.RATINGS, "2024-03", [rating("a", 2022, "D"), rating("e", 2022, "D", area="321323")], sequence=5),
        push(Feed.INDICATORS, "2024-03", [figure(GROWTH, "1.5")], sequence=6),
        push(
            Feed.PROJECTS,
            "2024-03",
            [project("p1", start_evidence="pending", **big), gone_project("p2")],
            sequence=7,
            simulated=True,
        ),
        push(Feed.INDICATORS, "2024-03", [figure(GROWTH, "2.0", status="provisional")], sequence=8),
        push(Feed.RATINGS, "2024-04", [rating("a", 2022, "C"), gone_rating("e", 2022)], sequence=9),
        push(Feed.PROJECTS, "2024-01/P2M", [project("p", planned_total_yuan=9 * YI)], sequence=10),
        push(Feed.ENTERPRISES, "2024-12", [firm("a", revenue_ytd_yuan=YI), firm("e")], sequence=11),
        push(Feed.PROJECTS, "2024-04", [], sequence=12),
        push(
            Feed.ENTERPRISES,
            "2025-01/P2M",
            [firm("g", entered_on=date(2025, 1, 9), entry_kind="grown"), firm("a", exited_on=date(2025, 2, 1))],
            sequence=13,
        ),
        push(Feed.RATINGS, "2024-05", [rating("e", 2023, "D"), rating("a", 2023, "T")], sequence=14),
        push(Feed.RECOGNITIONS, "2024-04", [recognition("a", *GIANT), recognition("e", *GIANT)], sequence=15),
        push(Feed.RECOGNITIONS, "2024-12", [gone_recognition("a", *GIANT)], sequence=16),
    )


REPORTS = ("2023-12", "2024-01/P2M", "2024-03", "2024-04", "2024-12", "2025-01/P2M")


def random_submissions(dice: Random, count: int) -> tuple[Push, ...]:
    """Submissions that report, correct and remove the same few entities again and again."""
    return tuple(_random_submission(dice, sequence) for sequence in range(1, count + 1))


def _random_submission(dice: Random, sequence: int) -> Push:
    feed, when = dice.choice(list(Feed)), dice.choice(REPORTS)
    keys = dice.sample("abcd", dice.randint(0, 4))
    make = {
        Feed.ENTERPRISES: _random_firm,
        Feed.PROJECTS: _random_project,
        Feed.RATINGS: _random_rating,
        Feed.RECOGNITIONS: _random_recognition,
        Feed.INDICATORS: _random_figure,
    }[feed]
    rows = {key: make(dice, key) for key in (keys[:1] if feed is Feed.INDICATORS else keys)}
    return push(
        feed,
        when,
        list(rows.values()),
        sequence=sequence,
        simulated=dice.random() < 0.2,
        source=dice.choice(["example-source", "example-press"]),
        authority=dice.choice(["示例统计局", "示例日报", None]),
    )


def _random_firm(dice: Random, key: str) -> MakeRow:
    if dice.random() < 0.2:
        return gone_firm(key)
    return firm(
        key,
        above_scale=dice.random() < 0.5,
        revenue_ytd_yuan=dice.choice([None, 1000 * WAN, 2500 * WAN, YI - 1, YI]),
        entered_on=dice.choice([None, date(2024, 2, 1), date(2024, 3, 1), date(2025, 1, 5)]),
        exited_on=dice.choice([None, None, date(2024, 11, 1)]),
        industry=dice.choice(["1512", "2651"]),
    )


def _random_project(dice: Random, key: str) -> MakeRow:
    if dice.random() < 0.2:
        return gone_project(key)
    return project(
        key,
        planned_total_yuan=dice.choice([9, 10, 60]) * YI,
        start_evidence=dice.choice(["accepted", "accepted", "pending"]),
        started_on=dice.choice([None, date(2023, 12, 31), date(2024, 1, 1), date(2024, 4, 30)]),
        listed_on=dice.choice([None, date(2024, 1, 1), date(2024, 4, 30)]),
        completed_prior_yuan=dice.choice([None, 0, YI]),
        completed_ytd_yuan=dice.choice([None, YI, 3 * YI]),
    )


def _random_rating(dice: Random, key: str) -> MakeRow:
    year = dice.choice([2022, 2023])
    if dice.random() < 0.2:
        return gone_rating(key, year)
    stage = dice.choice(["final", "final", "objected"])
    return rating(key, year, dice.choice("ADT"), stage=stage, area=dice.choice([COUNTY, "321323"]))


def _random_recognition(dice: Random, key: str) -> MakeRow:
    kind, batch = dice.choice(["national_giant", "champion"]), dice.choice(["第五批", "第六批"])
    if dice.random() < 0.2:
        return gone_recognition(key, kind, batch)
    return recognition(
        key,
        kind,
        batch,
        level=dice.choice(["national", "provincial"]),
        granted_on=dice.choice([date(2023, 7, 1), date(2024, 3, 31), date(2024, 4, 1)]),
        revoked_on=dice.choice([None, None, date(2024, 12, 1)]),
    )


def _random_figure(dice: Random, _key: str) -> MakeRow:
    of = replace(GROWTH, value_period=period(dice.choice(["2024-03", "2024-04"])))
    if dice.random() < 0.2:
        return gone_figure(of)
    return figure(
        of,
        dice.choice(["1.0", "2.0", "9.0"]),
        status=dice.choice(["final", "final", "provisional"]),
        authority=dice.choice(["示例统计局", "示例日报", "示例论坛"]),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What must be the same whatever came first: facts, current verdicts, active signals, open findings."""

    rows: frozenset[tuple[str, int]]
    verdicts: dict[tuple[str, str], tuple[str, str]]
    forecasts: frozenset[tuple[str, str]]
    signals: frozenset[tuple[str, str]]
    breaches: frozenset[tuple[str, str, str]]
