"""The pages of rules in shadow."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from services.query.adapters.dependencies import ReaderDependency, RendererDependency
from services.query.adapters.reading.reader import PageParameters
from services.query.adapters.reading.shadows import (
    DIFFERENT,
    Outcome,
    ShadowAlertParameters,
    ShadowParameters,
    list_shadow_alerts,
    list_shadows,
    read_shadow,
)

router = APIRouter(prefix="/shadows", include_in_schema=False, default_response_class=HTMLResponse)


class DifferencePageParameters(PageParameters):
    """What the page of a shadow shows; `different` is everything that is not the same."""

    outcome: Outcome | Literal["different", "all"] = "different"

    @property
    def for_reading(self) -> ShadowAlertParameters:
        """The same for the API's read function."""
        outcomes: list[Outcome] | None
        match self.outcome:
            case "different":
                outcomes = DIFFERENT
            case "all":
                outcomes = None
            case one:
                outcomes = [one]
        return ShadowAlertParameters(limit=self.limit, cursor=self.cursor, outcome=outcomes)


@router.get("")
async def shadows(
    request: Request,
    reader: ReaderDependency,
    renderer: RendererDependency,
    parameters: Annotated[ShadowParameters, Query()],
) -> HTMLResponse:
    """The rules in shadow."""
    found = await list_shadows(reader, parameters)
    simulated = any(one.simulated for one in found.items)
    return renderer.page(request, "shadows.html", shadows=found, simulated=simulated)


@router.get("/{name}")
async def shadow(
    request: Request,
    reader: ReaderDependency,
    renderer: RendererDependency,
    name: str,
    parameters: Annotated[DifferencePageParameters, Query()],
) -> HTMLResponse:
    """One of them: the difference."""
    found = await read_shadow(reader, name)
    alerts = await list_shadow_alerts(reader, name, parameters.for_reading)
    return renderer.page(
        request, "shadow.html", shadow=found, alerts=alerts, parameters=parameters, simulated=found.simulated
    )
