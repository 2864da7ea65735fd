"""The simulated city against the published totals of the real one, within stated tolerances."""

import pytest

from shared.kernel.period import Period
from shared.simulation import calibration
from shared.simulation.city import SimulatedCity
from shared.simulation.truth import accepted_starts

SEEDS = (1, 2024, 999)


def output(city: SimulatedCity, year: int) -> float:
    """Return the register's output of the year in 万元."""
    december = year * 100 + 12
    return sum(
        firm.revenue_to_date(year, 12) * firm.ratios.output / 100_000
        for firm in city.firms
        if firm.life.is_above_scale(december)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_output_of_2023_is_the_published_one_within_3_per_cent(seed: int) -> None:
    assert output(SimulatedCity(seed), 2023) == pytest.approx(calibration.INDUSTRIAL_OUTPUT_2023, rel=0.03)


def test_output_grows_by_5_to_12_per_cent_a_year(city: SimulatedCity) -> None:
    years = [output(city, year) for year in (2023, 2024, 2025)]
    assert 1.05 < years[1] / years[0] < 1.12
    assert 1.05 < years[2] / years[1] < 1.12


def test_shuyang_has_more_than_a_thousand_above_scale_firms_in_august_2024(city: SimulatedCity) -> None:
    august = city.enterprises(Period.parse("2024-08"))
    count = sum(1 for row in august if row["above_scale"] and row["area"] == "321322")
    assert calibration.SHUYANG_REGISTER_2024_08 < count < 1.15 * calibration.SHUYANG_REGISTER_2024_08


def test_shuyang_has_nearly_300_firms_above_100_million(city: SimulatedCity) -> None:
    december = city.enterprises(Period.parse("2023-12"))
    count = sum(1 for row in december if row["area"] == "321322" and float(str(row["revenue_ytd"])) > 10_000)
    assert 270 <= count <= 340


def test_register_lies_between_the_known_years() -> None:
    assert calibration.REGISTER_2020 < calibration.REGISTER_2023


def test_year_to_date_shares_follow_the_published_quarters(city: SimulatedCity) -> None:
    for month in (3, 6, 9):
        shares = [
            firm.revenue_to_date(2024, month) / firm.revenue_to_date(2024, 12)
            for firm in city.firms
            if firm.life.seen_in == 0 and firm.life.is_above_scale(2024_12)
        ]
        published = calibration.YEAR_TO_DATE_SHARE[month] / 10_000
        assert sum(shares) / len(shares) == pytest.approx(published, rel=0.05)


def test_mean_planned_total_lies_between_those_of_two_published_ceremonies(city: SimulatedCity) -> None:
    totals = [
        project.planned_total
        for year in (2024, 2025)
        for project in accepted_starts(city, 10_000, Period.parse(f"{year}-12"))
    ]
    low, high = calibration.MEAN_PLANNED_TOTAL
    assert low < sum(totals) / len(totals) < high


def test_projects_are_spread_over_the_areas_as_in_2022(city: SimulatedCity) -> None:
    weights = sum(area.projects for area in calibration.AREAS)
    for place, area in enumerate(calibration.AREAS):
        count = sum(project.place == place for project in city.investments)
        assert count == pytest.approx(len(city.investments) * area.projects / weights, abs=1)


def test_electricity_follows_the_published_intensity(city: SimulatedCity) -> None:
    december = [row for row in city.enterprises(Period.parse("2023-12")) if row["above_scale"]]
    kwh = sum(float(str(row["electricity_ytd"])) for row in december) * 10_000
    sales = sum(float(str(row["revenue_ytd"])) for row in december)
    assert kwh / sales == pytest.approx(calibration.ELECTRICITY_KWH_PER_10K_YUAN, rel=0.10)


def test_area_weights_are_whole() -> None:
    assert sum(area.firms for area in calibration.AREAS) == 1000
    assert sum(area.projects for area in calibration.AREAS) == 112
