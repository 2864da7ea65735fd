"""A finding as far as one alert is concerned: a key's finding speaks of all its breaches, an alert is one of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson

from services.alerts.domain.alert import Alert, Ground, State
from services.alerts.domain.finding import Run as Breach
from shared.contracts.findings import AttainmentForecast, Corrected, FindingChanged, Judgement, Run
from shared.kernel.period import Period

_FORECAST = "forecast"
_OWN = {"state", "severity", "period", "since", "judgement", "figures", "subjects", _FORECAST}


def concerning(event: FindingChanged, alert: Alert) -> FindingChanged:
    """Return the finding with state, periods, judgement and figures of the alert's own breach.

    Of a retracted alert these are how its last period is judged now, of an ended one what ended it, as far as the finding
    says it. Doing it again changes nothing, and neither does it with findings of before there were runs.
    """
    if event.runs is None or alert.ground is Ground.TARGET_WITHDRAWN:
        return event
    if alert.state is State.RETRACTED:
        return _retracted(event, alert.run)
    return _recovered(event, alert) if not alert.is_active else _breach(event, alert.run)


def document_of(alert: Alert) -> dict[str, Any]:
    """Return the JSON of the alert's finding as far as it concerns the alert; what this version does not know stays.

    A forecast stands in it where the alert has one, and nowhere else.
    """
    document: dict[str, Any] = orjson.loads(alert.finding.document)
    viewed = concerning(FindingChanged.model_validate(document), alert).model_dump(mode="json", include=_OWN)
    document.pop(_FORECAST, None)
    return document | {name: value for name, value in viewed.items() if name in document or name == _FORECAST}


def judgement_of(event: FindingChanged, run: Breach) -> Judgement | None:
    """Return the judgement of the last period in breach; None where the finding does not say it."""
    told = run_of(event, run)
    if told is not None and told.judgement is not None:
        return told.judgement
    return event.judgement if event.state == "breach" and event.period == run.until else None


def forecast_of(event: FindingChanged, run: Breach) -> AttainmentForecast | None:
    """Return the forecast of the last period in breach; None where the finding does not say it, as of other kinds."""
    told = run_of(event, run)
    if told is not None and told.forecast is not None:
        return told.forecast
    return event.forecast if event.state == "breach" and event.period == run.until else None


def run_of(event: FindingChanged, run: Breach) -> Run | None:
    """Return the run of the finding that this breach is."""
    return next((one for one in event.runs or () if (one.since, one.until) == (run.since, run.until)), None)


def _breach(event: FindingChanged, run: Breach) -> FindingChanged:
    told = run_of(event, run)
    own = event.state == "breach" and event.period == run.until
    figures = told.figures if told is not None and told.figures else event.figures if own else ()
    return event.model_copy(
        update={
            "state": "breach",
            "severity": run.severity.value,
            "period": run.until,
            "since": run.since,
            "judgement": judgement_of(event, run),
            "figures": figures,
            "forecast": forecast_of(event, run),
        }
    )


def _recovered(event: FindingChanged, alert: Alert) -> FindingChanged:
    if event.state == "clear" and event.period == alert.period:
        return event
    return _cleared(event, since=alert.period, period=alert.period)


def _retracted(event: FindingChanged, run: Breach) -> FindingChanged:
    now = _corrected(event.corrected, run)
    if now is None:
        return _cleared(event, since=run.since, period=run.until)
    return _cleared(event, since=run.since, period=run.until, now=now)


def _corrected(corrected: Sequence[Corrected], run: Breach) -> Corrected | None:
    """Return what is said of the run's last period, else of any period of it."""
    sharing = [one for one in corrected if _end(one.since) <= run.last and run.first <= _end(one.until)]
    exact = [one for one in sharing if _end(one.until) == run.last]
    return next(iter((*exact, *sharing)), None)


def _end(period: str) -> date:
    return Period.parse(period).end


def _cleared(
    event: FindingChanged,
    *,
    since: str,
    period: str,
    now: Corrected | None = None,
) -> FindingChanged:
    return event.model_copy(
        update={
            "state": "clear",
            "severity": None,
            "period": period,
            "since": since,
            "judgement": None if now is None else now.judgement,
            "figures": () if now is None else now.figures,
            "subjects": (),
            "forecast": None if now is None else now.forecast,
        }
    )
