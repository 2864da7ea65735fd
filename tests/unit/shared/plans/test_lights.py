from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.plans.lights import Alerting, ForecastRule, LightBand, Lights, LightsCoverageError, LightsFile
from shared.plans.loader import parse
from shared.plans.model import BilingualName
from tests.unit.shared.plans.conftest import ROOT

(DEFAULT,) = (one for one in parse(ROOT / "plans" / "lights.yaml", LightsFile).model.lights if one.id == "default")


@pytest.mark.parametrize(
    ("shortfall", "light"),
    [
        ("-5", "green"),
        pytest.param("0", "green", id="exactly on the pace"),
        pytest.param("0.01", "yellow", id="just behind"),
        ("10", "yellow"),
        pytest.param("30", "yellow", id="exactly at the bound"),
        pytest.param("30.0001", "red", id="just over the bound"),
        ("100", "red"),
    ],
)
def test_default_lights_at_their_bounds(shortfall: str, light: str) -> None:
    assert DEFAULT.light_of(Decimal(shortfall)) == light


@given(st.decimals(min_value=-1000, max_value=1000, places=4))
def test_default_lights_cover_every_number(shortfall: Decimal) -> None:
    assert DEFAULT.light_of(shortfall) in {"green", "yellow", "red"}


def test_default_lights_name_their_unit_and_that_they_are_ours() -> None:
    """Trap 8: points and per cent both occur."""
    assert DEFAULT.unit == "points"
    assert "本软件默认值" in DEFAULT.source.zh


def test_a_number_in_no_band_is_an_error_not_a_colour() -> None:
    name = BilingualName(zh="测试", en="test")
    lights = Lights(id="x", name=name, unit="points", source=name, bands=(LightBand(light="green", to=Decimal(0)),))
    with pytest.raises(LightsCoverageError, match="0 bands hold 1"):
        lights.light_of(Decimal(1))


@pytest.mark.parametrize(
    "bounds", [{"from": "0", "over": "0"}, {"to": "1", "under": "1"}, {"over": "2", "to": "1"}, {"over": 2}]
)
def test_contradictory_bounds_are_refused(bounds: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="LightBand"):
        LightBand.model_validate({"light": "red", **bounds})


def test_forecasts_raise_nothing_by_default_and_are_then_not_written_either() -> None:
    """Plans stored before there was such a rule stay what they are: nothing is judged anew because of it."""
    assert DEFAULT.alerting.forecast is None
    assert "forecast" not in DEFAULT.model_dump(mode="json")["alerting"]


def test_a_rule_on_forecasts_is_written_and_read_alike() -> None:
    rule = ForecastRule.model_validate({"below": "0.5", "hold": 2})
    alerting = Alerting(forecast=rule)
    assert Alerting.model_validate_json(alerting.model_dump_json()) == alerting
    assert (rule.severities.binding, rule.severities.expected) == ("yellow", "yellow")
