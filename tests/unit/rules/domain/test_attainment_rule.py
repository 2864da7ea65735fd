from decimal import Decimal

import pytest

from services.rules.domain.attainment_rule import AttainmentRule, fires_in
from services.rules.domain.forecast import Forecast, Method, NotEnoughData
from services.rules.domain.forecast_reasons import too_few_points
from shared.kernel.period import Period
from tests.contracts.rules_rows import period

RULE = AttainmentRule(below=Decimal("0.5"), hold=2)


def told(probability: str | None) -> Forecast | NotEnoughData:
    if probability is None:
        return NotEnoughData(too_few_points(3, 4), 3)
    return Forecast(
        period=period("2024-12"),
        point=Decimal(60),
        low=Decimal(50),
        high=Decimal(70),
        probability=Decimal(probability),
        method=Method.EVENTS,
        points=5,
    )


def by_month(*probabilities: str | None) -> dict[Period, Forecast | NotEnoughData]:
    return {Period.month(2024, month): told(one) for month, one in enumerate(probabilities, start=4)}


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        pytest.param(["0.6", "0.4", "0.4"], ["2024-06"], id="in the second month below"),
        pytest.param(["0.4", "0.4", "0.4"], ["2024-05", "2024-06"], id="as long as it stays below"),
        pytest.param(["0.4", "0.6", "0.4"], [], id="a month above begins anew"),
        pytest.param(["0.4", "0.5", "0.4"], [], id="exactly the bound is not below"),
        pytest.param(["0.4", None, "0.4"], ["2024-06"], id="too little data neither counts nor interrupts"),
        pytest.param([None, None, "0.4"], [], id="too little data is not a low probability"),
        pytest.param(["0.4", "0.4", "0.6", "0.1", "0"], ["2024-05", "2024-08"], id="it may fire again"),
    ],
)
def test_the_rule_fires_after_two_months_below(probabilities: list[str | None], expected: list[str]) -> None:
    assert [str(one) for one in fires_in(RULE, by_month(*probabilities))] == expected


def test_the_order_of_the_forecasts_does_not_matter() -> None:
    forecasts = by_month("0.6", "0.4", "0.4")
    assert fires_in(RULE, dict(reversed(forecasts.items()))) == (period("2024-06"),)
