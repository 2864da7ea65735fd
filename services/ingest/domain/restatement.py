"""When a restatement is large: it is kept, and waits for a second person before it takes effect (Q16)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.ingest.domain.errors import Flaw
from services.ingest.domain.feeds import FEED_TABLES, FeedName
from services.ingest.domain.finding import Finding, Findings, finding_of

_YUAN_PER_WAN = 10_000
_SHOWN_SHARE = Decimal("0.0001")


class Ground(StrEnum):
    """Which limit a restatement reached."""

    ROWS = "rows"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLimits:
    """From which share on a restatement is held; None or zero never holds.

    A restatement of fewer than `min_rows` known rows is not held for its share of rows: one row of three is no event.
    """

    rows_share: Decimal | None
    value_share: Decimal | None
    min_rows: int

    @property
    def may_hold(self) -> bool:
        """Whether any restatement can be held."""
        return bool(self.rows_share or self.value_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much of what is known a restatement changes.

    `changed_rows` of `known_rows` change or leave. `known_value` is the sum of the sizes of the feed's main amount,
    `changed_value` the sum of the sizes of its changes, so that rises and falls do not cancel out; figures of different
    indicators cannot be added: there both are those of the one figure, `cell`, that changes most for its size. None
    where the feed has no main amount.
    """

    known_rows: int
    changed_rows: int
    known_value: Decimal | None = None
    changed_value: Decimal | None = None
    cell: str | None = None

    @property
    def rows_share(self) -> Decimal:
        """The share of known rows, for people: rounded."""
        return _shown_share(Decimal(self.changed_rows), Decimal(self.known_rows)) or Decimal(0)

    @property
    def value_share(self) -> Decimal | None:
        """The share of value, for people: rounded. None where there is no value to take a share of."""
        if self.known_value is None or self.changed_value is None:
            return None
        return _shown_share(self.changed_value, self.known_value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a submission waits: what it changes, and the limits that were in force."""

    extent: Extent
    limits: HoldLimits

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Which limits are reached."""
        return grounds_of(self.extent, self.limits)


def hold_of(extent: Extent, limits: HoldLimits) -> Hold | None:
    """Return why the restatement must wait, None when it need not."""
    return Hold(extent=extent, limits=limits) if grounds_of(extent, limits) else None


def grounds_of(extent: Extent, limits: HoldLimits) -> tuple[Ground, ...]:
    """Return the limits that are reached; one met exactly is reached. Nothing is divided, so nothing is rounded."""
    changed_rows = extent.changed_rows
    grounds = []
    if changed_rows >= limits.min_rows and _reaches(Decimal(changed_rows), extent.known_rows, limits.rows_share):
        grounds.append(Ground.ROWS)
    if extent.changed_value is not None and _reaches(extent.changed_value, extent.known_value, limits.value_share):
        grounds.append(Ground.VALUE)
    return tuple(grounds)


def _reaches(changed: Decimal, known: Decimal | int | None, share: Decimal | None) -> bool:
    """Whether the change reaches the share; a change of what was nothing reaches every share."""
    return bool(share) and changed > 0 and known is not None and share is not None and changed >= share * known


def hold_findings(hold: Hold, feed: FeedName) -> Findings:
    """Return one finding for each limit reached, with the figures."""
    findings = {Ground.ROWS: _rows_finding, Ground.VALUE: _value_finding}
    listed = tuple(findings[ground](hold, feed) for ground in hold.grounds)
    return Findings(listed, len(listed), 0)


def _rows_finding(hold: Hold, _feed: FeedName) -> Finding:
    extent = hold.extent
    share, limit = _percent(extent.rows_share), _percent(hold.limits.rows_share)
    flaw = Flaw(
        "restatement.held_rows",
        f"已知{extent.known_rows:,}条记录中有{extent.changed_rows:,}条变化或退出（{share}），达到限额{limit}，须经第二人核准后发布。",
        f"{extent.changed_rows:,} of {extent.known_rows:,} known rows change or leave ({share}), limit {limit}:"
        " a second person must release it.",
    )
    return finding_of(flaw, row=None, column=None, value=None)


def _value_finding(hold: Hold, feed: FeedName) -> Finding:
    extent = hold.extent
    amount = FEED_TABLES[feed].main_amount
    if amount is None or extent.changed_value is None or extent.known_value is None:
        raise AssertionError("only a feed with a main amount is held for its value")
    column = FEED_TABLES[feed].column_of(amount.field)
    changed, known = (_amount(value, is_money=amount.is_money) for value in (extent.changed_value, extent.known_value))
    share, limit = extent.value_share, _percent(hold.limits.value_share)
    zh, en = ("原为零", "from zero") if share is None else (_percent(share), _percent(share))
    whose_zh, whose_en = ("已知合计", "known in all") if amount.is_money else ("已知数值", "known")
    flaw = Flaw(
        "restatement.held_value",
        f"“{column.zh}”变动{changed}，{whose_zh}{known}（{zh}），达到限额{limit}，须经第二人核准后发布。",
        f"{column.name} changes by {changed} of {known} {whose_en} ({en}), limit {limit}: a second person must release it.",
    )
    return finding_of(flaw, row=None, column=column.name, value=extent.cell)


def _amount(value: Decimal, *, is_money: bool) -> str:
    if not is_money:
        return _plain(value)
    return f"{_plain(value / _YUAN_PER_WAN)}万元"


def _percent(share: Decimal | None) -> str:
    return f"{_plain((share or Decimal(0)) * 100)} %"


def _plain(value: Decimal) -> str:
    """Return the number with separators of thousands and without trailing zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown_share(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(_SHOWN_SHARE) if whole else None
