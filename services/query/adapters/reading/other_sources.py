"""What other sources say of a row than the one that governs: the best authority's, of equals a final one, then the newest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

_ORIGIN = frozenset(
    [
        "city",
        "period",
        "period_end",
        "sequence",
        "source",
        "submission_id",
        "row_number",
        "recorded_at",
        "simulated",
        "authority",
        "rank",
        "precedence",
    ]
)
Told = str | int | bool | None


class OtherRow(BaseModel):
    """What another source says of the same cell."""

    model_config = ConfigDict(extra="ignore")

    source: str
    authority: str | None
    rank: int | None = Field(description="rank of the authority, 1 is the best; null for one that has none")
    submission_id: str
    row_number: int
    sequence: int
    recorded_at: datetime
    simulated: bool
    differs: dict[str, Told] = Field(description="every value that is not the governing one's, by its name")


class Governing(BaseModel):
    """What stands beside a row that governs."""

    others: list[OtherRow] = Field(description="what other sources say of the same, the next best authority first")
    conflict: bool = Field(description="another source says otherwise")


@dataclass(frozen=True, slots=True)
class Cell:
    """The row of one cell that governs, and what the other sources say of it."""

    row: RowMapping
    others: tuple[OtherRow, ...]

    @property
    def fields(self) -> dict[str, object]:
        """As the members of `Governing`."""
        return {"others": self.others, "conflict": any(one.differs for one in self.others)}


def cells_of(rows: Sequence[RowMapping], *names: str) -> Iterator[Cell]:
    """Yield the cells of what all sources state; rows of a cell stand together, in the order of precedence."""
    for _, stated in groupby(rows, key=itemgetter(*names)):
        governing, *others = stated
        yield Cell(governing, tuple(_other(governing, one) for one in others))


def _other(governing: RowMapping, other: RowMapping) -> OtherRow:
    differs = {name: _told(value) for name, value in other.items() if name not in _ORIGIN and value != governing[name]}
    return OtherRow.model_validate({**other, "differs": differs})


def _told(value: object) -> Told:
    match value:
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case str() | int() | None:
            return value
    raise TypeError(f"no row holds a {type(value).__name__}")
