"""Titles of simulated firms: the same every time, plausible, and the sum of what is reported."""

import hashlib
import itertools
from collections import Counter
from datetime import date
from pathlib import Path

import orjson
import pytest

from shared.kernel.period import Period
from shared.reference.recognition_kinds import RecognitionKinds
from shared.simulation.city import SimulatedCity, SimulationError
from shared.simulation.firm import ExitKind
from shared.simulation.firm_rows import Row
from shared.simulation.recognitions import RECOGNITION_COLUMNS
from shared.simulation.scenario import TITLES
from shared.simulation.truth import title_holders, titles_granted

P = Period.parse
KINDS = RecognitionKinds.load(Path("data/recognition_kinds.csv"))
RENOWNED = ("provincial_srdi", "national_giant", "champion")


def reported(city: SimulatedCity, until: Period, *, history: bool = True) -> list[Row]:
    """Every row up to a period: what was held before the first report, then month by month."""
    periods = [period for period in city.periods(history=history, closing=True) if period.end <= until.end]
    months = itertools.chain.from_iterable(city.recognitions(period) for period in periods)
    return [*city.recognitions_held(periods[0].year - 1), *months]


def digest(city: SimulatedCity) -> str:
    return hashlib.sha256(orjson.dumps(reported(city, P("2026-01/P2M")))).hexdigest()


def test_same_seed_gives_same_titles_on_every_machine_and_another_seed_others() -> None:
    assert digest(SimulatedCity(1, firms=1_000)) == "9b859d7beb657a321028c5cd5de25fe10fc74d3e75a62c0c6b83834171bb8791"
    assert digest(SimulatedCity(2, firms=1_000)) != digest(SimulatedCity(1, firms=1_000))


def test_rows_have_the_feed_columns_known_titles_and_names_that_say_simulated(city: SimulatedCity) -> None:
    for row in reported(city, P("2026-01/P2M")):
        kind = KINDS.find(str(row["kind"]))
        assert tuple(row) == RECOGNITION_COLUMNS
        assert kind is not None
        assert row["level"] in kind.levels
        assert str(row["name"]).startswith("模拟企业")


@pytest.mark.parametrize("history", [True, False])
@pytest.mark.parametrize("until", ["2024-06", "2025-12", "2026-01/P2M"])
@pytest.mark.parametrize("kinds", [("high_tech",), ("cloud_star",), RENOWNED])
def test_holders_are_those_that_follow_from_the_rows(
    city: SimulatedCity, kinds: tuple[str, ...], until: str, *, history: bool
) -> None:
    newest = {(row["uscc"], row["kind"], row["batch"]): row for row in reported(city, P(until), history=history)}
    holders = {uscc for (uscc, kind, _), row in newest.items() if kind in kinds and row["revoked_on"] is None}
    assert holders == {firm.uscc for firm in title_holders(city, kinds, P(until))}


def test_titles_granted_are_those_of_the_year_so_far(city: SimulatedCity) -> None:
    until = P("2025-11")
    rows = [row for row in reported(city, until) if str(row["granted_on"]).startswith("2025-")]
    counted = {(row["uscc"], row["kind"]) for row in rows if row["kind"] in RENOWNED}
    assert counted == {(one.firm.uscc, one.kind) for one in titles_granted(city, RENOWNED, until)}


@pytest.mark.parametrize(
    ("kinds", "year", "count"),
    [
        pytest.param(RENOWNED, 2024, 38, id="two short of 40"),
        pytest.param(RENOWNED, 2025, 111, id="far above 40"),
        pytest.param(("listed",), 2024, 3, id="three listed"),
        pytest.param(("listed",), 2025, 1, id="one listed"),
    ],
)
def test_grants_follow_the_script(city: SimulatedCity, kinds: tuple[str, ...], year: int, count: int) -> None:
    assert len(titles_granted(city, kinds, P(f"{year}-12"))) == count


def test_every_script_finds_firms_enough(city: SimulatedCity) -> None:
    wanted = {(one.kind, one.level): sum(one.count(index) for index in (-1, 0, 1, 2)) for one in TITLES}
    assert Counter((one.kind, one.level) for one in city.granted) == wanted


def test_no_firm_is_granted_a_kind_twice(city: SimulatedCity) -> None:
    assert max(Counter((one.firm.serial, one.kind) for one in city.granted).values()) == 1


def test_little_giants_are_few_and_were_provincial_before(city: SimulatedCity) -> None:
    provincial = {one.firm.serial: one.granted_on for one in city.granted if one.kind == "provincial_srdi"}
    giants = [one for one in city.granted if one.kind == "national_giant"]
    assert len(giants) * 10 <= len(provincial)
    assert all(provincial[one.firm.serial].year < one.granted_on.year for one in giants)


def test_holders_are_two_years_old_and_mostly_firms_of_the_register(city: SimulatedCity) -> None:
    in_years = [one for one in city.granted if one.granted_on.year >= 2023]
    registered = [one.firm.life.is_above_scale(one.granted_on.year * 100 + one.granted_on.month) for one in in_years]
    assert sum(registered) >= len(registered) * 9 // 10
    assert not all(registered)
    assert all(one.firm.life.founded <= one.granted_on.year - 2 for one in city.granted)


def test_who_closes_or_moves_out_loses_its_titles_that_day_and_nobody_else_does(city: SimulatedCity) -> None:
    leaving = {ExitKind.CLOSED, ExitKind.MOVED_OUT}
    for one in city.granted:
        assert one.lost_on == (one.firm.life.exited_on if one.firm.life.exit_kind in leaving else None)
        assert one.lost_on is None or one.granted_on < one.lost_on


def test_a_loss_is_reported_in_its_month_and_once(city: SimulatedCity) -> None:
    losses = [
        (period, row) for period in city.periods(history=True) for row in city.recognitions(period) if row["revoked_on"]
    ]
    assert losses
    assert all(period.start <= date.fromisoformat(str(row["revoked_on"])) <= period.end for period, row in losses)
    assert len({(row["uscc"], row["kind"]) for _, row in losses}) == len(losses)


@pytest.mark.parametrize("year", [2021, 2026])
def test_titles_held_in_unknown_years_are_refused(city: SimulatedCity, year: int) -> None:
    with pytest.raises(SimulationError, match="titles"):
        city.recognitions_held(year)
    with pytest.raises(SimulationError, match="no monthly report"):
        city.recognitions(P("2024-02"))
