"""Five revisions of one cell of each kind, over a year of reports in which that cell decides. All of it is invented."""

from dataclasses import dataclass
from datetime import date

from services.rules.application.catalogue import Catalogue
from services.rules.domain.feed import Feed
from tests.contracts.rules_rows import (
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
    project,
    push,
    rating,
    recognition,
)
from tests.contracts.rules_scenario import SIGNAL_RULES
from tests.contracts.rules_targets import amended_targets, example_targets

REVISED = Catalogue((*example_targets(2024), *amended_targets()), SIGNAL_RULES)
GIANT = ("national_giant", "第六批")
BIG, SMALL = 12 * YI, 9 * YI
AUTHORITIES = {"bureau": "示例统计局", "press": "示例日报"}
MARCH = "2024-03"


def growth(when: str, value: str | None, *, status: str = "final", authority: str = "示例统计局") -> MakeRow:
    """A published growth of the year so far; None takes it back."""
    of = cell("starts-10yi", when, measure="growth", basis="ytd")
    return gone_figure(of) if value is None else figure(of, value, status=status, authority=authority)


def surroundings() -> tuple[Push, ...]:
    """A year of all feeds without the cells that are revised. Before March and after it things stand differently."""
    outside = {"above_scale": False, "revenue_ytd_yuan": 1000 * WAN}
    started = [project(f"s{number}", planned_total_yuan=BIG) for number in range(14)]
    later = [project(f"t{number}", planned_total_yuan=BIG, started_on=date(2024, 4, 8)) for number in range(6)]
    return (
        push(Feed.ENTERPRISES, "2023-12", [firm("a", revenue_ytd_yuan=YI - 1), firm("b", **outside)], sequence=1),
        push(Feed.PROJECTS, "2024-01/P2M", [project("u", started_on=date(2024, 2, 1))], sequence=2),
        push(Feed.INDICATORS, "2024-01/P2M", [growth("2024-01/P2M", "1.0")], sequence=3),
        push(Feed.PROJECTS, MARCH, started, sequence=4),
        push(Feed.ENTERPRISES, MARCH, [firm("b", **outside)], sequence=5),
        push(Feed.PROJECTS, "2024-04", later, sequence=6),
        push(Feed.ENTERPRISES, "2024-04", [firm(name) for name in "abc"], sequence=7),
        push(Feed.INDICATORS, "2024-04", [growth("2024-04", "8.0")], sequence=8),
        push(Feed.RATINGS, "2024-05", [rating("b", 2021, "D"), rating("b", 2023, "A")], sequence=9),
        push(Feed.RECOGNITIONS, MARCH, [recognition("b", *GIANT, granted_on=date(2024, 3, 2))], sequence=10),
        push(Feed.ENTERPRISES, "2024-12", [firm("a"), firm("b", revenue_ytd_yuan=YI)], sequence=11),
        push(Feed.RECOGNITIONS, "2024-12", [], sequence=12),
    )


@dataclass(frozen=True, slots=True)
class Revisions:
    """The versions of one cell in the order of their sequences; `sources` are theirs, where they are several authorities."""

    feed: Feed
    versions: tuple[MakeRow, ...]
    sources: tuple[str, ...] = ("example-source",) * 5

    def pushes(self) -> tuple[Push, ...]:
        return tuple(
            push(self.feed, MARCH, [version], sequence=number, source=source, authority=AUTHORITIES.get(source))
            for number, (version, source) in enumerate(zip(self.versions, self.sources, strict=True), start=101)
        )


def _title(**report: object) -> MakeRow:
    return recognition("a", "national_giant", "第六批", **{"granted_on": date(2024, 3, 5), **report})


_D = rating("a", 2022, "D")
_DECIDES = project("p", planned_total_yuan=BIG)
_ABOVE = firm("a", revenue_ytd_yuan=YI, entered_on=date(2024, 3, 9), entry_kind="new")
_BELOW = firm("a", above_scale=False, revenue_ytd_yuan=2500 * WAN)
_PRESS = growth(MARCH, "9.0", authority="示例日报")

REVISIONS = {
    "a figure that ends in a red breach": Revisions(
        Feed.INDICATORS, tuple(growth(MARCH, value) for value in ("1.0", "2.0", None, "-1.0", "-1.0"))
    ),
    "a figure that ends on pace": Revisions(
        Feed.INDICATORS, tuple(growth(MARCH, value) for value in ("-1.0", None, "1.0", "2.0", "2.0"))
    ),
    "a figure of two authorities": Revisions(
        Feed.INDICATORS,
        (growth(MARCH, "1.0"), _PRESS, growth(MARCH, "2.0", status="provisional"), growth(MARCH, None), _PRESS),
        ("bureau", "press", "bureau", "bureau", "press"),
    ),
    "a project that ends counted": Revisions(
        Feed.PROJECTS,
        (
            project("p", planned_total_yuan=SMALL),
            _DECIDES,
            gone_project("p"),
            project("p", planned_total_yuan=BIG, start_evidence="pending"),
            _DECIDES,
        ),
    ),
    "a project that leaves": Revisions(
        Feed.PROJECTS,
        (_DECIDES, _DECIDES, project("p", planned_total_yuan=SMALL), _DECIDES, gone_project("p")),
    ),
    "a project of two authorities": Revisions(
        Feed.PROJECTS,
        (
            project("p", planned_total_yuan=SMALL),
            _DECIDES,
            _DECIDES,
            gone_project("p"),
            project("p", planned_total_yuan=1),
        ),
        ("bureau", "press", "bureau", "bureau", "press"),
    ),
    "a firm that ends above scale": Revisions(Feed.ENTERPRISES, (_BELOW, _ABOVE, gone_firm("a"), _BELOW, _ABOVE)),
    "a firm that ends below scale": Revisions(Feed.ENTERPRISES, (_ABOVE, gone_firm("a"), _ABOVE, _BELOW, _BELOW)),
    "a firm of two authorities": Revisions(
        Feed.ENTERPRISES,
        (_ABOVE, _BELOW, gone_firm("a"), _ABOVE, _BELOW),
        ("bureau", "press", "press", "bureau", "press"),
    ),
    "a rating that ends in class D": Revisions(
        Feed.RATINGS,
        (rating("a", 2022, "C"), _D, gone_rating("a", 2022), rating("a", 2022, "D", stage="objected"), _D),
    ),
    "a rating that ends in another class": Revisions(
        Feed.RATINGS, (_D, _D, gone_rating("a", 2022), _D, rating("a", 2022, "C"))
    ),
    "a rating of two authorities": Revisions(
        Feed.RATINGS,
        (_D, rating("a", 2022, "C"), gone_rating("a", 2022), rating("a", 2022, "D", stage="objected"), _D),
        ("bureau", "press", "bureau", "press", "press"),
    ),
    "a title that ends held": Revisions(
        Feed.RECOGNITIONS,
        (_title(), gone_recognition("a", *GIANT), _title(revoked_on=date(2024, 3, 20)), _title(), _title()),
    ),
    "a title that leaves": Revisions(
        Feed.RECOGNITIONS,
        (_title(), _title(level="provincial"), _title(), _title(), gone_recognition("a", *GIANT)),
    ),
}
