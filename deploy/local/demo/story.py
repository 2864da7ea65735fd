"""What the demo pushes, in which order, and as whom."""

import csv
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.simulation.city import CITY_AREA, SimulatedCity
from shared.simulation.firm_rows import Row

PROVINCE_AREA = "320000"
SEED = 20240221


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who pushes: an API key of its own, bound to a city (or the province) and to feeds."""

    id: str
    name: str
    area: str
    feeds: tuple[str, ...]
    simulated: bool = False


CITY_FIGURES = Source(id="suqian-published", name="宿迁已公布数据", area=CITY_AREA, feeds=("indicators",))
PROVINCE_FIGURES = Source(id="jiangsu-published", name="江苏已公布数据", area=PROVINCE_AREA, feeds=("indicators",))
CITY_PROJECTS = Source(id="suqian-145-table-3", name="宿迁“十四五”规划表三", area=CITY_AREA, feeds=("projects",))
SIMULATION = Source(
    id="simulated-suqian",
    name="模拟数据（非真实统计）",
    area=CITY_AREA,
    feeds=("enterprises", "projects", "ratings"),
    simulated=True,
)
SOURCES = (CITY_FIGURES, PROVINCE_FIGURES, CITY_PROJECTS, SIMULATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One submission to make. `rows` is read once, when it is sent."""

    source: Source
    feed: str
    period: str
    rows: Iterable[Row]


def story(city: SimulatedCity, data: Path) -> Iterator[Push]:
    """Yield every push: real figures and projects first, then the simulated city month after month."""
    yield from _published_figures(data)
    yield Push(source=CITY_PROJECTS, feed="projects", period="2020-12", rows=_csv_rows(data / "projects_100yi.csv"))
    for period in city.periods(history=True, closing=True):
        name = str(period)
        yield Push(source=SIMULATION, feed="enterprises", period=name, rows=city.enterprises(period))
        yield Push(source=SIMULATION, feed="projects", period=name, rows=city.projects(period))
        for stage in city.rating_stages(period):
            yield Push(source=SIMULATION, feed="ratings", period=name, rows=city.ratings(stage))


def count_pushes(city: SimulatedCity, data: Path) -> int:
    """Return how many submissions the story makes."""
    return sum(1 for _ in story(city, data))


def _published_figures(data: Path) -> Iterator[Push]:
    """Authorities contradict each other, and one submission holds a cell once: each authority is a submission."""
    columns = ("indicator", "area", "period", "value", "unit", "measure", "basis", "status", "authority")
    rows: list[Row] = [{name: row[name] for name in columns} for row in _csv_rows(data / "published_figures.csv")]
    rows.sort(key=lambda row: (row["area"] != PROVINCE_AREA, str(row["authority"])))
    for (is_city, _), group in itertools.groupby(
        rows, key=lambda row: (row["area"] != PROVINCE_AREA, row["authority"])
    ):
        held = list(group)
        latest = max(str(row["period"])[:4] for row in held)
        source = CITY_FIGURES if is_city else PROVINCE_FIGURES
        yield Push(source=source, feed="indicators", period=latest, rows=held)


def _csv_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(stream)]
