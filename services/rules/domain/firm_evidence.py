"""Firms counted by their revenue of the year: those over a line, and those that newly are."""

from fractions import Fraction

from services.rules.domain import reasons
from services.rules.domain.evidence import Evidence, Input, figure_of, input_of
from services.rules.domain.facts import (
    Facts,
)
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import (
    RevenueFact,
    RevenueQuestion,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.quantity import FirmsOver, Line, is_within
from services.rules.domain.target import Target
from services.rules.domain.wording import Text, shown
from shared.kernel.period import Period

_YI = 100_000_000


def revenue_question(target: Target, over: FirmsOver, report: Period) -> RevenueQuestion:
    """Ask for the firms that may be over the line in the report."""
    return RevenueQuestion(target.place.city, report, over.line.yuan)


def firms_over(target: Target, over: FirmsOver, report: Period, *, facts: Facts, ledger: Ledger) -> Evidence:
    """Count firms over the line; `newly` leaves out those that were over it in the December before."""
    question = revenue_question(target, over, report)
    reports = (question.period, question.before) if over.newly else (question.period,)
    known = [ledger.first(Feed.ENTERPRISES, one) for one in reports]
    missing = tuple(
        reasons.feed_missing(Feed.ENTERPRISES, one)
        for one, known_by in zip(reports, known, strict=True)
        if known_by is None
    )
    if missing:
        return Evidence(missing=missing)
    firms = [firm for firm in facts.revenues[question] if firm.largest_yuan >= over.line.yuan]
    counted = [firm for firm in firms if target.place.holds(firm.area) and _counts(firm, over)]
    source = _revenue_input(firms, counted, newly=over.newly, known_by=known[0].submission_id if known[0] else None)
    parked = sum(ledger.parked(Feed.ENTERPRISES, one, one) for one in reports)
    used = [one.submission_id for one in known if one is not None]
    return Evidence(
        actual=Fraction(len(counted)),
        doubts=(reasons.rows_parked(Feed.ENTERPRISES, parked),) if parked else (),
        figures=(
            figure_of(
                source,
                report,
                label=_label(over),
                value=Fraction(len(counted)),
                unit=over.unit,
                known_by=used,
            ),
        ),
        inputs=(source,),
        simulated=ledger.simulated((*used, *(firm.version.submission_id for firm in counted))),
    )


def _counts(firm: RevenueFact, over: FirmsOver) -> bool:
    if firm.version.removed or not over.line.is_reached(firm.revenue_yuan):
        return False
    return is_within(firm.industry, over.industries) and not (over.newly and over.line.is_reached(firm.before_yuan))


def _label(over: FirmsOver) -> Text:
    amount, reaches = _yi(over.line), over.line.inclusive
    zh = f"营业收入{'达到' if reaches else '超过'}{amount}亿元的企业数"
    en = f"with revenue of {'at least' if reaches else 'more than'} {amount} hundred million yuan"
    return Text(f"新增{zh}", f"Firms newly {en}") if over.newly else Text(zh, f"Firms {en}")


def _yi(line: Line) -> str:
    return shown(Fraction(line.yuan, _YI))


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
