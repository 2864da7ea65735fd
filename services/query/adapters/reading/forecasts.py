"""Forecasts as they were stated: what is expected of a target at the end of its horizon."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from services.query.adapters.reading.reader import Reader
from services.query.adapters.views import FORECASTS
from shared.contracts.findings import Reason
from shared.contracts.wire import Number


class Forecast(BaseModel):
    """What is expected at `horizon` from what was known up to `period`; without numbers `reason` says why there are none."""

    model_config = ConfigDict(extra="ignore")

    period: str
    horizon: str
    recorded_at: datetime
    point: Number | None = Field(description="the median, in the target's unit")
    low: Number | None = Field(description="lower end of the 80 % interval")
    high: Number | None = Field(description="upper end of the 80 % interval")
    probability: Number | None = Field(description="of attaining the goal; 0 or 1 only when that is decided")
    method: str | None
    points: int = Field(description="how many known values it was learnt from")
    reason: Reason | None


async def forecast_at(reader: Reader, target_id: str, period: str) -> Forecast | None:
    """Return the newest forecast stated as of a period."""
    return await _newest(reader, target_id, period)


async def forecast_now(reader: Reader, target_id: str) -> Forecast | None:
    """Return what is stated of a target now."""
    return await _newest(reader, target_id, None)


async def _newest(reader: Reader, target_id: str, period: str | None) -> Forecast | None:
    stated = select(FORECASTS).where(FORECASTS.c.target_id == target_id).order_by(FORECASTS.c.sequence.desc()).limit(1)
    row = await reader.find(stated if period is None else stated.where(FORECASTS.c.period == period))
    return None if row is None else Forecast.model_validate(row)
