"""What the demo pushes, in which order, and as whom."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.plans.facts import fact_rows
from shared.plans.loader import load_all
from shared.plans.statements import Measures
from shared.reference.units_of_measure import UnitsOfMeasure
from shared.simulation.city import CITY_AREA, SimulatedCity
from shared.simulation.firm_rows import Row

PROVINCE_AREA = "320000"
SEED = 20240221
FACTS_PERIOD = "2020"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who pushes: an API key of its own, bound to a city (or the province) and to feeds, and whose rows it sends."""

    id: str
    name: str
    area: str
    feeds: tuple[str, ...]
    simulated: bool = False
    authority: str | None = None


PRESS = frozenset(
    {"人民日报", "人民网", "新华日报", "现代快报", "连网", "宿迁广电", "澎湃新闻", "宿迁市2026年新年贺词"}
)
"""Authorities of the published figures that are not government offices: where both speak, the offices' figures govern."""

PUBLISHED = (
    Source(id="jiangsu-press", name="江苏已公布数据（媒体报道）", area=PROVINCE_AREA, feeds=("indicators",)),
    Source(id="suqian-press", name="宿迁已公布数据（媒体报道）", area=CITY_AREA, feeds=("indicators",)),
    Source(id="jiangsu-offices", name="江苏已公布数据（政府部门）", area=PROVINCE_AREA, feeds=("indicators",)),
    Source(id="suqian-offices", name="宿迁已公布数据（政府部门）", area=CITY_AREA, feeds=("indicators",)),
)
PLAN_FACTS = Source(id="suqian-145-facts", name="宿迁“十四五”规划所载史实", area=PROVINCE_AREA, feeds=("indicators",))
"""The plan compares 宿迁 with other cities of the province, so whoever brings its figures speaks for the province."""
CITY_PROJECTS = Source(id="suqian-145-table-3", name="宿迁“十四五”规划表三", area=CITY_AREA, feeds=("projects",))
SIMULATION = Source(
    id="simulated-suqian",
    name="模拟数据（非真实统计）",
    area=CITY_AREA,
    feeds=("enterprises", "projects", "ratings", "recognitions"),
    simulated=True,
)
SOURCES = (*PUBLISHED, PLAN_FACTS, CITY_PROJECTS, SIMULATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One submission to make. `rows` is read once, when it is sent."""

    source: Source
    feed: str
    period: str
    rows: Iterable[Row]


def story(city: SimulatedCity, data: Path, plans: Path) -> Iterator[Push]:
    """Yield every push: real figures and projects first, then the simulated city month after month.

    The ten projects and the titles held before the story begins come with its first report: a period that is known by
    them alone would be judged as if nothing else had happened in it.
    """
    yield from _published_figures(data)
    yield Push(source=PLAN_FACTS, feed="indicators", period=FACTS_PERIOD, rows=_plan_facts(data, plans))
    first, *_ = periods = list(city.periods(history=True, closing=True))
    yield Push(source=CITY_PROJECTS, feed="projects", period=str(first), rows=_csv_rows(data / "projects_100yi.csv"))
    held = city.recognitions_held(city.setting.base_year - 1)
    yield Push(source=SIMULATION, feed="recognitions", period=str(first), rows=held)
    for period in periods:
        name = str(period)
        yield Push(source=SIMULATION, feed="enterprises", period=name, rows=city.enterprises(period))
        yield Push(source=SIMULATION, feed="projects", period=name, rows=city.projects(period))
        yield Push(source=SIMULATION, feed="recognitions", period=name, rows=city.recognitions(period))
        for stage in city.rating_stages(period):
            yield Push(source=SIMULATION, feed="ratings", period=name, rows=city.ratings(stage))


def count_pushes(city: SimulatedCity, data: Path, plans: Path) -> int:
    """Return how many submissions the story makes."""
    return sum(1 for _ in story(city, data, plans))


def _plan_facts(data: Path, plans: Path) -> list[Row]:
    """Return the historic figures that the plan states (表一 to 表十一)."""
    library = load_all(plans)
    measures = Measures(library.indicators, UnitsOfMeasure.load(data / "units_of_measure.csv"))
    return [dict(row.columns) for row in fact_rows(library.plans["suqian-145"], measures)]


def _published_figures(data: Path) -> Iterator[Push]:
    """Press and offices are sources of their own: they contradict each other in two cells, and both statements are kept."""
    columns = ("indicator", "area", "period", "value", "unit", "measure", "basis", "status", "authority")
    rows: list[Row] = [{name: row[name] for name in columns} for row in _csv_rows(data / "published_figures.csv")]
    for source in PUBLISHED:
        held = [row for row in rows if _speaks(source, row)]
        latest = max(str(row["period"])[:4] for row in held)
        yield Push(source=source, feed="indicators", period=latest, rows=held)


def _speaks(source: Source, row: Row) -> bool:
    of_province = row["area"] == PROVINCE_AREA
    of_press = row["authority"] in PRESS
    return (source.area == PROVINCE_AREA) == of_province and source.id.endswith("press") == of_press


def _csv_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(stream)]
