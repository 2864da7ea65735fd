"""Figures counted from firms: the above-scale register of a statistical year, and firms over a line of revenue."""

from collections import Counter
from fractions import Fraction

from services.rules.domain import reasons
from services.rules.domain.evidence import Evidence, Figure, Input, Outlook, input_of
from services.rules.domain.facts import (
    CandidatesQuestion,
    Facts,
    FirmFact,
    Question,
    RegisterQuestion,
    RevenueFact,
    RevenueQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.rows import statistical_year
from services.rules.domain.target import FirmsOver, NetAboveScale, Target
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

_ENTRY_LABELS = {
    "new": Text("新建投产入库", "Entries: newly commissioned"),
    "grown": Text("小升规入库", "Entries: grown over the threshold"),
    "moved_in": Text("迁入入库", "Entries: moved in"),
    "changed": Text("专业变更入库", "Entries: change of sector"),
}
_OTHER_ENTRY = Text("其他入库", "Entries: other")


# ---- net increase of the above-scale register (trap 2) --------------------------------------------------------------


def net_questions(target: Target, net: NetAboveScale, period: Period) -> tuple[Question, ...]:
    """Ask for the year's entries and exits, and before the verdict falls for the pipeline too."""
    if not _has_begun(target, period):
        return ()
    report = Period.month(period.year, period.last_month)
    moves = RegisterQuestion(target.place.city, target.horizon.year, report.end)
    if net.candidate_revenue_yuan is None or report.end >= target.last.end:
        return (moves,)
    return (moves, CandidatesQuestion(target.place.city, report, net.candidate_revenue_yuan))


def net_above_scale(target: Target, net: NetAboveScale, period: Period, *, facts: Facts, ledger: Ledger) -> Evidence:
    """Count entries − exits of the statistical year, from each firm's latest report in it."""
    if not _has_begun(target, period):
        return Evidence(missing=(_year_not_begun(target),))
    report = Period.month(period.year, period.last_month)
    known_by = ledger.first(Feed.ENTERPRISES, report)
    if known_by is None:
        return Evidence(missing=(reasons.feed_missing(Feed.ENTERPRISES, report),))
    year = target.horizon.year
    firms = facts.moves[RegisterQuestion(target.place.city, year, report.end)]
    present = [firm for firm in firms if not firm.version.removed and target.place.holds(firm.area)]
    entered = [firm for firm in present if entered_in(firm, year)]
    exited = [firm for firm in present if firm.exited_on is not None and statistical_year(firm.exited_on) == year]
    net_so_far = len(entered) - len(exited)
    moved = {firm.version.key: firm.version for firm in (*entered, *exited)}
    source = input_of(
        "register_moves",
        Feed.ENTERPRISES,
        known_by=known_by.submission_id,
        considered=[firm.version for firm in firms],
        matched=moved.values(),
    )
    parked = ledger.parked(Feed.ENTERPRISES, Period.month(year, 3), report)
    return Evidence(
        actual=Fraction(net_so_far),
        doubts=(reasons.rows_parked(Feed.ENTERPRISES, parked),) if parked else (),
        figures=_register_figures(entered, exited, report, source.submissions or (known_by.submission_id,)),
        inputs=(source,),
        outlook=_outlook(target, net, report, facts=facts, net_so_far=net_so_far),
        simulated=ledger.simulated((known_by.submission_id, *(version.submission_id for version in moved.values()))),
    )


def entered_in(firm: FirmFact, year: int) -> bool:
    """Whether the firm entered the register in the statistical year."""
    return firm.entered_on is not None and statistical_year(firm.entered_on) == year


def _has_begun(target: Target, period: Period) -> bool:
    return statistical_year(period.end) >= target.horizon.year


def _year_not_begun(target: Target) -> Reason:
    year = target.horizon.year
    return Reason(
        "statistical_year_not_begun",
        f"{year}统计年度的入库变动自{year}年3月报表起计算",
        f"Entries and exits of {year} count from the report of {year}-03 on",
    )


def _register_figures(
    entered: list[FirmFact], exited: list[FirmFact], report: Period, submissions: tuple[str, ...]
) -> tuple[Figure, ...]:
    kinds = Counter(firm.entry_kind or "" for firm in entered)
    counts = [
        (Text("净增户数", "Net increase"), len(entered) - len(exited)),
        (Text("入库户数", "Entries"), len(entered)),
        *((_ENTRY_LABELS.get(kind, _OTHER_ENTRY), kinds[kind]) for kind in sorted(kinds)),
        (Text("退库户数", "Exits"), len(exited)),
    ]
    return tuple(
        Figure(
            label=label,
            value=Fraction(count),
            unit="户",
            feed=Feed.ENTERPRISES,
            period=report,
            submissions=submissions,
        )
        for label, count in counts
    )


def _outlook(target: Target, net: NetAboveScale, report: Period, *, facts: Facts, net_so_far: int) -> Outlook | None:
    if net.candidate_revenue_yuan is None or report.end >= target.last.end:
        return None
    answer = facts.candidates[CandidatesQuestion(target.place.city, report, net.candidate_revenue_yuan)]
    return Outlook(
        net_so_far=net_so_far,
        candidates=sum(1 for firm in answer.candidates if target.place.holds(firm.area)),
        untold=answer.untold,
        digest=answer.digest,
    )


# ---- firms over a line of revenue -----------------------------------------------------------------------------------


def revenue_question(target: Target, over: FirmsOver, period: Period) -> RevenueQuestion:
    """Ask for the firms that may be over the line in the period's report."""
    return RevenueQuestion(target.place.city, Period.month(period.year, period.last_month), over.min_revenue_yuan)


def firms_over(target: Target, over: FirmsOver, period: Period, *, facts: Facts, ledger: Ledger) -> Evidence:
    """Count firms over the line; `newly` leaves out those that were over it in the December before."""
    question = revenue_question(target, over, period)
    reports = (question.period, question.before) if over.newly else (question.period,)
    known = [ledger.first(Feed.ENTERPRISES, report) for report in reports]
    missing = tuple(
        reasons.feed_missing(Feed.ENTERPRISES, report)
        for report, known_by in zip(reports, known, strict=True)
        if known_by is None
    )
    if missing:
        return Evidence(missing=missing)
    firms = [firm for firm in facts.revenues[question] if firm.largest_yuan >= over.min_revenue_yuan]
    counted = [firm for firm in firms if target.place.holds(firm.area) and _counts(firm, over)]
    source = _revenue_input(firms, counted, newly=over.newly, known_by=known[0].submission_id if known[0] else None)
    parked = sum(ledger.parked(Feed.ENTERPRISES, report, report) for report in reports)
    used = [one.submission_id for one in known if one is not None]
    return Evidence(
        actual=Fraction(len(counted)),
        doubts=(reasons.rows_parked(Feed.ENTERPRISES, parked),) if parked else (),
        figures=(
            Figure(
                label=target.indicator.name,
                value=Fraction(len(counted)),
                unit=target.indicator.unit,
                feed=Feed.ENTERPRISES,
                period=question.period,
                submissions=source.submissions or tuple(used),
            ),
        ),
        inputs=(source,),
        simulated=ledger.simulated((*used, *(firm.version.submission_id for firm in counted))),
    )


def _counts(firm: RevenueFact, over: FirmsOver) -> bool:
    if firm.version.removed or not over.is_over(firm.revenue_yuan):
        return False
    return not (over.newly and over.is_over(firm.before_yuan))


def _revenue_input(firms: list[RevenueFact], counted: list[RevenueFact], *, newly: bool, known_by: str | None) -> Input:
    stamps = [f"{firm.version.stamp}:{firm.before_sequence if newly else ''}" for firm in firms]
    return input_of(
        "firms_over",
        Feed.ENTERPRISES,
        known_by=known_by,
        considered=[firm.version for firm in firms],
        matched=[firm.version for firm in counted],
        stamps=stamps,
    )
