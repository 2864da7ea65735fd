"""The truth summaries against a count of the rows, and against the story that the scenario promises."""

import itertools
from collections import Counter
from decimal import Decimal

import pytest

from shared.kernel.period import Period
from shared.simulation.city import SimulatedCity
from shared.simulation.firm_rows import Row
from shared.simulation.ratings import Stage
from shared.simulation.scenario import FIRM_TIERS, PROJECT_TIERS, RECOVERY, SHORTFALL
from shared.simulation.truth import accepted_starts, candidates, expected_facts, final_d, newly_above

P = Period.parse


def starts_in_rows(rows: list[Row], period: Period, tier: int) -> int:
    return sum(
        row["start_evidence"] == "accepted"
        and str(row["started_on"]).startswith(str(period.year))
        and int(str(row["planned_total"])) >= tier
        for row in rows
    )


def test_starts_register_and_flows_are_those_of_the_rows(city: SimulatedCity) -> None:
    entries, exits = 0, 0
    for period in city.periods(closing=True)[1:]:
        facts = expected_facts(city, period)
        if period.last_month == 3:
            entries, exits = 0, 0
        firms, projects = list(city.enterprises(period)), list(city.projects(period))
        since = period.start.isoformat()
        entries += sum(str(row["entered_on"] or "") >= since for row in firms)
        exits += sum(row["exited_on"] is not None for row in firms)
        assert facts.starts == {tier: starts_in_rows(projects, period, tier) for tier in PROJECT_TIERS}
        assert facts.register == sum(row["above_scale"] is True for row in firms)
        assert (facts.entries, facts.exits) == (entries, exits)


def test_candidates_are_those_that_follow_from_the_rows(city: SimulatedCity) -> None:
    def revenue(period: str) -> dict[object, Decimal]:
        return {row["uscc"]: Decimal(str(row["revenue_ytd"])) for row in city.enterprises(P(period))}

    october, december_before, october_before = revenue("2025-10"), revenue("2024-12"), revenue("2024-10")
    counted = {
        row["uscc"]
        for row in city.enterprises(P("2025-10"))
        if not row["above_scale"]
        and row["exited_on"] is None
        and october[row["uscc"]] + december_before[row["uscc"]] - october_before[row["uscc"]] >= 2000
    }
    assert counted == {firm.uscc for firm in candidates(city, P("2025-10"))}
    assert len(counted) > 100


def test_pipeline_before_the_annual_batch_is_larger_than_the_batch(city: SimulatedCity) -> None:
    assert len(candidates(city, P("2024-12"))) == SHORTFALL.grown + SHORTFALL.held
    assert len(candidates(city, P("2024-12"), history=False)) == SHORTFALL.grown + SHORTFALL.held
    assert len(candidates(city, P("2025-01/P2M"))) == SHORTFALL.held
    assert len(candidates(city, P("2024-09"), history=False)) < len(candidates(city, P("2024-09")))


@pytest.mark.parametrize(
    ("period", "net"),
    [
        pytest.param("2024-01/P2M", 220, id="annual batch of the year before the plan"),
        pytest.param("2024-12", 42, id="nearly flat during the year"),
        pytest.param("2025-01/P2M", 287, id="2024 misses 300"),
        pytest.param("2026-01/P2M", 312, id="2025 meets 300"),
    ],
)
def test_net_entries_come_in_steps(city: SimulatedCity, period: str, net: int) -> None:
    assert expected_facts(city, P(period)).net_entries == net


def test_scripts_add_up_to_the_net_they_promise() -> None:
    assert (SHORTFALL.net, RECOVERY.net) == (287, 312)


@pytest.mark.parametrize(
    ("period", "starts"),
    [
        pytest.param("2024-03", (54, 15, 1, 0), id="on pace"),
        pytest.param("2024-06", (104, 20, 1, 0), id="10亿元 behind, 50亿元 far behind"),
        pytest.param("2024-10", (172, 50, 4, 1), id="10亿元 exactly on pace"),
        pytest.param("2024-12", (213, 63, 6, 1), id="50亿元 missed"),
        pytest.param("2025-01/P2M", (30, 11, 1, 0), id="a new year starts from nothing"),
        pytest.param("2025-12", (206, 61, 10, 2), id="50亿元 met exactly"),
    ],
)
def test_starts_follow_the_script(city: SimulatedCity, period: str, starts: tuple[int, ...]) -> None:
    assert tuple(expected_facts(city, P(period)).starts.values()) == starts


def test_tiers_nest_and_hold_projects_exactly_at_their_bound(city: SimulatedCity) -> None:
    by_tier = [set(accepted_starts(city, tier, P("2025-12"))) for tier in PROJECT_TIERS]
    for larger, smaller in itertools.pairwise(by_tier):
        assert smaller < larger
    for tier, projects in zip(PROJECT_TIERS, by_tier, strict=True):
        assert any(project.planned_total == tier for project in projects)


def test_projects_one_unit_short_of_a_tier_exist(city: SimulatedCity) -> None:
    totals = {project.planned_total for project in city.investments}
    assert {tier - 1 for tier in PROJECT_TIERS[:2]} <= totals


def test_some_starts_wait_for_evidence_and_some_never_get_it(city: SimulatedCity) -> None:
    assert all(expected_facts(city, period).pending_starts > 0 for period in city.periods()[1:])
    first = {row["code"] for row in city.projects(P("2024-05")) if row["start_evidence"] == "pending"}
    then = {row["code"]: row["start_evidence"] for row in city.projects(P("2024-12"))}
    assert {then[code] for code in first} == {"accepted", "pending"}


@pytest.mark.parametrize(("year", "crossing"), [(2024, (104, 12, 1)), (2025, (111, 9, 1))])
def test_firms_newly_above_their_tier_are_as_scripted(
    city: SimulatedCity, year: int, crossing: tuple[int, ...]
) -> None:
    december = P(f"{year}-12")
    assert tuple(len(newly_above(city, tier, december)) for tier in FIRM_TIERS) == crossing


def test_no_firm_falls_back_below_a_tier_or_stands_exactly_on_a_threshold(city: SimulatedCity) -> None:
    for firm in city.firms:
        for bound in (200_000, *(tier * 100 for tier in FIRM_TIERS)):
            assert bound not in firm.revenue
        for tier in FIRM_TIERS:
            above = [amount > tier * 100 for amount in firm.revenue]
            assert above == sorted(above)


def test_other_seeds_tell_the_same_story() -> None:
    other = SimulatedCity(4711)
    assert expected_facts(other, P("2025-01/P2M")).net_entries == 287
    assert tuple(expected_facts(other, P("2024-12")).newly_above.values()) == (104, 12, 1)


def test_final_d_list_is_shorter_than_the_preliminary_one(city: SimulatedCity) -> None:
    stages = {publication.stage: publication for publication in city.rating_stages() if publication.year == 2023}
    classes = {stage: Counter(row["class"] for row in city.ratings(at)) for stage, at in stages.items()}
    assert classes[Stage.PRELIMINARY] == classes[Stage.PUBLIC_NOTICE]
    assert 0 < classes[Stage.FINAL]["D"] < classes[Stage.PRELIMINARY]["D"]
    assert classes[Stage.FINAL]["D"] == len(final_d(city, 2023))
    assert set(classes[Stage.OBJECTED]) == {"D"}


def test_final_lists_appear_in_august_of_the_next_year(city: SimulatedCity) -> None:
    assert [str(publication.period) for publication in city.rating_stages() if publication.stage == "final"] == [
        "2024-08",
        "2025-08",
    ]
    august = expected_facts(city, P("2024-08")).final_d
    assert len(august) == 9
    assert sum(august.values()) == len(final_d(city, 2023))
    assert expected_facts(city, P("2024-07")).final_d == {}


def test_classes_have_their_shares_and_the_unrated_are_not_d(city: SimulatedCity) -> None:
    results = city.rated(2024)
    ranked = [rated for rated in results if rated.final_class != "T"]
    counts = Counter(rated.first_class for rated in ranked)
    assert counts["A"] == pytest.approx(0.20 * len(ranked), rel=0.02)
    assert counts["B"] == pytest.approx(0.40 * len(ranked), rel=0.02)
    unrated = [rated for rated in results if rated.final_class == "T"]
    assert unrated
    assert all(rated.score is None for rated in unrated)
    assert all(rated.firm.life.founded < 2023 for rated in ranked)


def test_every_rated_firm_was_above_scale_in_the_rated_year(city: SimulatedCity) -> None:
    assert all(rated.firm.life.is_above_scale(2024_12) for rated in city.rated(2024))
