"""The net increase of the above-scale register: entries minus exits of statistical years (trap 2)."""

from collections import Counter
from datetime import date
from fractions import Fraction

from services.rules.domain import reasons
from services.rules.domain.evidence import Evidence, Outlook, figure_of, input_of, parked_doubt
from services.rules.domain.facts import (
    Facts,
    Question,
)
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import (
    CandidatesQuestion,
    FirmFact,
    RegisterQuestion,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.quantity import NetAboveScale
from services.rules.domain.rows import statistical_year
from services.rules.domain.target import Target
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

_ENTRY_LABELS = {
    "new": Text("新建投产入库", "Entries: newly commissioned"),
    "grown": Text("小升规入库", "Entries: grown over the threshold"),
    "moved_in": Text("迁入入库", "Entries: moved in"),
    "changed": Text("专业变更入库", "Entries: change of sector"),
}
_OTHER_ENTRY = Text("其他入库", "Entries: other")


def net_questions(target: Target, net: NetAboveScale, report: Period) -> tuple[Question, ...]:
    """Ask for the entries and exits of each year begun, and before the verdict falls for the pipeline too."""
    years = _years_begun(target, report)
    moves = tuple(_moves_question(target, year, report) for year in years)
    if not years or net.candidate_revenue_yuan is None or report.end >= target.last.end:
        return moves
    return (*moves, CandidatesQuestion(target.place.city, report, net.candidate_revenue_yuan))


def net_above_scale(target: Target, net: NetAboveScale, report: Period, *, facts: Facts, ledger: Ledger) -> Evidence:
    """Count entries − exits of the horizon's statistical years, each from the firms' latest reports in it."""
    years = _years_begun(target, report)
    if not years:
        return Evidence(missing=(_year_not_begun(target),))
    known_by = ledger.first(Feed.ENTERPRISES, report)
    if known_by is None:
        return Evidence(missing=(reasons.feed_missing(Feed.ENTERPRISES, report),))
    asked = [_moves_question(target, year, report) for year in years]
    moves = [(question, firm) for question in asked for firm in facts.moves[question]]
    present = [(question, firm) for question, firm in moves if target.place.holds(firm.area)]
    entered = [firm for question, firm in present if has_entered(firm, question)]
    exited = [firm for question, firm in present if _has_exited(firm, question)]
    net_so_far = len(entered) - len(exited)
    moved = {firm.version.stamp: firm.version for firm in (*entered, *exited)}
    source = input_of(
        "register_moves",
        Feed.ENTERPRISES,
        known_by=known_by.submission_id,
        considered=[firm.version for _, firm in moves],
        matched=moved.values(),
    )
    return Evidence(
        actual=Fraction(net_so_far),
        doubts=parked_doubt(ledger, Feed.ENTERPRISES, first=Period.month(years[0], 3), last=report),
        figures=tuple(
            figure_of(
                source, report, label=label, value=Fraction(count), unit=net.unit, known_by=(known_by.submission_id,)
            )
            for label, count in _register_counts(entered, exited)
        ),
        inputs=(source,),
        outlook=_outlook(target, net, report, facts=facts, net_so_far=net_so_far),
        simulated=ledger.simulated((known_by.submission_id, *(version.submission_id for version in moved.values()))),
    )


def has_entered(firm: FirmFact, question: RegisterQuestion) -> bool:
    """Whether the firm entered the register in the statistical year; a day yet to come has not."""
    return not firm.version.removed and _falls_into(firm.entered_on, question)


def _has_exited(firm: FirmFact, question: RegisterQuestion) -> bool:
    return not firm.version.removed and _falls_into(firm.exited_on, question)


def _falls_into(day: date | None, question: RegisterQuestion) -> bool:
    return day is not None and day <= question.until and statistical_year(day) == question.year


def _moves_question(target: Target, year: int, report: Period) -> RegisterQuestion:
    return RegisterQuestion(target.place.city, year, report.end)


def _years_begun(target: Target, report: Period) -> tuple[int, ...]:
    """Return the statistical years of the horizon that have begun by the report."""
    last = min(target.horizon.year, statistical_year(report.end))
    return tuple(range(target.horizon.since_year, last + 1))


def _year_not_begun(target: Target) -> Reason:
    year = target.horizon.since_year
    return Reason(
        "statistical_year_not_begun",
        f"{year}统计年度的入库变动自{year}年3月报表起计算",
        f"Entries and exits of {year} count from the report of {year}-03 on",
    )


def _register_counts(entered: list[FirmFact], exited: list[FirmFact]) -> list[tuple[Text, int]]:
    kinds = Counter(firm.entry_kind or "" for firm in entered)
    return [
        (Text("净增户数", "Net increase"), len(entered) - len(exited)),
        (Text("入库户数", "Entries"), len(entered)),
        *((_ENTRY_LABELS.get(kind, _OTHER_ENTRY), kinds[kind]) for kind in sorted(kinds)),
        (Text("退库户数", "Exits"), len(exited)),
    ]


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
