"""Rating rounds of 工业企业资源集约利用综合评价: year Y is published step by step from June to August of Y + 1.

Classes are ranked within each area: A 20 %, B 40 %, D the last 5 % (capped by the scenario), C the rest; firms younger
than two years or without a known land area are T. One in three D firms objects; every second objection is accepted
and ends in C, so the final D list is shorter than the preliminary one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.kernel.period import Period
from shared.simulation import scenario
from shared.simulation.calibration import AREAS
from shared.simulation.dice import Dice
from shared.simulation.firm import Firm
from shared.simulation.firm_rows import Row, has_land, money
from shared.simulation.population import Setting

RATING_COLUMNS = ("uscc", "year", "class", "score", "stage", "published_on", "area")


class Stage(StrEnum):
    """The steps of a round, in order."""

    PRELIMINARY = "preliminary"
    PUBLIC_NOTICE = "public_notice"
    OBJECTED = "objected"
    FINAL = "final"


_PUBLISHED = {Stage.PRELIMINARY: (6, 18), Stage.PUBLIC_NOTICE: (7, 8), Stage.OBJECTED: (7, 16), Stage.FINAL: (8, 6)}


@dataclass(frozen=True, slots=True)
class RatingStage:
    """One publication: the rated year, the step, the day, and the monthly period of the submission that brings it."""

    year: int
    stage: Stage
    published_on: date

    @property
    def period(self) -> Period:
        """The month of publication."""
        return Period.month(self.published_on.year, self.published_on.month)


@dataclass(frozen=True, slots=True)
class Rated:
    """A firm's result: hundredths of points, the class first published, the final one, and whether it objected."""

    firm: Firm
    score: int | None
    first_class: str
    final_class: str
    objected: bool


def rating_stages(year: int) -> tuple[RatingStage, ...]:
    """Return the publications of the round that rates this year."""
    return tuple(RatingStage(year, stage, date(year + 1, month, day)) for stage, (month, day) in _PUBLISHED.items())


def rate(setting: Setting, firms: Sequence[Firm], year: int) -> tuple[Rated, ...]:
    """Return the results of the year's round: firms in the register in December and still in it in June."""
    dice = Dice(setting.seed, f"ratings/{year}")
    by_area: list[list[tuple[int, Firm]]] = [[] for _ in AREAS]
    unrated: list[Rated] = []
    for firm in firms:
        score = dice.between(2_000, 9_999)
        if not (firm.life.is_above_scale(year * 100 + 12) and firm.life.is_above_scale((year + 1) * 100 + 6)):
            continue
        if firm.life.founded >= year - 1 or not has_land(firm):
            unrated.append(Rated(firm, None, "T", "T", objected=False))
        else:
            by_area[firm.place].append((score, firm))
    cap = max(1, setting.scaled(scenario.RATING_D_CAP))
    return tuple(rated for area in by_area for rated in _ranked(area, cap)) + tuple(unrated)


def _ranked(area: list[tuple[int, Firm]], cap: int) -> list[Rated]:
    ranking = sorted(area, key=lambda entry: (-entry[0], entry[1].uscc))
    count = len(ranking)
    last = count - min(cap, count * 5 // 100)
    return [_rated(score, firm, rank, (count, last)) for rank, (score, firm) in enumerate(ranking)]


def _rated(score: int, firm: Firm, rank: int, of: tuple[int, int]) -> Rated:
    count, last = of
    if rank >= last:
        objected = (rank - last) % 3 == 1
        accepted = objected and (rank - last) % 2 == 1
        return Rated(firm, score, "D", "C" if accepted else "D", objected)
    name = "A" if rank * 5 < count else "B" if rank * 5 < count * 3 else "C"
    return Rated(firm, score, name, name, objected=False)


def rating_rows(results: Sequence[Rated], publication: RatingStage) -> list[Row]:
    """Return the rows of one publication; the objection step holds the objecting firms only."""
    stage = publication.stage
    return [
        {
            "uscc": rated.firm.uscc,
            "year": publication.year,
            "class": rated.final_class if stage is Stage.FINAL else rated.first_class,
            "score": None if rated.score is None else money(rated.score),
            "stage": str(stage),
            "published_on": publication.published_on.isoformat(),
            "area": AREAS[rated.firm.place].area,
        }
        for rated in results
        if stage is not Stage.OBJECTED or rated.objected
    ]
