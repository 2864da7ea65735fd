"""Figures counted and summed over the firms that the above-scale register holds at the end of a period."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from services.rules.domain import reasons, source_reasons
from services.rules.domain.evidence import Evidence, Input, ends_of, figure_of, parked_doubt
from services.rules.domain.facts import (
    Facts,
)
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import (
    RegisterTotal,
    RegisterTotals,
    RegisterTotalsQuestion,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.quantity import CountRegister, FirmAmount, SumFirms, is_within
from services.rules.domain.target import Target
from services.rules.domain.untold import Summed, Telling, summed
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

_AMOUNTS = {
    FirmAmount.REVENUE: Text("营业收入", "revenue"),
    FirmAmount.OUTPUT: Text("工业总产值", "industrial output"),
    FirmAmount.PROFIT: Text("利润总额", "profit"),
    FirmAmount.TAX: Text("税金", "tax"),
    FirmAmount.RD: Text("研发费用", "R&D expenditure"),
    FirmAmount.ENERGY: Text("综合能源消费量", "energy use"),
}
_COUNT = Text("规模以上工业企业数", "Firms in the above-scale register")
_FIRMS = Text("户规模以上工业企业", "firms of the above-scale register")


def totals_question(target: Target, report: Period) -> RegisterTotalsQuestion:
    """Ask for the register of the target's city as the report shows it."""
    return RegisterTotalsQuestion(target.place.city, report)


def register_evidence(
    target: Target, wanted: CountRegister | SumFirms, report: Period, *, facts: Facts, ledger: Ledger
) -> Evidence:
    """Count the firms of the register in the target's area and the wanted industries, or sum an amount of theirs."""
    known_by = ledger.first(Feed.ENTERPRISES, report)
    if known_by is None:
        return Evidence(missing=(reasons.feed_missing(Feed.ENTERPRISES, report),))
    totals = facts.register[totals_question(target, report)]
    chosen = [
        group
        for group in totals.groups
        if target.place.holds(group.area) and is_within(group.industry, wanted.industries)
    ]
    figure = _value(wanted, chosen)
    source = _input(wanted, totals, chosen, report=report, known_by=known_by.submission_id)
    return Evidence(
        actual=figure.value,
        missing=figure.missing,
        doubts=parked_doubt(ledger, Feed.ENTERPRISES, first=report, last=report),
        remarks=figure.remarks,
        sources=_disputed(target, wanted, totals),
        figures=(
            figure_of(
                source,
                report,
                label=_label(wanted),
                value=figure.value,
                unit=wanted.unit,
                known_by=(known_by.submission_id,),
            ),
        ),
        inputs=(source,),
        simulated=ledger.simulated((known_by.submission_id, *_submissions(chosen))),
    )


def _disputed(target: Target, wanted: CountRegister | SumFirms, totals: RegisterTotals) -> tuple[Reason, ...]:
    """Say of how many firms of the area and the industries another source says otherwise."""
    count = sum(
        firms
        for (area, industry), firms in totals.disputed.items()
        if target.place.holds(area) and is_within(industry, wanted.industries)
    )
    return (source_reasons.rows_differ(count, Text("户企业", "firms")),) if count else ()


def _value(wanted: CountRegister | SumFirms, groups: Sequence[RegisterTotal]) -> Summed:
    firms = sum(group.firms for group in groups)
    if isinstance(wanted, CountRegister):
        return Summed(Fraction(firms))
    sums = [group.sums[wanted.amount] for group in groups]
    total = sum((Fraction(one.total) for one in sums), Fraction(0))
    told = Telling(total, untold=sum(one.untold for one in sums), of=firms)
    return summed(told, up_to=wanted.untold_up_to, amount=_AMOUNTS[wanted.amount], whose=_FIRMS)


def _submissions(groups: Iterable[RegisterTotal]) -> list[str]:
    return sorted({submission for group in groups for submission in group.submissions})


def _input(
    wanted: CountRegister | SumFirms,
    totals: RegisterTotals,
    chosen: list[RegisterTotal],
    *,
    report: Period,
    known_by: str,
) -> Input:
    submissions = _submissions(chosen)
    return Input(
        name="register" if isinstance(wanted, CountRegister) else f"register_{wanted.amount}",
        feed=Feed.ENTERPRISES,
        periods=(report,),
        known_by=known_by,
        submissions=ends_of(submissions),
        submission_count=len(submissions),
        considered=totals.considered,
        matched=sum(group.firms for group in chosen),
        digest=totals.digest,
        entities=(),
    )


def _label(wanted: CountRegister | SumFirms) -> Text:
    if isinstance(wanted, CountRegister):
        return _COUNT
    amount = _AMOUNTS[wanted.amount]
    return Text(f"规模以上工业企业{amount.zh}合计", f"Above-scale industry, {amount.en}")
