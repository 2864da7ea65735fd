"""How a feed declares its columns."""

from dataclasses import dataclass
from enum import StrEnum

MAX_MONEY_YUAN = 10**15
"""1,000万亿元: nothing a city reports comes near it, and it fits a bigint."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    USCC = "uscc"
    PROJECT_CODE = "project_code"
    AREA = "area"
    INDUSTRY = "industry"
    INDICATOR = "indicator"
    TITLE_KIND = "title_kind"
    PERIOD = "period"
    YEAR = "year"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    MONEY = "money"
    NUMBER = "number"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `field` is its name in the event; money is written in 万元 and sent in 元.

    `unit` is the unit a file gives the value in; `negative` says whether values below zero are legal;
    `default` stands for an empty cell.
    """

    name: str
    kind: Kind
    zh: str
    field: str
    required: bool = False
    unit: str | None = None
    negative: bool = False
    choices: tuple[str, ...] = ()
    default: str | None = None
