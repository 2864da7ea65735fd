"""What the overview shows of one plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from services.query.adapters.pages.sparkline import Judged, Sparkline, sparkline
from services.query.adapters.reading.definitions import Clause
from services.query.adapters.reading.plans import Plan, list_plans, read_plan
from services.query.adapters.reading.reader import MAX_LIMIT, PageParameters, Reader
from services.query.adapters.reading.targets import Target, TargetParameters, list_targets
from services.query.adapters.reading.verdicts import Verdict, current_verdicts


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target with its small chart."""

    target: Target
    chart: Sparkline | None


@dataclass(frozen=True, slots=True)
class ClauseRows:
    """The targets of one clause."""

    clause: Clause
    rows: tuple[TargetRow, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """One plan and its targets by clause; `plans` are all there are."""

    plans: Sequence[Plan]
    plan: Plan
    clauses: Sequence[ClauseRows]
    next: str | None

    @property
    def simulated(self) -> bool:
        """Whether any figure shown is simulated."""
        verdicts = [row.target.verdict for clause in self.clauses for row in clause.rows]
        return any(verdict.simulated for verdict in verdicts if verdict is not None)


async def read_overview(reader: Reader, plan_id: str | None, parameters: TargetParameters) -> Overview | None:
    """Return the overview of a plan, of the first one when none is named, or None when there is no plan."""
    plans = (await list_plans(reader, PageParameters(limit=MAX_LIMIT))).items
    if plan_id is None and not plans:
        return None
    plan = plans[0] if plan_id is None else await read_plan(reader, plan_id)
    found = await list_targets(reader, plan.id, parameters)
    history = await current_verdicts(reader, plan.city, [target.id for target in found.items])
    rows = [TargetRow(target, _chart(target, history[target.id])) for target in found.items]
    clauses = [
        ClauseRows(group[0].target.clause, tuple(group))
        for group in (list(members) for _, members in groupby(rows, key=lambda row: row.target.clause.id))
    ]
    return Overview(plans, plan, clauses, found.next)


def _chart(target: Target, history: Sequence[Verdict]) -> Sparkline | None:
    value = Decimal(target.value) if target.value is not None else None
    judged = [Judged(verdict.period_end, verdict.expected, verdict.actual) for verdict in history]
    return sparkline(judged, value, until=date(target.year, 12, 31))
