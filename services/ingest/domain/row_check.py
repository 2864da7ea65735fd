"""Checks rows against their feed's table: a row becomes canonical content, or findings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from services.ingest.domain.areas import AreaCheck, Areas
from services.ingest.domain.cells import (
    Parse,
    choice_parser,
    integer_parser,
    money_parser,
    number_parser,
    parse_boolean,
    parse_date,
    parse_text,
    parse_year,
)
from services.ingest.domain.columns import Column, Kind
from services.ingest.domain.envelope import Envelope
from services.ingest.domain.errors import CellError, Flaw
from services.ingest.domain.feeds import FeedName, FeedTable
from services.ingest.domain.finding import FindingList, finding_of
from services.ingest.domain.identifiers import doubt_project_code, doubt_uscc, parse_project_code, parse_uscc
from services.ingest.domain.indicator_figure import FigureCheck, IndicatorCatalogue
from services.ingest.domain.report_period import parse_period
from services.ingest.domain.sender import Sender
from services.ingest.domain.title import TitleKinds, check_title_dates, title_kind_parser, title_level_rule

MAX_WARNINGS_LISTED = 1_000
CELL_SEPARATOR = "|"
RowRule = Callable[[dict[str, Any]], None]
"""Looks at the content of a row whose cells are all right; it may complete it, and raises CellError."""
_DOUBTS: Mapping[Kind, Callable[[str], Flaw | None]] = {Kind.USCC: doubt_uscc, Kind.PROJECT_CODE: doubt_project_code}
_MISSING_COLUMN = Flaw("column.missing", "缺少必填列。", "A required column is missing.")
_UNKNOWN_COLUMN = Flaw("column.unknown", "该报表没有此列。", "This feed has no such column.")
_MISSING_VALUE = Flaw("value.missing", "必填项为空。", "A required value is missing.")
_ROW_FORM = Flaw("row.form", "每条记录应为一个对象。", "Every row must be an object.")
_INDUSTRY = Flaw(
    "industry.unknown",
    "行业代码不属于《国民经济行业分类》（GB/T 4754—2017）中的工业（B、C、D门类）。",
    "This is no industry code of GB/T 4754-2017, sections B to D.",
)


class Industries(Protocol):
    """Knows the industries of GB/T 4754."""

    def is_known(self, code: str) -> bool:
        """Whether a feed may name this code."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceData:
    """What rows are checked against."""

    areas: Areas
    industries: Industries
    indicators: IndicatorCatalogue
    titles: TitleKinds


class CheckedRow(NamedTuple):
    """A row that passed. `cell` is its key as text; `content` is what is compared and sent besides the key.

    `edition` is the place of its stage (0 for feeds without stages).
    """

    row: int
    cell: str
    area: str
    edition: int
    content: dict[str, Any]


class UnreadableRow(NamedTuple):
    """A row whose values cannot be told apart, as its reader hands it over."""

    flaw: Flaw
    column: str | None = None


class _Cell(NamedTuple):
    name: str
    field: str
    required: bool
    default: str | None
    parse: Parse
    doubt: Callable[[str], Flaw | None] | None


class RowCheck:
    """Checks the rows of one submission, one after the other, and keeps what it found."""

    def __init__(
        self, table: FeedTable, envelope: Envelope, sender: Sender, *, reference: ReferenceData, today: date
    ) -> None:
        self.errors = FindingList()
        self.warnings = FindingList(limit=MAX_WARNINGS_LISTED)
        self.received = 0
        self.foreign = 0
        self._table = table
        self._names = table.names
        areas = AreaCheck(reference.areas, city=sender.city, scope=envelope.area, on=envelope.period.end)
        self._cells = tuple(_compile(column, areas, reference, today) for column in table.columns)
        self._rules = _row_rules(table.feed, envelope, sender, reference)
        self._editions = {stage: number for number, stage in enumerate(table.stages)}
        self._first_rows: dict[str, int] = {}

    def check_header(self, header: frozenset[str]) -> None:
        """Check the columns of a file that names them once."""
        for name in sorted(header - self._names):
            self.errors.add(finding_of(_UNKNOWN_COLUMN, row=None, column=name, value=None))
        for cell in self._cells:
            if cell.required and cell.name not in header:
                self.errors.add(finding_of(_MISSING_COLUMN, row=None, column=cell.name, value=None))

    def check(self, raw: object) -> CheckedRow | None:
        """Check the next row; None when it has an error."""
        self.received += 1
        row = self.received
        if isinstance(raw, UnreadableRow):
            self.errors.add(finding_of(raw.flaw, row=row, column=raw.column, value=None))
            return None
        if not isinstance(raw, Mapping):
            self.errors.add(finding_of(_ROW_FORM, row=row, column=None, value=raw))
            return None
        before = self.errors.total
        if not raw.keys() <= self._names:
            self._refuse_unknown(row, raw)
        content = self._content(row, raw)
        if self.errors.total == before:
            self._apply_rules(row, content)
        if self.errors.total > before:
            return None
        return self._keyed(row, content)

    def _content(self, row: int, raw: Mapping[str, object]) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for name, field, required, default, parse, doubt in self._cells:
            value = raw.get(name)
            if isinstance(value, str):
                value = value.strip()
            if value is None or value == "":
                content[field] = default
                if required:
                    self._add_error(_MISSING_VALUE, row, name, None)
                continue
            try:
                parsed = content[field] = parse(value)
            except CellError as error:
                self._add_error(error.flaw, row, name, value)
                continue
            if doubt is not None and (flaw := doubt(str(parsed))) is not None:
                self.warnings.add(finding_of(flaw, row=row, column=name, value=value))
        return content

    def _apply_rules(self, row: int, content: dict[str, Any]) -> None:
        for rule in self._rules:
            try:
                rule(content)
            except CellError as error:
                value = content.get(error.column or "")
                self._add_error(error.flaw, row, error.column, value)

    def _keyed(self, row: int, content: dict[str, Any]) -> CheckedRow | None:
        area = content["area"]
        edition = self._editions[content[self._table.stage_field]] if self._table.stage_field else 0
        cell = CELL_SEPARATOR.join([str(content.pop(field)) for field in self._table.key])
        first = self._first_rows.setdefault(cell, row)
        if first != row:
            self._add_error(_duplicate(first), row, self._table.key[0], cell)
            return None
        return CheckedRow(row, cell, area, edition, content)

    def _refuse_unknown(self, row: int, raw: Mapping[str, object]) -> None:
        for name in sorted(raw.keys() - self._names):
            self._add_error(_UNKNOWN_COLUMN, row, name, raw[name])

    def _add_error(self, flaw: Flaw, row: int, column: str | None, value: object) -> None:
        if flaw.code == "area.foreign":
            self.foreign += 1
        self.errors.add(finding_of(flaw, row=row, column=column, value=value))


def _duplicate(first: int) -> Flaw:
    return Flaw(
        "key.duplicate",
        f"与第{first}条记录重复（主键相同）。",
        f"This row has the same key as row {first}.",
    )


def _row_rules(feed: FeedName, envelope: Envelope, sender: Sender, reference: ReferenceData) -> tuple[RowRule, ...]:
    match feed:
        case FeedName.INDICATORS:
            figures = FigureCheck(catalogue=reference.indicators, period=envelope.period, authority=sender.authority)
            return (figures.complete,)
        case FeedName.RECOGNITIONS:
            return (title_level_rule(reference.titles), check_title_dates)
        case _:
            return ()


def _compile(column: Column, areas: AreaCheck, reference: ReferenceData, today: date) -> _Cell:
    parse = _parser(column, areas, reference, today)
    return _Cell(column.name, column.field, column.required, column.default, parse, _DOUBTS.get(column.kind))


def _parser(column: Column, areas: AreaCheck, reference: ReferenceData, today: date) -> Parse:
    parsers: dict[Kind, Parse] = {
        Kind.TEXT: parse_text,
        Kind.INDICATOR: parse_text,
        Kind.USCC: lambda value: parse_uscc(parse_text(value)),
        Kind.PROJECT_CODE: lambda value: parse_project_code(parse_text(value)),
        Kind.AREA: areas.parse,
        Kind.TITLE_KIND: title_kind_parser(reference.titles),
        Kind.INDUSTRY: _industry_parser(reference.industries),
        Kind.PERIOD: lambda value: parse_period(value, today=today),
        Kind.YEAR: parse_year,
        Kind.DATE: parse_date,
        Kind.BOOLEAN: parse_boolean,
        Kind.CHOICE: choice_parser(column),
        Kind.MONEY: money_parser(column),
        Kind.NUMBER: number_parser(column),
        Kind.INTEGER: integer_parser(column),
    }
    return parsers[column.kind]


def _industry_parser(industries: Industries) -> Parse:
    known: set[str] = set()

    def parse(value: object) -> str:
        code = parse_text(value)
        if code not in known:
            if not industries.is_known(code):
                raise CellError(_INDUSTRY)
            known.add(code)
        return code

    return parse
