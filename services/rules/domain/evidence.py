"""What is known of a target's figure at one period, with everything needed to trace it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from services.rules.domain import reasons
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.version import (
    Version,
    distinct_periods,
)
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

LISTED_SUBMISSIONS = 50
LISTED_ENTITIES = 200
_EARLIEST, _LATEST = Period.whole_year(1900), Period.whole_year(9999)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number shown beside a verdict."""

    label: Text
    value: Fraction | None
    unit: str
    feed: Feed
    period: Period
    submissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """The row versions a figure was computed from.

    `considered` rows met the condition in some version, `matched` meet it now; `digest` covers all considered ones.
    `known_by` is the submission that made the period known. Beyond 50 submissions only first and last are listed.
    """

    name: str
    feed: Feed
    periods: tuple[Period, ...]
    known_by: str | None
    submissions: tuple[str, ...]
    submission_count: int
    considered: int
    matched: int
    digest: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The pipeline of a stepped target: what is reached so far and what may still come."""

    net_so_far: int
    candidates: int
    untold: int
    digest: str


@dataclass(frozen=True, slots=True)
class Compounded:
    """Growth over several years, exactly: the product of 1 + g of each year."""

    product: Fraction
    years: int

    def of_mean(self, percent: Fraction) -> Fraction:
        """Return the product that the same growth in every year gives."""
        return (1 + percent / 100) ** self.years


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known. `actual` is None when something is missing; then `missing` or `doubts` say what.

    `reference` is the second figure of a relative target. `compounded` stands behind a mean growth, which is a root and
    shown rounded: whether a goal is met is decided by the products. `sources` says where sources differ, and whose figure
    governs by the ranks of authorities.
    """

    actual: Fraction | None = None
    reference: Fraction | None = None
    compounded: Compounded | None = None
    missing: tuple[Reason, ...] = ()
    doubts: tuple[Reason, ...] = ()
    remarks: tuple[Reason, ...] = ()
    sources: tuple[Reason, ...] = ()
    figures: tuple[Figure, ...] = ()
    inputs: tuple[Input, ...] = ()
    outlook: Outlook | None = None
    simulated: bool = False


def in_unit(evidence: Evidence, base: str, factor: Fraction, unit: str) -> Evidence:
    """Return the evidence with its figure, found in the base unit, in another unit."""
    return replace(
        evidence,
        actual=None if evidence.actual is None else evidence.actual * factor,
        figures=tuple(
            replace(figure, value=None if figure.value is None else figure.value * factor, unit=unit)
            if figure.unit == base
            else figure
            for figure in evidence.figures
        ),
    )


def added(parts: Sequence[Evidence]) -> Evidence:
    """Return the sum of several years' evidence; it is known when every year's is."""
    if len(parts) == 1:
        return parts[0]
    actuals = [part.actual for part in parts if part.actual is not None]
    return replace(together(parts), actual=sum(actuals, Fraction(0)) if len(actuals) == len(parts) else None)


def together(parts: Sequence[Evidence]) -> Evidence:
    """Return what stands behind several figures that make up one, without that one."""
    return Evidence(
        missing=tuple(reason for part in parts for reason in part.missing),
        doubts=tuple(dict.fromkeys(reason for part in parts for reason in part.doubts)),
        remarks=tuple(dict.fromkeys(reason for part in parts for reason in part.remarks)),
        sources=tuple(dict.fromkeys(reason for part in parts for reason in part.sources)),
        figures=tuple(figure for part in parts for figure in part.figures),
        inputs=tuple(source for part in parts for source in part.inputs),
        simulated=any(part.simulated for part in parts),
    )


def parked_doubt(
    ledger: Ledger, feed: Feed, *, first: Period = _EARLIEST, last: Period = _LATEST
) -> tuple[Reason, ...]:
    """Say that parked rows of these reports, or of any, keep a figure from being judged, if there are any."""
    parked = ledger.parked(feed, first, last)
    return (reasons.rows_parked(feed, parked),) if parked else ()


def input_of(
    name: str,
    feed: Feed,
    *,
    known_by: str | None,
    considered: Sequence[Version],
    matched: Iterable[Version],
    stamps: Iterable[str] | None = None,
) -> Input:
    """Describe the rows behind a figure; `stamps` replaces the versions' own in the digest where more was looked at."""
    chosen = sorted(matched, key=lambda version: version.key)
    submissions = sorted({version.submission_id for version in chosen})
    return Input(
        name=name,
        feed=feed,
        periods=distinct_periods(considered),
        known_by=known_by,
        submissions=ends_of(submissions),
        submission_count=len(submissions),
        considered=len(considered),
        matched=len(chosen),
        digest=digest_of(stamps if stamps is not None else (version.stamp for version in considered)),
        entities=tuple(version.key for version in chosen) if len(chosen) <= LISTED_ENTITIES else (),
    )


def figure_of(
    source: Input, report: Period, *, label: Text, value: Fraction | None, unit: str, known_by: Sequence[str]
) -> Figure:
    """Return the number found in the rows of an input; of none, the submissions that made the report known stand behind it."""
    return Figure(
        label=label,
        value=value,
        unit=unit,
        feed=source.feed,
        period=report,
        submissions=source.submissions or tuple(known_by),
    )


def shares_digest_of(rows: Mapping[str, int]) -> str:
    """Return the digest of how many rows came from which submissions (by sequence).

    Rows never change and of each firm one is current, so the shares of the submissions say which rows were looked at:
    another row among them takes a place from one submission and gives it to another. Only where several sources report
    the same firms may two such changes cancel out; then the figures tell them apart, unless these are equal too. The
    database counts shares far faster than it could hash every row.
    """
    return digest_of(f"{sequence}={count}" for sequence, count in rows.items())


def digest_of(stamps: Iterable[str]) -> str:
    """Return the MD5 over the sorted stamps: it recognises a set of row versions, it protects nothing."""
    return hashlib.md5("\n".join(sorted(stamps)).encode(), usedforsecurity=False).hexdigest()


def ends_of(submissions: Sequence[str]) -> tuple[str, ...]:
    """Return the submissions to list: all, or the first and last of many."""
    if len(submissions) <= LISTED_SUBMISSIONS:
        return tuple(submissions)
    return (submissions[0], submissions[-1])
