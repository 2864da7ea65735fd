from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.rules.domain.forecast import Forecast, NotEnoughData
from services.rules.domain.in_force import InForce
from services.rules.domain.judged import VerdictHead
from services.rules.domain.stated_forecast import earlier_years, stated_forecast
from services.rules.domain.status import Status
from services.rules.domain.target_history import TargetHistory
from shared.kernel.period import Period
from tests.contracts.rules_rows import period
from tests.contracts.rules_targets import target

JUDGED = target("60")
MONTHS = [Period.month(2024, month) for month in (1, *range(3, 9))]


def heads(actuals: Mapping[Period, int | None], status: Status = Status.BEHIND) -> dict[Period, VerdictHead]:
    return {
        when: VerdictHead(
            verdict_id=f"verdict_{when}",
            target_version=1,
            status=Status.NO_DATA if actual is None else status,
            actual=None if actual is None else Decimal(actual),
        )
        for when, actual in actuals.items()
    }


STEADY = heads({when: 4 * when.last_month for when in MONTHS})


def test_the_forecast_is_that_of_the_latest_period_with_a_figure() -> None:
    silent = {**STEADY, **heads({period("2024-09"): None})}
    stated = stated_forecast(TargetHistory((JUDGED,)), silent, ())
    assert stated.period == period("2024-08")
    assert isinstance(stated.outcome, Forecast)
    assert stated.outcome.low <= Decimal(48) <= stated.outcome.high


def test_of_too_few_figures_there_is_a_reason_and_no_number() -> None:
    stated = stated_forecast(TargetHistory((JUDGED,)), heads({MONTHS[0]: 3}), ())
    assert isinstance(stated.outcome, NotEnoughData)


def test_nothing_is_foreseen_of_what_never_had_a_figure_or_is_demanded_no_more() -> None:
    assert stated_forecast(TargetHistory((JUDGED,)), heads({MONTHS[0]: None}), ()).is_empty
    dropped = replace(JUDGED, in_force=InForce(until=date(2024, 12, 1)))
    assert stated_forecast(TargetHistory((dropped,)), STEADY, ()).is_empty


def test_a_forecast_is_stated_anew_when_it_says_something_else() -> None:
    first, same = (stated_forecast(TargetHistory((JUDGED,)), STEADY, ()) for _ in range(2))
    other = stated_forecast(TargetHistory((JUDGED,)), {**STEADY, **heads({MONTHS[-1]: 40})}, ())
    assert first.fingerprint == same.fingerprint != other.fingerprint


def test_earlier_years_are_those_of_the_same_figure() -> None:
    before = target("50", year=2023)
    elsewhere = replace(before, place=replace(before.place, id="321322"))
    assert earlier_years(JUDGED, [JUDGED, before, target("70", year=2025), elsewhere]) == (before,)
