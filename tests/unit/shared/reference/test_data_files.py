"""The real data files fit the catalogue, the areas and each other."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from shared.kernel.period import Grain, Period
from shared.plans.loader import load_all
from shared.reference.areas import Areas
from shared.reference.authorities import Authorities
from shared.reference.industries import Industries
from shared.reference.units_of_measure import UnitsOfMeasure

ROOT = Path(__file__).parents[4]
DATA = ROOT / "data"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FIGURES = rows_of("published_figures.csv")
PROJECTS = rows_of("projects_100yi.csv")


def test_published_figures_fit_the_catalogue() -> None:
    indicators = load_all(ROOT / "plans").indicators
    units = UnitsOfMeasure.load(DATA / "units_of_measure.csv")
    for row in FIGURES:
        indicator = indicators[row["indicator"]]
        assert indicator.reported is not None, row
        assert row["measure"] == indicator.reported.measure, row
        assert units.are_compatible(row["unit"], indicator.unit), row
        assert row["basis"] in indicator.reported.bases, row
        assert not indicator.integer or Decimal(row["value"]) == int(Decimal(row["value"])), row


def test_published_figures_name_known_areas_periods_and_sources() -> None:
    areas = Areas.load(DATA / "areas.csv")
    for row in FIGURES:
        period = Period.parse(row["period"])
        assert areas.find(row["area"], on=period.end), row
        assert (period.grain is Grain.YEAR) == (row["basis"] == "year" or len(row["period"]) == 4), row
        assert period.grain is Grain.YEAR or period.is_monthly_report, row
        assert row["status"] in {"provisional", "final"}, row
        assert row["grade"] in {"A", "B", "C"}, row
        assert row["authority"], row
        assert row["source_title"], row


def test_a_cell_has_one_value_for_each_authority_and_real_conflicts_are_kept() -> None:
    cells: dict[tuple[str, ...], set[str]] = {}
    for row in FIGURES:
        key = tuple(row[column] for column in ("indicator", "area", "period", "measure", "basis"))
        assert row["authority"] not in cells.setdefault(key, set()), key
        cells[key].add(row["authority"])
    conflicts = {key[:3] for key, authorities in cells.items() if len(authorities) > 1}
    assert conflicts == {
        ("manufacturing-value-added-growth", "320000", "2023"),
        ("new-national-little-giants", "321300", "2025"),
    }


def test_every_authority_of_the_data_and_of_the_plans_is_ranked() -> None:
    known, library = Authorities.load(DATA / "authorities.csv"), load_all(ROOT / "plans")
    names = {row["authority"] for row in FIGURES} | {plan.head.issuer for plan in library.plans.values()}
    names |= {one.reported.authority for one in library.indicators.values() if one.reported is not None}
    assert [name for name in sorted(names) if known.find(name) is None] == []


@pytest.mark.parametrize(
    ("better", "other"),
    [
        ("国家统计局", "江苏省统计局"),
        ("江苏省统计局", "宿迁市统计局"),
        ("国家统计局江苏调查总队", "国家统计局宿迁调查队"),
        ("江苏省统计局", "江苏省工业和信息化厅"),
        ("泗洪县统计局", "江苏统计年鉴"),
        ("江苏统计年鉴", "宿迁市2020年统计公报"),
        ("宿迁市2020年统计公报", "宿迁市工业和信息化局"),
        ("江苏省工业和信息化厅", "江苏省宿迁市工业和信息化局"),
        ("江苏省市场监督管理局", "宿迁市市场监督管理局"),
        ("宿迁市市场监管局", "沭阳县市场监管局"),
        ("沭阳县工业和信息化局", "宿迁市人民政府工作报告"),
        ("江苏省人民政府网", "宿迁市人民政府"),
        ("宿迁市人民政府工作报告", "宿迁年鉴"),
        ("宿迁年鉴", "宿迁市2026年新年贺词"),
        ("宿迁市2026年新年贺词", "人民日报"),
    ],
)
def test_authorities_rank_as_the_file_reasons(better: str, other: str) -> None:
    known = Authorities.load(DATA / "authorities.csv")
    first, second = known.find(better), known.find(other)
    assert first is not None
    assert second is not None
    assert first.rank < second.rank


@pytest.mark.parametrize(
    ("indicator", "area", "period", "basis", "value"),
    [
        ("gdp", "321300", "2023", "year", "4398.07"),
        ("above-scale-output-growth", "321300", "2023-09", "ytd", "11.4"),
        ("above-scale-value-added-growth", "320000", "2024-09", "month", "7.4"),
        ("above-scale-value-added-growth", "320000", "2024-09", "ytd", "7.9"),
        ("invoiced-industrial-sales", "321322", "2023", "year", "1581.2"),
    ],
)
def test_known_figures_stand_in_the_file(indicator: str, area: str, period: str, basis: str, value: str) -> None:
    """Trap 4: month and year-to-date of one period are two cells."""
    wanted = {"indicator": indicator, "area": area, "period": period, "basis": basis}
    assert [row["value"] for row in FIGURES if wanted.items() <= row.items()] == [value]


def test_the_ten_projects_add_up_to_the_total_of_the_document() -> None:
    assert len(PROJECTS) == 10
    assert sum(Decimal(row["planned_total"]) for row in PROJECTS) == 1539 * 10_000
    assert min(Decimal(row["planned_total"]) for row in PROJECTS) == 1_020_000


def test_project_codes_are_marked_placeholders_in_the_old_form() -> None:
    assert [row["code"][-6:] for row in PROJECTS] == [str(900_001 + index) for index in range(10)]
    assert all(re.fullmatch(r"20\d\d-3213\d\d-\d\d-03-9000\d\d", row["code"]) for row in PROJECTS)


def test_projects_name_known_areas_and_industries() -> None:
    areas, industries = Areas.load(DATA / "areas.csv"), Industries.load(DATA / "industries.csv")
    for row in PROJECTS:
        assert areas.is_within(row["area"], "321300"), row
        assert industries.is_known(row["industry"]), row
        assert row["started_on"].endswith("-12-31"), row
