"""What is known of a target's figure at one period, with everything needed to trace it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.rules.domain.facts import Version, distinct_periods
from services.rules.domain.feed import Feed
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

LISTED_SUBMISSIONS = 50
LISTED_ENTITIES = 200


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known. `actual` is None when something is missing; then `missing` or `doubts` say what.

    `reference` is the second figure of a relative target.
    """

    actual: Fraction | None = None
    reference: Fraction | None = None
    missing: tuple[Reason, ...] = ()
    doubts: tuple[Reason, ...] = ()
    remarks: tuple[Reason, ...] = ()
    figures: tuple[Figure, ...] = ()
    inputs: tuple[Input, ...] = ()
    outlook: Outlook | None = None
    simulated: bool = False


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
        submissions=_ends(submissions),
        submission_count=len(submissions),
        considered=len(considered),
        matched=len(chosen),
        digest=digest_of(stamps if stamps is not None else (version.stamp for version in considered)),
        entities=tuple(version.key for version in chosen) if len(chosen) <= LISTED_ENTITIES else (),
    )


def digest_of(stamps: Iterable[str]) -> str:
    """Return the MD5 over the sorted stamps: it recognises a set of row versions, it protects nothing."""
    return hashlib.md5("\n".join(sorted(stamps)).encode(), usedforsecurity=False).hexdigest()


def _ends(submissions: Sequence[str]) -> tuple[str, ...]:
    if len(submissions) <= LISTED_SUBMISSIONS:
        return tuple(submissions)
    return (submissions[0], submissions[-1])
