"""A plan's numbers as flat records for other programs: one for each target, milestone, restatement and unmonitored number.

In document order: clause by clause, targets (milestones before their target), restatements, unmonitored numbers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.plans.catalogue import Indicator
from shared.plans.expand import responsible_for
from shared.plans.horizon import CumulativeBy, Horizon
from shared.plans.loader import Plan
from shared.plans.mention import Milestone, Restatement, Stated, Target, Unmonitored
from shared.plans.monitorable import monitorability
from shared.plans.responsible import ROLES, Responsible
from shared.plans.schema import Clause
from shared.plans.statements import find_target, number_ref

Record = dict[str, Any]


def export_records(plan: Plan, plans: Mapping[str, Plan], indicators: Mapping[str, Indicator]) -> Iterator[Record]:
    """Return the records of a plan that lint accepts, ready for JSON. Every record has the same keys.

    `value` and `baseline.value` are the written digits as text, a range `3-5`; `needs` says what data an unmonitored
    number would take; `restates` is the id of the target that a restatement repeats; `answering` is the unit that answers
    for all and why (stated, or the plan's office or issuer where the clause names nobody); `suspensions` are those of a target,
    none when nothing of it is suspended.
    """
    for clause in plan.clauses:
        for target in clause.targets:
            record = _target_record(plan, clause, target, indicators)
            for milestone in target.milestones:
                yield record | _milestone(record["id"], target, milestone)
            yield record
        for restatement in clause.restatements:
            yield _restatement_record(plan, plans, clause, restatement, indicators)
        for entry in clause.unmonitored:
            yield _unmonitored_record(plan, clause, entry)


def _target_record(plan: Plan, clause: Clause, target: Target, indicators: Mapping[str, Indicator]) -> Record:
    return (
        _stated(plan, clause, target)
        | _subject(plan, target)
        | _monitored(target, indicators)
        | _responsible(responsible_for(plan, clause, target.responsible))
        | {"suspensions": _suspensions(plan, number_ref(clause, target))}
    )


def _suspensions(plan: Plan, ref: str) -> list[Record]:
    suspended = (one for one in plan.suspensions if one.target == ref)
    return [one.model_dump(mode="json", exclude={"target"}) for one in suspended]


def _milestone(target_id: str, target: Target, milestone: Milestone) -> Record:
    return {
        "id": f"{target_id}@{milestone.year}",
        "value": f"{milestone.value:f}",
        "qualifier": None,
        "horizon": {"kind": "level_at_year", "year": milestone.year},
        "quote": target.quote_of(milestone),
    }


def _restatement_record(
    plan: Plan, plans: Mapping[str, Plan], clause: Clause, restatement: Restatement, indicators: Mapping[str, Indicator]
) -> Record:
    found = find_target(restatement.target, plan, plans)
    if found is None:
        raise KeyError(restatement.target)
    home, target = found
    return (
        _stated(plan, clause, restatement)
        | _subject(home, target)
        | _monitored(target, indicators)
        | _responsible(responsible_for(plan, clause))
        | {"restates": restatement.target}
    )


def _unmonitored_record(plan: Plan, clause: Clause, entry: Unmonitored) -> Record:
    return (
        _stated(plan, clause, entry)
        | _responsible(responsible_for(plan, clause, entry.responsible))
        | {
            "monitorable": "cannot",
            "reason": entry.reason,
            "needs": entry.needs.zh,
            "scope": entry.scope,
            "area": entry.area or plan.head.city,
            "direction": entry.direction,
            "horizon": None if entry.horizon is None else _horizon(entry.horizon, plan),
        }
    )


def _stated(plan: Plan, clause: Clause, stated: Target | Restatement | Unmonitored) -> Record:
    """Return every key, filled with what the number itself states."""
    return {
        "plan": plan.head.id,
        "id": number_ref(clause, stated),
        "clause": {"id": clause.id, "number": clause.number, "title": clause.title, "kind": clause.kind},
        "indicator": None,
        "scope": None,
        "area": None,
        "value": _value(stated),
        "unit": stated.as_written,
        "comparator": stated.comparator,
        "comparator_stated": stated.comparator_stated,
        "direction": None,
        "horizon": None,
        "baseline": None,
        "units": None,
        "answering": None,
        "quote": stated.quote,
        "monitorable": None,
        "reason": None,
        "needs": None,
        "qualifier": stated.qualifier,
        "pace": None,
        "restates": None,
        "suspensions": None,
    }


def _subject(plan: Plan, target: Target) -> Record:
    baseline = target.baseline
    return {
        "indicator": target.indicator,
        "scope": target.scope,
        "area": target.area or plan.head.city,
        "direction": target.direction,
        "horizon": _horizon(target.horizon, plan),
        "baseline": None if baseline is None else {"value": f"{baseline.value:f}", "year": baseline.year},
        "pace": target.pace.model_dump(mode="json", exclude_none=True),
    }


def _responsible(responsible: Responsible) -> Record:
    return {
        "units": _units(responsible),
        "answering": {"unit": responsible.answering, "basis": responsible.basis},
    }


def _units(responsible: Responsible) -> dict[str, list[str]]:
    """Return the units that are written; where a clause names nobody, only those that the document makes carry out all."""
    written = ROLES if responsible.basis == "stated" else ("implementing",)
    return {role: list(responsible.of(role)) if role in written else [] for role in ROLES}


def _monitored(target: Target, indicators: Mapping[str, Indicator]) -> Record:
    found = monitorability(target, indicators[target.indicator], indicators)
    return {"monitorable": found.state, "reason": None if found.needs is None else found.needs.zh}


def _value(stated: Stated) -> str | None:
    if stated.value is None:
        return None
    return f"{stated.value:f}" if stated.upper is None else f"{stated.value:f}-{stated.upper:f}"


def _horizon(horizon: Horizon, plan: Plan) -> Record:
    """Return the horizon; a cumulative one without a first year counts from the plan's."""
    written: Record = horizon.model_dump(mode="json", exclude_none=True)
    if isinstance(horizon, CumulativeBy) and horizon.since is None:
        written["since"] = plan.head.effective.first_year
    return written
