"""Every derivation that the catalogue can name becomes one that rules can compute."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter

from services.rules.adapters.plan_derivations import counts_within_horizon, derivation_of
from services.rules.domain import quantity as domain
from services.rules.domain.errors import UnsupportedPlanError
from services.rules.domain.quantity import FirmAmount, Line, ProjectAmount, ProjectChoice, ProjectEvent
from shared.plans.catalogue import Derivation, Indicator
from shared.plans.mention import Target
from shared.plans.schema import Clause
from tests.contracts.rules_rows import WAN, YI

SIGNAL = {
    "kind": "above_scale_candidate",
    "slug": "candidate",
    "name": {"zh": "候选", "en": "candidate"},
    "alert": False,
    "quote": "示例",
    "min_revenue_yuan": "20000000",
}
CLAUSE = Clause.model_validate({"id": "m1", "kind": "measure", "title": "示例", "signals": [SIGNAL]}, strict=False)
YEARLY_GROWTH = {"measure": "growth", "bases": ["year"], "authority": "示例统计局", "availability": "published"}


def indicator(derived: dict[str, Any] | None, reported: dict[str, Any] | None = None) -> Indicator:
    return Indicator.model_validate(
        {
            "id": "example",
            "name": {"zh": "示例", "en": "example"},
            "definition": {"zh": "示例", "en": "example"},
            "unit": "个",
            "kind": "count",
            "integer": False,
            "derived": derived,
            "reported": reported,
        },
        strict=False,
    )


def target(horizon: dict[str, Any]) -> Target:
    return Target.model_validate(
        {
            "slug": "example",
            "name": {"zh": "示例", "en": "example"},
            "indicator": "example",
            "value": "1",
            "comparator": "ge",
            "comparator_stated": True,
            "direction": "up",
            "unit": "个",
            "horizon": horizon,
            "quote": "示例",
        },
        strict=False,
    )


ANNUAL = target({"kind": "annual"})
STARTS = {"kind": "count_projects", "event": "started", "min_total_yuan": "100000000"}


@pytest.mark.parametrize(
    ("derived", "expected"),
    [
        (
            STARTS,
            domain.CountProjects(ProjectChoice(event=ProjectEvent.STARTED, total=Line(YI, inclusive=True))),
        ),
        (
            {
                "kind": "sum_projects",
                "field": "completed",
                "event": "in_production",
                "min_total_yuan": "100000000",
                "inclusive": False,
                "min_equipment_yuan": "10000",
                "equipment_inclusive": False,
                "kinds": ["retrofit"],
                "industries": ["38"],
            },
            domain.SumProjects(
                ProjectChoice(
                    event=ProjectEvent.IN_PRODUCTION,
                    total=Line(YI, inclusive=False),
                    equipment=Line(WAN, inclusive=False),
                    kinds=frozenset({"retrofit"}),
                    industries=("38",),
                ),
                ProjectAmount.COMPLETED,
            ),
        ),
        (
            {"kind": "count_firms_crossing", "min_revenue_yuan": "100000000", "inclusive": False},
            domain.FirmsOver(Line(YI, inclusive=False), newly=True),
        ),
        (
            {"kind": "count_firms_above", "min_revenue_yuan": "100000000", "inclusive": True, "industries": ["26"]},
            domain.FirmsOver(Line(YI, inclusive=True), newly=False, industries=("26",)),
        ),
        ({"kind": "net_above_scale"}, domain.NetAboveScale(2000 * WAN)),
        ({"kind": "count_register", "industries": ["26"]}, domain.CountRegister(("26",))),
        ({"kind": "sum_firms", "field": "rd"}, domain.SumFirms(FirmAmount.RD)),
        (
            {
                "kind": "count_recognitions",
                "count": "grants",
                "titles": [{"kind": "champion", "levels": ["national"]}],
                "register_only": True,
            },
            domain.CountRecognitions(
                count=domain.TitleCount.GRANTS,
                titles=(domain.Title("champion", frozenset({"national"})),),
                register_only=True,
            ),
        ),
        (
            {
                "kind": "ratio",
                "numerator": {"kind": "sum_firms", "field": "rd"},
                "denominator": {"kind": "sum_firms", "field": "revenue"},
                "factor": "100",
            },
            domain.Ratio(domain.SumFirms(FirmAmount.RD), domain.SumFirms(FirmAmount.REVENUE), Fraction(100)),
        ),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_a_derivation_of_the_catalogue(derived: dict[str, Any], expected: domain.Derivation) -> None:
    assert derivation_of(indicator(derived), ANNUAL, CLAUSE) == expected


def test_the_catalogue_knows_no_other_derivation() -> None:
    kinds = TypeAdapter(Derivation).json_schema()["discriminator"]["mapping"]
    assert set(kinds) == {
        "count_projects",
        "sum_projects",
        "count_firms_crossing",
        "count_firms_above",
        "net_above_scale",
        "count_register",
        "sum_firms",
        "count_recognitions",
        "ratio",
    }


def test_a_derived_figure_governs_and_a_published_one_stands_beside_it() -> None:
    both = indicator({"kind": "count_register"}, {**YEARLY_GROWTH, "measure": "level"})
    assert derivation_of(both, ANNUAL, CLAUSE) == domain.CountRegister()


def test_mean_growth_takes_the_published_growth_of_each_year() -> None:
    growth = target({"kind": "growth", "year": 2025, "since": 2020})
    found = derivation_of(indicator(None, YEARLY_GROWTH), growth, CLAUSE)
    assert found == domain.MeanGrowth(("year",), 2020)
    assert found.years(2023) == (2021, 2022, 2023)
    with pytest.raises(UnsupportedPlanError):
        derivation_of(indicator(None, {**YEARLY_GROWTH, "measure": "level"}), growth, CLAUSE)


@pytest.mark.parametrize(
    ("derived", "within"),
    [
        (STARTS, True),
        ({"kind": "net_above_scale"}, True),
        ({"kind": "count_recognitions", "count": "grants", "titles": [{"kind": "champion"}]}, True),
        ({"kind": "count_recognitions", "count": "holders", "titles": [{"kind": "champion"}]}, False),
        ({"kind": "count_register"}, False),
        (
            {"kind": "ratio", "numerator": STARTS, "denominator": {"kind": "count_register"}, "factor": "1"},
            True,
        ),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_which_figures_count_only_what_falls_into_the_horizon(derived: dict[str, Any], *, within: bool) -> None:
    assert counts_within_horizon(indicator(derived)) is within


@pytest.mark.parametrize(
    ("accepts", "final_only"), [({}, False), ({"accepts": "any"}, False), ({"accepts": "final"}, True)]
)
def test_an_indicator_says_which_figures_it_accepts(accepts: dict[str, str], *, final_only: bool) -> None:
    published = indicator(None, {**YEARLY_GROWTH, **accepts})
    assert derivation_of(published, ANNUAL, CLAUSE) == domain.ReportedFigure("growth", ("year",), final_only=final_only)
    mean = derivation_of(published, target({"kind": "growth", "since": 2020, "year": 2025}), CLAUSE)
    assert mean == domain.MeanGrowth(("year",), 2020, final_only=final_only)


def test_an_indicator_that_accepts_any_figure_is_stored_as_it_was_before_it_could_say_so() -> None:
    stored = indicator(None, {**YEARLY_GROWTH, "accepts": "any"}).model_dump(mode="json", by_alias=True)
    assert stored["reported"] == YEARLY_GROWTH
    strict = indicator(None, {**YEARLY_GROWTH, "accepts": "final"}).model_dump(mode="json", by_alias=True)
    assert strict["reported"] == {**YEARLY_GROWTH, "accepts": "final"}


SUMS: list[dict[str, Any]] = [
    {"kind": "sum_firms", "field": "rd"},
    {"kind": "sum_projects", "event": "started", "field": "completed"},
]


@pytest.mark.parametrize("derived", SUMS, ids=lambda derived: derived["kind"])
def test_a_sum_says_how_many_need_not_tell_their_amount(derived: dict[str, Any]) -> None:
    strict = derivation_of(indicator(derived), ANNUAL, CLAUSE)
    lenient = derivation_of(indicator({**derived, "untold_up_to": "5"}), ANNUAL, CLAUSE)
    assert isinstance(strict, domain.SumFirms | domain.SumProjects)
    assert strict.untold_up_to == 0
    assert lenient == replace(strict, untold_up_to=Fraction(1, 20))


@pytest.mark.parametrize("derived", SUMS, ids=lambda derived: derived["kind"])
def test_a_sum_that_everyone_must_tell_is_stored_as_it_was_before_it_could_say_so(derived: dict[str, Any]) -> None:
    stored = indicator({**derived, "untold_up_to": "0"}).model_dump(mode="json", by_alias=True)
    assert "untold_up_to" not in stored["derived"]
    stored = indicator({**derived, "untold_up_to": "5"}).model_dump(mode="json", by_alias=True)
    assert stored["derived"]["untold_up_to"] == "5"
