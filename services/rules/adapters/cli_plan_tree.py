"""A plan as a tree for people: chapter, clause with who answers, numbers with value, horizon, source and words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rich.markup import escape
from rich.tree import Tree

from shared.plans.catalogue import Indicator, feeds_of
from shared.plans.contradiction import Contradiction
from shared.plans.expand import responsible_for
from shared.plans.horizon import Annual, CumulativeBy, GrowthOver, Horizon, LevelAtYear
from shared.plans.loader import Plan
from shared.plans.mention import Restatement, Target, Unmonitored
from shared.plans.monitorable import monitorability
from shared.plans.responsible import Responsible
from shared.plans.schema import Clause
from shared.plans.statements import number_ref, written
from shared.plans.suspension import Suspension

_SIGNS = {"ge": "≥", "gt": "＞", "le": "≤", "lt": "＜", "eq": "＝"}
_ROLES = {"lead": "牵头", "support": "责任", "joint": "共同", "implementing": "落实"}
_BASES = {
    "stated": "",
    "plan_office": "（原文未点名，由通报单位）",
    "issuer": "（原文未点名，由发文机关）",
    "decomposition": "",
}

Marks = Mapping[str, list[Contradiction]]


def plan_tree(
    plan: Plan, indicators: Mapping[str, Indicator], contradictions: Iterable[Contradiction], *, only_clause: str | None
) -> Tree:
    """Return the tree of a plan that lint accepts, or of one clause of it."""
    head = plan.head
    marks: defaultdict[str, list[Contradiction]] = defaultdict(list)
    for one in contradictions:
        for ref in one.between:
            marks[ref].append(one)
    years = f"{head.effective.first_year}–{head.effective.last_year}"
    root = Tree(f"[bold]{escape(head.title.zh)}[/] {head.id} {years}")
    for chapter in plan.chapters:
        clauses = [one for one in chapter.clauses if only_clause in (None, one.id)]
        if clauses:
            branch = root.add(f"[bold]{escape(chapter.title)}[/]")
            for clause in clauses:
                _add_clause(branch, plan, clause, indicators, marks)
    return root


def _add_clause(branch: Tree, plan: Plan, clause: Clause, indicators: Mapping[str, Indicator], marks: Marks) -> None:
    units = _units(responsible_for(plan, clause))
    node = branch.add(f"[cyan]{escape(clause.id)}[/] {escape(clause.begins_with)}\n[dim]{escape(units)}[/]")
    for target in clause.targets:
        ref = number_ref(clause, target)
        source = _source(indicators[target.indicator])
        state = monitorability(target, indicators[target.indicator], indicators)
        needs = "" if state.needs is None else f"\n{escape(state.needs.zh)}"
        own = "" if target.responsible is None else f"\n{escape(_units(target.responsible))}"
        lines = f"{_value(target)} {_horizon(target.horizon)} {target.pace.kind} ← {target.indicator}（{source}）{state.state}"
        node.add(
            f"[green]{ref}[/] {escape(target.name.zh)} {escape(lines)}{''.join(map(escape, _steps(target)))}"
            f"{_quoted(target.quote)}{own}{needs}{_suspended(plan, ref)}{_marked(marks, ref)}"
        )
    for restatement in clause.restatements:
        ref = number_ref(clause, restatement)
        text = f"{_value(restatement)} 重述 {restatement.target}"
        node.add(f"[blue]{ref}[/] {escape(text)}{_quoted(restatement.quote)}{_marked(marks, ref)}")
    for entry in clause.unmonitored:
        node.add(_unmonitored(clause, entry))
    for fact in clause.facts:
        values = "，".join(f"{name} {value}" for name, value in fact.values.items())
        node.add(f"[dim]{escape(f'{fact.period} {values}')}[/]{_quoted(fact.quote)}")
    for rule in clause.signals:
        alerts = "预警" if rule.alert else "只记录"
        node.add(f"[magenta]{rule.slug}[/] {escape(rule.name.zh)}（{alerts}）{_quoted(rule.quote)}")


def _unmonitored(clause: Clause, entry: Unmonitored) -> str:
    reason = f"不可监测：{entry.reason}，需要{entry.needs.zh}"
    value = f"{written(entry)} " if entry.value is not None else ""
    return f"[yellow]{number_ref(clause, entry)}[/] {escape(f'{entry.name.zh} {value}')}{_quoted(entry.quote)}\n{escape(reason)}"


def _units(responsible: Responsible) -> str:
    roles = (f"{zh}：{'、'.join(names)}" for role, zh in _ROLES.items() if (names := getattr(responsible, role)))
    divided = "，按职责分工" if responsible.divided else ""
    return f"{'；'.join(roles)}{divided}{_BASES[responsible.basis]}"


def _value(entry: Target | Restatement) -> str:
    if isinstance(entry, Target) and entry.reference is not None:
        return f"{_SIGNS[entry.comparator]}{entry.reference.indicator}（{entry.reference.area}）"
    return f"{_SIGNS[entry.comparator]}{written(entry)}"


def _steps(target: Target) -> Iterator[str]:
    """Return where the path begins and what it passes."""
    if target.baseline is not None:
        yield f"\n{target.baseline.year}年基期 {target.baseline.value}{target.as_written}"
    for milestone in target.milestones:
        yield f"\n{milestone.year}年阶段目标 {milestone.value}{target.as_written}"


def _horizon(horizon: Horizon) -> str:
    match horizon:
        case Annual():
            return "每年"
        case LevelAtYear(year=year):
            return f"到{year}年"
        case CumulativeBy(year=year, since=since):
            return f"{since or ''}至{year}年累计"
        case GrowthOver(year=year, since=since):
            return f"{since}—{year}年年均"


def _source(indicator: Indicator) -> str:
    if indicator.derived is not None:
        return "、".join(feeds_of(indicator.derived))
    figures = indicator.reported
    return "" if figures is None else f"{figures.availability} {figures.authority}"


def _quoted(quote: str) -> str:
    return f"\n[italic]“{escape(' '.join(quote.split()))}”[/]"


def _suspended(plan: Plan, ref: str) -> str:
    return "".join(f"\n[yellow]{escape(_rest(one))}[/]" for one in plan.suspensions if one.target == ref)


def _rest(one: Suspension) -> str:
    area = "" if one.area is None else f"{one.area} "
    paper = "" if one.reference is None else f"，依据{one.reference}"
    return f"暂缓 {area}{one.since} 至 {one.until}：{one.reason.zh}（{one.approved_by}批准{paper}）"


def _marked(marks: Marks, ref: str) -> str:
    return "".join(f"\n[red]矛盾 {one.kind}：{escape(one.note.zh)}[/]" for one in marks.get(ref, ()))
