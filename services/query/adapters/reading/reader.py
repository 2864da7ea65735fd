"""Reads views in one snapshot a request, and pages through them by keyset."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import ColumnElement, RowMapping, Select, Table, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.query.adapters.reading.names import Names
from services.query.domain.cursor import KeyKind, decode_cursor, encode_cursor

MAX_LIMIT = 500
Condition = Callable[[Any], ColumnElement[bool]]
Item = TypeVar("Item")


class PageParameters(BaseModel):
    """What every list takes. A parameter a list does not know is refused, never silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="items at most")] = 50
    cursor: Annotated[str | None, Field(max_length=2000, description="`next` of the page before")] = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, given: Any) -> Any:
        """A form sends every field: one left empty filters nothing."""
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, Mapping) else given

    @property
    def filters(self) -> dict[str, object]:
        """The filters given, by name."""
        return self.model_dump(exclude={"limit", "cursor"}, exclude_none=True)


class Page(BaseModel, Generic[Item]):
    """One page of a list. `next` is the cursor of the following page, null on the last."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list: its view, its sort keys (unique together, all in one direction) and what it can be filtered by."""

    name: str
    view: Table
    keys: Mapping[str, KeyKind]
    descending: bool = False
    filters: Mapping[str, Condition] = field(default_factory=dict)

    def statement(self, filters: Mapping[str, object], cursor: str | None) -> Select[Any]:
        """Return the select from where the cursor points; raise InvalidCursorError for a foreign cursor."""
        columns = [self.view.c[name] for name in self.keys]
        statement = select(self.view).where(*(self.filters[name](value) for name, value in filters.items()))
        if cursor is not None:
            here = tuple_(*columns)
            position = decode_cursor(cursor, self.name, filters, tuple(self.keys.values()))
            statement = statement.where(here < position if self.descending else here > position)
        return statement.order_by(*(column.desc() if self.descending else column.asc() for column in columns))

    def cursor_after(self, row: RowMapping, filters: Mapping[str, object]) -> str:
        """Return the cursor that goes on after this row."""
        return encode_cursor(self.name, filters, [row[name] for name in self.keys])


@dataclass(frozen=True, slots=True)
class Reader:
    """One read-only snapshot of the views, with the names of areas and indicators."""

    connection: AsyncConnection
    names: Names

    async def find(self, statement: Select[Any]) -> RowMapping | None:
        """Return the first row or None."""
        row: RowMapping | None = (await self.connection.execute(statement)).mappings().first()
        return row

    async def all(self, statement: Select[Any]) -> Sequence[RowMapping]:
        """Return every row."""
        rows: Sequence[RowMapping] = (await self.connection.execute(statement)).mappings().all()
        return rows

    async def page(
        self, listing: Listing, parameters: PageParameters, **scope: object
    ) -> tuple[Sequence[RowMapping], str | None]:
        """Return one page of rows and the cursor of the next; `scope` are filters the address itself fixes."""
        filters = {**parameters.filters, **scope}
        statement = listing.statement(filters, parameters.cursor).limit(parameters.limit + 1)
        rows = await self.all(statement)
        if len(rows) <= parameters.limit:
            return rows, None
        kept = rows[: parameters.limit]
        return kept, listing.cursor_after(kept[-1], filters)


OpenReader = Callable[[], AbstractAsyncContextManager[Reader]]


def reader_opener(engine: AsyncEngine, names: Names) -> OpenReader:
    """Return what opens a reader: one read-only transaction that sees one moment (REPEATABLE READ)."""

    @asynccontextmanager
    async def open_reader() -> AsyncIterator[Reader]:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield Reader(connection, names)

    return open_reader
