"""What routes ask for; `http_app` puts it into the application's state."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from services.query.adapters.http_errors import REQUEST_INVALID
from services.query.adapters.pages.renderer import Renderer
from services.query.adapters.reading.reader import OpenReader, Reader
from services.query.application.ports import AlertActions


def _open_reader(request: Request) -> OpenReader:
    if any("\x00" in part for part in (request.url.path, request.scope["path"], *request.query_params.values())):
        raise REQUEST_INVALID  # PostgreSQL knows no such text
    open_reader: OpenReader = request.app.state.open_reader
    return open_reader


async def _reader(request: Request) -> AsyncIterator[Reader]:
    async with _open_reader(request)() as reader:
        yield reader


def _renderer(request: Request) -> Renderer:
    renderer: Renderer = request.app.state.renderer
    return renderer


def _alert_actions(request: Request) -> AlertActions:
    actions: AlertActions = request.app.state.alert_actions
    return actions


OpenReaderDependency = Annotated[OpenReader, Depends(_open_reader)]
ReaderDependency = Annotated[Reader, Depends(_reader)]
RendererDependency = Annotated[Renderer, Depends(_renderer)]
AlertActionsDependency = Annotated[AlertActions, Depends(_alert_actions)]
