"""Reads views in one snapshot a request, and pages through them by keyset."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import ColumnElement, RowMapping, Select, Table, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.query.adapters.reading.names import Names
from services.query.domain.as_of import AsOf
from services.query.domain.cursor import KeyKind, Position, decode_cursor, encode_cursor
from shared.kernel.clock import Clock

MAX_LIMIT = 500
AS_OF_WORDS: Final = (
    "look back: answer with what was known at this instant (RFC 3339 with offset), or at the end of this day in China"
)
_SETTING: Final = "planwatch.as_of"
Condition = Callable[[Any], ColumnElement[bool]]
Item = TypeVar("Item")


class PageParameters(BaseModel):
    """What every list takes. A parameter a list does not know is refused, never silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="items at most")] = 50
    cursor: Annotated[str | None, Field(max_length=2000, description="`next` of the page before")] = None
    as_of: Annotated[str | None, Field(description=AS_OF_WORDS)] = None

    modes: ClassVar[frozenset[str]] = frozenset()
    """Parameters that choose what is listed; no condition on a column, but part of what a cursor is bound to."""
    instants: ClassVar[frozenset[str]] = frozenset({"as_of"})
    """Parameters that say when; the reader itself looks from there, and binds its cursors to it."""

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, given: Any) -> Any:
        """A form sends every field: one left empty filters nothing."""
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, Mapping) else given

    @property
    def filters(self) -> dict[str, object]:
        """The filters given, by name."""
        return self.model_dump(exclude={"limit", "cursor", *self.instants, *self.modes}, exclude_none=True)

    @property
    def chosen(self) -> dict[str, object]:
        """The modes given, by name."""
        return self.model_dump(include=set(self.modes), exclude_none=True)


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

    def statement(self, filters: Mapping[str, object], after: Position | None) -> Select[Any]:
        """Return the select of what comes after a position."""
        columns = [self.view.c[name] for name in self.keys]
        statement = select(self.view).where(*(self.filters[name](value) for name, value in filters.items()))
        if after is not None:
            here = tuple_(*columns)
            statement = statement.where(here < after if self.descending else here > after)
        return statement.order_by(*(column.desc() if self.descending else column.asc() for column in columns))

    def position(self, cursor: str, binding: Mapping[str, object]) -> Position:
        """Return where a cursor points; raise InvalidCursorError for one of another list, filters or instant."""
        return decode_cursor(cursor, self.name, binding, tuple(self.keys.values()))

    def cursor_after(self, row: RowMapping, binding: Mapping[str, object]) -> str:
        """Return the cursor that goes on after this row."""
        return encode_cursor(self.name, binding, [row[name] for name in self.keys])


@dataclass(frozen=True, slots=True)
class Reader:
    """One read-only snapshot of the views as known at `as_of` (None: now), with the names of areas and indicators."""

    connection: AsyncConnection
    names: Names
    as_of: AsOf | None = None

    async def find(self, statement: Select[Any]) -> RowMapping | None:
        """Return the first row or None."""
        row: RowMapping | None = (await self.connection.execute(statement)).mappings().first()
        return row

    async def all(self, statement: Select[Any]) -> Sequence[RowMapping]:
        """Return every row."""
        rows: Sequence[RowMapping] = (await self.connection.execute(statement)).mappings().all()
        return rows

    async def page(
        self, listing: Listing, parameters: PageParameters, *conditions: ColumnElement[bool], **scope: object
    ) -> tuple[Sequence[RowMapping], str | None]:
        """Return one page of rows and the cursor of the next; `scope` are filters the address itself fixes."""
        filters = {**parameters.filters, **scope}
        binding = {**filters, **parameters.chosen, "as_of": None if self.as_of is None else self.as_of.asked}
        after = None if parameters.cursor is None else listing.position(parameters.cursor, binding)
        rows = await self.all(listing.statement(filters, after).where(*conditions).limit(parameters.limit + 1))
        if len(rows) <= parameters.limit:
            return rows, None
        kept = rows[: parameters.limit]
        return kept, listing.cursor_after(kept[-1], binding)


@dataclass(frozen=True, slots=True)
class Readers:
    """Opens readers. The clock says which instants nobody can know yet."""

    engine: AsyncEngine
    names: Names
    clock: Clock

    @asynccontextmanager
    async def open(self, as_of: AsOf | None = None) -> AsyncIterator[Reader]:
        """Open one read-only transaction that sees one moment (REPEATABLE READ), as known then or now."""
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            if as_of is not None:
                await connection.execute(select(func.set_config(_SETTING, as_of.instant.isoformat(), true())))
            yield Reader(connection, self.names, as_of)
