"""`/v1/alerts`, `/v1/signals`."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.query.adapters.api.answers import answers
from services.query.adapters.dependencies import ReaderDependency
from services.query.adapters.reading.alerts import Alert, AlertDetail, AlertParameters, list_alerts, read_alert
from services.query.adapters.reading.reader import Page
from services.query.adapters.reading.signals import Signal, SignalParameters, list_signals

router = APIRouter(prefix="/v1")


@router.get("/alerts", tags=["alerts"], summary="Alerts", responses=answers())
async def alerts(reader: ReaderDependency, parameters: Annotated[AlertParameters, Query()]) -> Page[Alert]:
    """The one opened last first."""
    return await list_alerts(reader, parameters)


@router.get("/alerts/{alert_id}", tags=["alerts"], summary="One alert", responses=answers(404))
async def alert(reader: ReaderDependency, alert_id: str) -> AlertDetail:
    """With the finding, the history and every notice."""
    return await read_alert(reader, alert_id)


@router.get("/signals", tags=["signals"], summary="Signals", responses=answers())
async def signals(reader: ReaderDependency, parameters: Annotated[SignalParameters, Query()]) -> Page[Signal]:
    """Entity-level rules that hit, the one known last first."""
    return await list_signals(reader, parameters)
