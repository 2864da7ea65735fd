"""The simulated city as a source: reports, determinism, size, and the traps of the domain in its rows."""

import hashlib
import itertools
import tracemalloc
from datetime import date
from decimal import Decimal

import orjson
import pytest

from shared.kernel.period import Period
from shared.simulation.city import SimulatedCity, SimulationError
from shared.simulation.firm_rows import ENTERPRISE_COLUMNS, Row
from shared.simulation.project_rows import PROJECT_COLUMNS
from shared.simulation.ratings import RATING_COLUMNS

MARCH = Period.parse("2024-03")
ENTERPRISE_AMOUNTS = [column for column in ENTERPRISE_COLUMNS if column.endswith("_ytd")]


def digest(city: SimulatedCity) -> str:
    rows: list[Row] = []
    for period in (Period.parse("2024-01/P2M"), Period.parse("2025-12")):
        rows += [*city.enterprises(period), *city.projects(period)]
    for publication in city.rating_stages():
        rows += city.ratings(publication)
    return hashlib.sha256(orjson.dumps(rows)).hexdigest()


def test_same_seed_gives_same_rows_and_another_seed_others() -> None:
    assert digest(SimulatedCity(7, firms=1_000)) == digest(SimulatedCity(7, firms=1_000))
    assert digest(SimulatedCity(7, firms=1_000)) != digest(SimulatedCity(8, firms=1_000))


def test_rows_are_those_of_every_other_machine() -> None:
    assert digest(SimulatedCity(1, firms=420)) == "f3a31023a6745d3acb2cfa0588d949d6c7dbf672a79793fe3600ddaed8b88177"


def test_two_years_are_22_reports_without_january_and_february(city: SimulatedCity) -> None:
    written = [str(period) for period in city.periods()]
    assert len(written) == 22
    assert written[:2] == ["2024-01/P2M", "2024-03"]
    assert written[-1] == "2025-12"
    assert not {"2024-01", "2024-02", "2025-01", "2025-02"} & set(written)


def test_history_and_closing_report_are_added_when_asked_for(city: SimulatedCity) -> None:
    periods = city.periods(history=True, closing=True)
    assert len(periods) == 11 + 22 + 1
    assert (str(periods[0]), str(periods[-1])) == ("2023-01/P2M", "2026-01/P2M")


@pytest.mark.parametrize("written", ["2022-12", "2024-02", "2024", "2024-Q1", "2026-03"])
def test_unknown_report_is_refused(city: SimulatedCity, written: str) -> None:
    with pytest.raises(SimulationError, match="no monthly report"):
        city.enterprises(Period.parse(written))
    with pytest.raises(SimulationError, match="no monthly report"):
        city.projects(Period.parse(written))


@pytest.mark.parametrize(("firms", "months"), [(399, 24), (1_000, 0), (1_000, 13), (1_000, 48)])
def test_impossible_city_is_refused(firms: int, months: int) -> None:
    with pytest.raises(SimulationError):
        SimulatedCity(1, firms=firms, months=months)


def test_round_not_published_in_the_simulated_years_is_refused(city: SimulatedCity) -> None:
    with pytest.raises(SimulationError, match="rating round"):
        city.rated(2025)


def test_rows_have_exactly_the_feed_columns_and_json_values(city: SimulatedCity) -> None:
    publication = city.rating_stages()[0]
    for rows, columns in (
        (city.enterprises(MARCH), ENTERPRISE_COLUMNS),
        (city.projects(MARCH), PROJECT_COLUMNS),
        (city.ratings(publication), RATING_COLUMNS),
    ):
        for row in rows:
            assert tuple(row) == columns
            assert all(value is None or type(value) in (str, int, bool) for value in row.values())


def test_every_firm_and_project_is_named_as_simulated(city: SimulatedCity) -> None:
    assert all(str(row["name"]).startswith("模拟企业") for row in city.enterprises(MARCH))
    assert all(str(row["name"]).startswith("模拟项目") for row in city.projects(MARCH))


def test_no_key_stands_twice_in_a_report(city: SimulatedCity) -> None:
    for period in city.periods(closing=True):
        for rows, key in ((city.enterprises(period), "uscc"), (city.projects(period), "code")):
            keys = [row[key] for row in rows]
            assert len(keys) == len(set(keys))


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_values_to_date_never_fall_within_a_year(city: SimulatedCity, year: int) -> None:
    firms: dict[object, list[Decimal | None]] = {}
    projects: dict[object, int] = {}
    for period in [period for period in city.periods(history=True) if period.year == year]:
        for row in city.enterprises(period):
            now = [None if row[name] is None else Decimal(str(row[name])) for name in ENTERPRISE_AMOUNTS]
            for before, after in zip(firms.get(row["uscc"], now), now, strict=True):
                assert before is None or after is None or before <= after
            firms[row["uscc"]] = now
        for row in city.projects(period):
            completed = int(str(row["completed_ytd"]))
            assert projects.get(row["code"], 0) <= completed <= int(str(row["planned_year"]))
            projects[row["code"]] = completed


def test_joint_report_carries_profit_and_investment(city: SimulatedCity) -> None:
    joint = Period.parse("2024-01/P2M")
    assert all(row["profit_ytd"] is not None for row in city.enterprises(joint) if row["above_scale"])
    assert any(int(str(row["completed_ytd"])) > 0 for row in city.projects(joint))
    assert any(str(row["profit_ytd"]).startswith("-") for row in city.enterprises(joint))


def test_during_the_year_only_new_firms_enter(city: SimulatedCity) -> None:
    known = {row["uscc"] for row in city.enterprises(Period.parse("2024-01/P2M")) if row["above_scale"]}
    for period in [period for period in city.periods() if period.year == 2024][1:]:
        above = {row["uscc"]: row for row in city.enterprises(period) if row["above_scale"]}
        entering = [row for uscc, row in above.items() if uscc not in known]
        assert entering
        assert {row["entry_kind"] for row in entering} == {"new"}
        assert all(period.start <= date.fromisoformat(str(row["entered_on"])) <= period.end for row in entering)
        known |= set(above)


def test_grown_firms_enter_with_the_joint_report_of_the_next_year(city: SimulatedCity) -> None:
    december = {row["uscc"]: row["above_scale"] for row in city.enterprises(Period.parse("2024-12"))}
    joint = [row for row in city.enterprises(Period.parse("2025-01/P2M")) if row["above_scale"]]
    entering = [row for row in joint if not december.get(row["uscc"])]
    kinds = [row["entry_kind"] for row in entering]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"grown": 296, "moved_in": 7, "changed": 4}
    assert all(december[row["uscc"]] is False for row in entering if row["entry_kind"] == "grown")
    assert all("2025-01-01" <= str(row["entered_on"]) <= "2025-02-28" for row in entering)


def test_firm_that_exited_is_reported_once_more_and_then_no_longer(city: SimulatedCity) -> None:
    periods = city.periods(closing=True)
    for period, following in itertools.pairwise(periods):
        exits = [row for row in city.enterprises(period) if row["exited_on"] is not None]
        assert exits
        assert not any(row["above_scale"] for row in exits)
        assert all(period.start <= date.fromisoformat(str(row["exited_on"])) <= period.end for row in exits)
        assert not {row["uscc"] for row in exits} & {row["uscc"] for row in city.enterprises(following)}


def test_closing_firm_stands_still_before_it_closes(city: SimulatedCity) -> None:
    months = [
        {row["uscc"]: row for row in city.enterprises(Period.parse(f"2024-{month:02d}"))} for month in range(8, 11)
    ]
    closing = [uscc for uscc, row in months[2].items() if row["operating_status"] == "closed"]
    assert len(closing) == 3
    for uscc in closing:
        assert [month[uscc]["operating_status"] for month in months] == ["operating", "suspended", "closed"]
        assert len({month[uscc]["revenue_ytd"] for month in months}) == 1


def test_first_report_has_the_number_of_firms_asked_for() -> None:
    city = SimulatedCity(3, firms=1_234)
    assert sum(1 for _ in city.enterprises(city.periods()[0])) == 1_234


def test_large_city_stays_small_in_memory() -> None:
    tracemalloc.start()
    try:
        city = SimulatedCity(3, firms=20_000)
        assert sum(1 for _ in city.enterprises(MARCH)) > 19_500
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * 1024 * 1024  # 100,000 firms: 200 MB
