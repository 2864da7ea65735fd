"""A plan in its document's own order: every chapter, clause and number, with lights, quotes, contradictions and reasons."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import RowMapping, select

from services.query.adapters.reading.lights import is_suspended, light_of
from services.query.adapters.reading.plan_numbers import (
    FactValue,
    JudgedTarget,
    NumberHorizon,
    PlanChapter,
    PlanClause,
    PlanContradiction,
    PlanDocument,
    PlanFact,
    PlanNumber,
    UnitsByRole,
)
from services.query.adapters.reading.plans import find_plan, plan_of
from services.query.adapters.reading.reader import Reader
from services.query.adapters.views import PLANS, TARGETS, VERDICTS
from shared.kernel.ids import text_hash
from shared.plans.contradiction import Contradiction
from shared.plans.expand import responsible_for
from shared.plans.history import fact_ref
from shared.plans.horizon import Horizon, LevelAtYear
from shared.plans.mention import Fact, Restatement, Target, Unmonitored
from shared.plans.monitorable import Monitorable, feeds_for, monitorability
from shared.plans.responsible import Responsible
from shared.plans.schema import Chapter, Clause
from shared.plans.statements import number_ref, targets_of
from shared.plans.stored import StoredPlan, read_document


async def read_plan_document(reader: Reader, plan_id: str) -> PlanDocument:
    """Return a plan's newest version; raise NotFoundError."""
    row = await find_plan(reader, plan_id)
    plan = await plan_of(reader, row)
    stored = read_document(row["document"])
    rows = await reader.all(select(TARGETS).where(TARGETS.c.plan_id == plan_id).order_by(TARGETS.c.sort_key))
    recorded = PLANS.c.document["contradictions"].label("contradictions")
    others = await reader.all(
        select(PLANS.c.plan_id, recorded).where(PLANS.c.plan_id != plan_id).order_by(PLANS.c.plan_id)
    )
    known = [*stored.plan.head.contradictions, *_told_by_others(plan_id, others)]
    writer = _Writer(reader, stored, rows, known)
    chapters = [writer.chapter(chapter) for chapter in stored.plan.chapters]
    counts: Counter[Monitorable] = Counter(
        number.monitorable
        for chapter in chapters
        for clause in chapter.clauses
        for number in clause.numbers
        if number.kind != "restatement"
    )
    return PlanDocument(
        plan=plan,
        chapters=chapters,
        other_plans=[one["plan_id"] for one in others],
        contradictions=[_contradiction(one) for one in known],
        monitorable={state: counts[state] for state in ("now", "needs_data", "cannot")},
        simulated=await _is_simulated(reader, rows),
    )


def _told_by_others(plan_id: str, others: Iterable[RowMapping]) -> Iterator[Contradiction]:
    """Return the contradictions that other plans record with this one, seen from here: the later plan records them."""
    for row in others:
        for stored in row["contradictions"] or ():
            one = Contradiction.model_validate(stored, strict=False)
            if any(ref.startswith(f"{plan_id}:") for ref in one.between):
                between = tuple(_seen_from(plan_id, row["plan_id"], ref) for ref in one.between)
                yield one.model_copy(update={"between": between})


def _seen_from(plan_id: str, home: str, ref: str) -> str:
    """Return a reference of the plan `home` as `plan_id` writes it."""
    return ref.removeprefix(f"{plan_id}:") if ":" in ref else f"{home}:{ref}"


async def _is_simulated(reader: Reader, rows: Iterable[RowMapping]) -> bool:
    ids = [row["verdict_id"] for row in rows if row["verdict_id"] is not None]
    one = select(VERDICTS.c.verdict_id).where(VERDICTS.c.verdict_id.in_(ids), VERDICTS.c.simulated).limit(1)
    return await reader.find(one) is not None


class _Writer:
    """Writes the parts of one plan."""

    def __init__(
        self, reader: Reader, stored: StoredPlan, rows: Iterable[RowMapping], contradictions: Iterable[Contradiction]
    ) -> None:
        self._reader = reader
        self._stored = stored
        self._city = stored.plan.head.city
        self._judged: defaultdict[str, list[JudgedTarget]] = defaultdict(list)
        for row in rows:
            number = f"{row['clause_id']}/{row['definition']['definition']['slug']}"
            self._judged[number].append(self._judged_target(row))
        self._targets = dict(targets_of(stored.plan))
        self._contradictions: defaultdict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(contradictions):
            for ref in one.between:
                self._contradictions[ref].append(place)

    def chapter(self, chapter: Chapter) -> PlanChapter:
        return PlanChapter(title=chapter.title, clauses=[self._clause(clause) for clause in chapter.clauses])

    def _clause(self, clause: Clause) -> PlanClause:
        return PlanClause(
            id=clause.id,
            kind=clause.kind,
            number=clause.number,
            title=clause.title,
            units=_units(responsible_for(self._stored.plan, clause)),
            numbers=[
                *(self._target(clause, one) for one in clause.targets),
                *(self._restatement(clause, one) for one in clause.restatements),
                *(self._unmonitored(clause, one) for one in clause.unmonitored),
            ],
            facts=[self._fact(clause, fact) for fact in clause.facts],
            signals=[rule.name.zh for rule in clause.signals],
        )

    def _target(self, clause: Clause, target: Target) -> PlanNumber:
        indicator = self._stored.indicators[target.indicator]
        found = monitorability(target, indicator, self._stored.indicators)
        return PlanNumber(
            **self._stated(clause, target),
            kind="target",
            name_zh=target.name.zh,
            name_en=target.name.en,
            scope=target.scope,
            horizon=_horizon(target.horizon),
            baseline=None if target.baseline is None else f"{target.baseline.value} ({target.baseline.year})",
            indicator=target.indicator,
            feeds=list(feeds_for(target, self._stored.indicators)),
            monitorable=found.state,
            reason_zh=None if found.needs is None else found.needs.zh,
            reason_en=None if found.needs is None else found.needs.en,
            units=self._own_units(clause, target.responsible),
            judged=self._judged[number_ref(clause, target)],
        )

    def _restatement(self, clause: Clause, one: Restatement) -> PlanNumber:
        target = self._targets[one.target]
        found = monitorability(target, self._stored.indicators[target.indicator], self._stored.indicators)
        return PlanNumber(
            **self._stated(clause, one),
            kind="restatement",
            name_zh=target.name.zh,
            name_en=target.name.en,
            horizon=_horizon(target.horizon),
            indicator=target.indicator,
            monitorable=found.state,
            restates=one.target,
            judged=self._judged[one.target],
        )

    def _unmonitored(self, clause: Clause, one: Unmonitored) -> PlanNumber:
        return PlanNumber(
            **self._stated(clause, one),
            kind="unmonitored",
            name_zh=one.name.zh,
            name_en=one.name.en,
            scope=one.scope,
            horizon=None if one.horizon is None else _horizon(one.horizon),
            monitorable="cannot",
            reason_code=one.reason,
            reason_zh=one.needs.zh,
            reason_en=one.needs.en,
            units=self._own_units(clause, one.responsible),
        )

    def _stated(self, clause: Clause, stated: Target | Restatement | Unmonitored) -> Mapping[str, object]:
        number = number_ref(clause, stated)
        return {
            "id": number,
            "quote": stated.quote,
            "quote_sha256": text_hash(stated.quote),
            "value": None if stated.value is None else str(stated.value),
            "upper": None if stated.upper is None else str(stated.upper),
            "unit": stated.as_written,
            "qualifier": stated.qualifier,
            "comparator": stated.comparator,
            "comparator_stated": stated.comparator_stated,
            "contradictions": self._contradictions[number],
        }

    def _own_units(self, clause: Clause, own: Responsible | None) -> UnitsByRole | None:
        return None if own is None else _units(responsible_for(self._stored.plan, clause, own))

    def _fact(self, clause: Clause, fact: Fact) -> PlanFact:
        area = fact.area or self._city
        return PlanFact(
            quote=fact.quote,
            period=fact.period,
            area=area,
            area_name=self._reader.names.area(area),
            values=[self._fact_value(clause, fact, indicator) for indicator in fact.values],
        )

    def _fact_value(self, clause: Clause, fact: Fact, indicator: str) -> FactValue:
        name = self._reader.names.indicator(indicator)
        return FactValue(
            indicator=indicator,
            name_zh=name.name_zh,
            name_en=name.name_en,
            value=str(fact.values[indicator]),
            unit=fact.units.get(indicator, name.unit),
            contradictions=self._contradictions[fact_ref(clause, fact, indicator, self._city)],
        )

    def _judged_target(self, row: RowMapping) -> JudgedTarget:
        return JudgedTarget(
            id=row["target_id"],
            year=row["definition"]["year"],
            area=row["area"],
            area_name=self._reader.names.area(row["area"]),
            value=row["definition"]["value"],
            light=light_of(row["light"]),
            status=row["status"],
            suspended=is_suspended(row["light"], row["status"], alert_rests=row["suspended"]),
        )


def _units(responsible: Responsible) -> UnitsByRole:
    return UnitsByRole(
        lead=list(responsible.lead),
        support=list(responsible.support),
        joint=list(responsible.joint),
        implementing=list(responsible.implementing),
        basis=responsible.basis,
    )


def _horizon(horizon: Horizon) -> NumberHorizon:
    since = None if isinstance(horizon, LevelAtYear) else horizon.since
    return NumberHorizon(kind=horizon.kind, year=horizon.year, since=since)


def _contradiction(one: Contradiction) -> PlanContradiction:
    return PlanContradiction(
        kind=one.kind, between=list(one.between), quotes=list(one.quotes), note_zh=one.note.zh, note_en=one.note.en
    )
