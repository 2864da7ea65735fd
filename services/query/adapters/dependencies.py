"""What routes ask for; `http_app` puts it into the application's state."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.query.adapters.http_errors import REQUEST_INVALID
from services.query.adapters.looking_back import headers_of, look_back
from services.query.adapters.pages.renderer import Renderer
from services.query.adapters.reading.indicators import UPDATED_AFTER_WORDS
from services.query.adapters.reading.reader import AS_OF_WORDS, Reader, Readers
from services.query.application.ports import AlertActions
from services.query.domain.as_of import read_as_of
from services.query.domain.errors import InstantsConflictError, UpdatedAfterAsOfError

AsOfText = Annotated[str | None, Query(description=AS_OF_WORDS)]
SdmxAsOfText = Annotated[str | None, Query(alias="asOf", description="the same as `as_of`, as SDMX names it")]


def _readers(request: Request) -> Readers:
    if any("\x00" in part for part in (request.url.path, request.scope["path"], *request.query_params.values())):
        raise REQUEST_INVALID  # PostgreSQL knows no such text
    readers: Readers = request.app.state.readers
    return readers


async def _reader(request: Request, response: Response, as_of: AsOfText = None) -> AsyncIterator[Reader]:
    async with _opened(request, response, as_of) as reader:
        yield reader


async def _sdmx_reader(
    request: Request, response: Response, as_of: AsOfText = None, sdmx_as_of: SdmxAsOfText = None
) -> AsyncIterator[Reader]:
    async with _opened(request, response, as_of, sdmx_as_of) as reader:
        yield reader


def _opened(request: Request, response: Response, *given: str | None) -> AbstractAsyncContextManager[Reader]:
    readers = _readers(request)
    now = readers.clock()
    instants = {read_as_of(text, now=now) for text in given if text}
    if len(instants) > 1:
        raise InstantsConflictError
    as_of = next(iter(instants), None)
    look_back(request, as_of)
    response.headers.update(headers_of(as_of))
    return readers.open(as_of)


ReadersDependency = Annotated[Readers, Depends(_readers)]
SdmxReaderDependency = Annotated[Reader, Depends(_sdmx_reader)]


async def _updated_after(
    readers: ReadersDependency,
    reader: SdmxReaderDependency,
    text: Annotated[str | None, Query(alias="updatedAfter", description=UPDATED_AFTER_WORDS)] = None,
) -> datetime | None:
    if not text:
        return None
    after = read_as_of(text, now=readers.clock(), parameter="updatedAfter")
    if reader.as_of is not None and after.asked > reader.as_of.asked:
        raise UpdatedAfterAsOfError
    return after.instant


def _renderer(request: Request) -> Renderer:
    renderer: Renderer = request.app.state.renderer
    return renderer


def _alert_actions(request: Request) -> AlertActions:
    actions: AlertActions = request.app.state.alert_actions
    return actions


ReaderDependency = Annotated[Reader, Depends(_reader)]
UpdatedAfterDependency = Annotated[datetime | None, Depends(_updated_after)]
RendererDependency = Annotated[Renderer, Depends(_renderer)]
AlertActionsDependency = Annotated[AlertActions, Depends(_alert_actions)]
