"""`/v1/shadows`."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.query.adapters.api.answers import answers
from services.query.adapters.dependencies import ReaderDependency
from services.query.adapters.reading.reader import Page
from services.query.adapters.reading.shadows import (
    Shadow,
    ShadowAlert,
    ShadowAlertParameters,
    ShadowParameters,
    list_shadow_alerts,
    list_shadows,
    read_shadow,
)

router = APIRouter(prefix="/v1/shadows", tags=["shadows"])


@router.get("", summary="Rules in shadow", responses=answers())
async def shadows(reader: ReaderDependency, parameters: Annotated[ShadowParameters, Query()]) -> Page[Shadow]:
    """By name. They raise nothing and tell nobody; only the present is kept, so `as_of` is refused."""
    return await list_shadows(reader, parameters)


@router.get("/{name}", summary="One rule in shadow", responses=answers(404))
async def shadow(reader: ReaderDependency, name: str) -> Shadow:
    """How far it is, and how many alerts differ."""
    return await read_shadow(reader, name)


@router.get("/{name}/alerts", summary="Alerts beside the live ones", responses=answers(404))
async def shadow_alerts(
    reader: ReaderDependency, name: str, parameters: Annotated[ShadowAlertParameters, Query()]
) -> Page[ShadowAlert]:
    """What the shadow would have raised beside what the live rules raised, the differing first."""
    return await list_shadow_alerts(reader, name, parameters)
