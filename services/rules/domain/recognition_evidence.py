"""Figures counted from titles granted to firms: who holds one, and how many were granted."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import assert_never

from services.rules.domain import reasons
from services.rules.domain.evidence import Evidence, Input, figure_of, input_of, parked_doubt
from services.rules.domain.facts import (
    Facts,
    MembersQuestion,
    Question,
    RecognitionFact,
    RecognitionsQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger, Report
from services.rules.domain.quantity import CountRecognitions, TitleCount
from services.rules.domain.target import Target
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

_LABELS = {
    TitleCount.HOLDERS: Text("期末持有称号的企业数", "Firms that hold a title at the end of the period"),
    TitleCount.HOLDINGS: Text("期末持有的称号数（每户每种计一次）", "Titles held, each firm and kind once"),
    TitleCount.GRANTS: Text("期内认定的称号数", "Titles granted in the years of the horizon"),
    TitleCount.NEW_GRANTS: Text("期内新认定的称号数（复核不计）", "Titles newly granted, renewals left out"),
    TitleCount.NEW_HOLDERS: Text("期内首次获得称号的企业数", "Firms granted a title for the first time"),
    TitleCount.TITLES_HELD: Text(
        "期末有效的称号数（同一企业可有多项）", "Titles held, of which a firm can have several"
    ),
    TitleCount.TITLES_GRANTED: Text(
        "期内认定的称号数（同一企业可有多项）", "Titles granted, of which a firm can have several"
    ),
}


def recognition_questions(
    target: Target, wanted: CountRecognitions, report: Period, ledger: Ledger
) -> tuple[Question, ...]:
    """Ask for the titles, and where only firms of the register count, which of their firms are in it."""
    if any(isinstance(one, Reason) for one in _known(wanted, report, ledger)):
        return ()
    titles = _titles_question(target, wanted, report)
    return (titles, _members_question(target, wanted, report)) if wanted.register_only else (titles,)


def recognition_evidence(
    target: Target, wanted: CountRecognitions, report: Period, *, facts: Facts, ledger: Ledger
) -> Evidence:
    """Count the firms that hold one of the titles, or what was granted, revoked later or not.

    Different offices keep the lists of different titles: a title of which no firm was ever reported has no list yet, and is
    never counted as zero.
    """
    known = _known(wanted, report, ledger)
    missing = tuple(one for one in known if isinstance(one, Reason))
    if missing:
        return Evidence(missing=missing)
    known_by = [one.submission_id for one in known if isinstance(one, Report)]
    titles = facts.recognitions[_titles_question(target, wanted, report)]
    if not titles:
        return Evidence(missing=(reasons.titles_never_reported(target.indicator.name),))
    members = _members(target, wanted, report, facts=facts)
    meant = [title for title in titles if target.place.holds(title.area) and wanted.names(title.kind, title.level)]
    had = _had_before(meant, wanted.count, target)
    counted = [
        title
        for title in meant
        if _counts(title, wanted.count, target, report)
        and (members is None or title.uscc in members)
        and _claim(title, wanted.count) not in had
    ]
    source = input_of(
        f"recognitions_{wanted.count}",
        Feed.RECOGNITIONS,
        known_by=known_by[0],
        considered=[title.version for title in titles],
        matched=[title.version for title in counted],
    )
    value = Fraction(len(_distinct(counted, wanted.count)))
    return Evidence(
        actual=value,
        doubts=_doubts(wanted, report, ledger),
        figures=(
            figure_of(
                source,
                report,
                label=_LABELS[wanted.count],
                value=value,
                unit=wanted.unit,
                known_by=known_by[:1],
            ),
        ),
        inputs=(source, *_members_input(target, wanted, report, facts=facts, known_by=known_by[-1])),
        simulated=ledger.simulated((*known_by, *(title.version.submission_id for title in counted))),
    )


def is_held(title: RecognitionFact, day: date) -> bool:
    """Whether the title was granted by the day and not revoked by then."""
    if title.version.removed or title.granted_on is None or title.granted_on > day:
        return False
    return title.revoked_on is None or title.revoked_on > day


def is_granted(title: RecognitionFact, first: date, last: date) -> bool:
    """Whether the title was granted within the days; what became of it later takes nothing away."""
    return not title.version.removed and title.granted_on is not None and first <= title.granted_on <= last


def _counts(title: RecognitionFact, count: TitleCount, target: Target, report: Period) -> bool:
    if count.is_stock:
        return is_held(title, report.end)
    horizon = target.horizon
    return is_granted(title, date(horizon.since_year, 1, 1), min(report.end, date(horizon.year, 12, 31)))


def _had_before(titles: Iterable[RecognitionFact], count: TitleCount, target: Target) -> frozenset[tuple[str, ...]]:
    """Return what firms were granted before the horizon, where only what is new counts."""
    if not count.is_new:
        return frozenset()
    eve = date(target.horizon.since_year - 1, 12, 31)
    return frozenset(_claim(title, count) for title in titles if is_granted(title, date.min, eve))


def _claim(title: RecognitionFact, count: TitleCount) -> tuple[str, ...]:
    """Return what must be new: that the firm has any of the titles, or that it has this kind at this level."""
    return (title.uscc,) if count is TitleCount.NEW_HOLDERS else (title.uscc, title.kind, title.level)


def _distinct(titles: Iterable[RecognitionFact], count: TitleCount) -> set[tuple[str, ...]]:
    """Return what counts once: the firm, the firm with the kind, or the title itself."""
    match count:
        case TitleCount.HOLDERS | TitleCount.NEW_HOLDERS:
            return {(title.uscc,) for title in titles}
        case TitleCount.HOLDINGS | TitleCount.GRANTS | TitleCount.NEW_GRANTS:
            return {(title.uscc, title.kind) for title in titles}
        case TitleCount.TITLES_HELD | TitleCount.TITLES_GRANTED:
            return {(title.uscc, title.kind, title.batch) for title in titles}
        case unreachable:
            assert_never(unreachable)


# ---- what must be known ---------------------------------------------------------------------------------------------


def _known(wanted: CountRecognitions, report: Period, ledger: Ledger) -> tuple[Report | Reason, ...]:
    """Return the submission by which each feed needed is known, or the reason why it is not.

    Titles of a year may come month by month, or as the list of the year.
    """
    titles = ledger.first(Feed.RECOGNITIONS, report) or ledger.first(Feed.RECOGNITIONS, Period.whole_year(report.year))
    known: list[Report | Reason] = [titles or reasons.feed_missing(Feed.RECOGNITIONS, report)]
    if wanted.register_only:
        firms = ledger.first(Feed.ENTERPRISES, report)
        known.append(firms or reasons.feed_missing(Feed.ENTERPRISES, report))
    return tuple(known)


def _doubts(wanted: CountRecognitions, report: Period, ledger: Ledger) -> tuple[Reason, ...]:
    """A title may stand in any report, so any parked one may be of those counted."""
    titles = parked_doubt(ledger, Feed.RECOGNITIONS)
    return (
        (*titles, *parked_doubt(ledger, Feed.ENTERPRISES, first=report, last=report))
        if wanted.register_only
        else titles
    )


# ---- firms of the register ------------------------------------------------------------------------------------------


def _titles_question(target: Target, wanted: CountRecognitions, report: Period) -> RecognitionsQuestion:
    return RecognitionsQuestion(target.place.city, wanted.kinds, report.end)


def _members_question(target: Target, wanted: CountRecognitions, report: Period) -> MembersQuestion:
    return MembersQuestion(target.place.city, report, wanted.kinds)


def _members(target: Target, wanted: CountRecognitions, report: Period, *, facts: Facts) -> frozenset[str] | None:
    """Return the firms of the register among those with titles; None where any firm counts."""
    if not wanted.register_only:
        return None
    answer = facts.members[_members_question(target, wanted, report)]
    return frozenset(firm.version.key for firm in answer if firm.is_registered)


def _members_input(
    target: Target, wanted: CountRecognitions, report: Period, *, facts: Facts, known_by: str
) -> tuple[Input, ...]:
    if not wanted.register_only:
        return ()
    firms = facts.members[_members_question(target, wanted, report)]
    return (
        input_of(
            "register_members",
            Feed.ENTERPRISES,
            known_by=known_by,
            considered=[firm.version for firm in firms],
            matched=[firm.version for firm in firms if firm.is_registered],
        ),
    )
