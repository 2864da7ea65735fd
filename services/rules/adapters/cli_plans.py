"""The `planwatch plans` commands that need files only: lint, contradictions, coverage, show, export, facts."""

import csv
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Column, Table

from services.rules.adapters.cli_plan_tree import plan_tree
from services.rules.adapters.cli_surroundings import USAGE, Surroundings
from shared.plans.contradiction import Contradiction
from shared.plans.contradictions import as_recorded, as_yaml, find_contradictions
from shared.plans.coverage import PlanCoverage, coverage_of
from shared.plans.document_text import DocumentText
from shared.plans.export import export_records
from shared.plans.facts import COLUMNS, differing_rows, fact_rows
from shared.plans.lint import lint_plans
from shared.plans.loader import Plan, PlanLibrary, load_all, parse, read_plan
from shared.plans.numerals import NumeralsFile
from shared.plans.overlay import Overlay
from shared.plans.statements import Measures
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure

FOUND = 1

TextsOption = Annotated[Path | None, typer.Option(help="Folder of the documents' texts, `<plan-id>.txt`.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
PlanArgument = Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id: its folder under plans/.")]


class ExportFormat(StrEnum):
    """How `plans export` writes."""

    JSONL = "jsonl"


class FactsFormat(StrEnum):
    """How `plans facts` writes."""

    CSV = "csv"


def add_plan_commands(app: typer.Typer, around: Surroundings) -> None:
    """Add the commands."""
    _add_lint(app, around)
    _add_contradictions(app, around)
    _add_coverage(app, around)
    _add_show(app, around)
    _add_export(app, around)
    _add_facts(app, around)


def _add_lint(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def lint(*, texts: TextsOption = None) -> None:
        """Check every plan file alone, and against the documents' texts where they are at hand."""
        texts_dir = around.texts_dir(texts)
        findings = lint_plans(around.plans_dir, texts_dir, data_dir=around.data_dir)
        for finding in findings:
            typer.echo(str(finding))
        checked = f"and against the texts in {texts_dir}" if texts_dir else "NOT against the texts: none are at hand"
        errors = sum(finding.severity == "error" for finding in findings)
        typer.echo(f"checked alone {checked}: {errors} errors, {len(findings) - errors} warnings")
        raise typer.Exit(FOUND if errors else 0)


def _add_contradictions(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def contradictions(
        plan: PlanArgument,
        *,
        as_entries: Annotated[bool, typer.Option("--yaml", help="Print the entries for the head, to paste.")] = False,
    ) -> None:
        """List where a document contradicts itself or an earlier plan of its city."""
        opened = _open(around)
        chosen = opened.plan(plan)
        found = as_recorded(opened.contradictions(chosen), chosen.head.contradictions)
        if as_entries:
            typer.echo("contradictions:" if found else "contradictions: []")
            for one in found:
                typer.echo(f"  {as_yaml(one)}")
            return
        for one in found:
            typer.echo(f"{one.kind}: {one.note.zh} / {one.note.en}")
            for quote in one.quotes:
                typer.echo(f"    “{quote}”")
        typer.echo(f"{plan}: {len(found)} contradictions")


def _add_coverage(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def coverage(
        plan: Annotated[str | None, typer.Argument(metavar="[PLAN]", help="One plan; all without it.")] = None,
        *,
        texts: TextsOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Count what plans hold, what of it is monitored, and what accounts for the numerals of the texts."""
        opened = _open(around)
        plans = [opened.plan(plan)] if plan is not None else list(opened.library.plans.values())
        texts_dir = around.texts_dir(texts)
        counted = [coverage_of(one, opened.library.indicators, _overlay(around, one, texts_dir)) for one in plans]
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in counted], ensure_ascii=False))
        else:
            Console().print(_coverage_table(counted))


def _add_show(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def show(
        plan: PlanArgument, *, clause: Annotated[str | None, typer.Option(help="Only this clause, by its id.")] = None
    ) -> None:
        """Show a plan as its document has it: chapters, clauses with their units, numbers with their words."""
        opened = _open(around)
        chosen = opened.plan(plan)
        if clause is not None and clause not in {one.id for one in chosen.clauses}:
            _refuse(f"{plan} has no clause {clause!r}; it has {', '.join(one.id for one in chosen.clauses)}")
        found = opened.contradictions(chosen)
        Console().print(plan_tree(chosen, opened.library.indicators, found, only_clause=clause))


def _add_export(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def export(
        plan: PlanArgument, *, _format: Annotated[ExportFormat, typer.Option("--format")] = ExportFormat.JSONL
    ) -> None:
        """Print every number of a plan as one JSON object a line, in document order."""
        opened = _open(around)
        for record in export_records(opened.plan(plan), opened.library.plans, opened.library.indicators):
            typer.echo(json.dumps(record, ensure_ascii=False))


def _add_facts(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def facts(
        plan: PlanArgument,
        *,
        _format: Annotated[FactsFormat, typer.Option("--format")] = FactsFormat.CSV,
        period: Annotated[str | None, typer.Option(help="Only the figures of this period, such as 2023.")] = None,
        own_city: Annotated[
            bool,
            typer.Option("--own-city", help="Without other cities' figures, which a key bound to a city may not push."),
        ] = False,
    ) -> None:
        """Print the historic figures a plan states as a CSV that the `indicators` feed accepts."""
        opened = _open(around)
        chosen = opened.plan(plan)
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        areas = Areas.load(around.data_dir / "areas.csv")
        rows = (row.columns for row in fact_rows(chosen, opened.measures, period=period))
        writer.writerows(row for row in rows if not own_city or areas.is_within(row["area"], chosen.head.city))
        for taken, left in differing_rows(chosen, opened.measures):
            if period in (None, left.columns["period"]):
                known = f"{taken.figure.written} of {taken.figure.ref}"
                typer.echo(
                    f"planwatch: {left.figure.ref} states {left.figure.written}; {known}, stated first, is taken",
                    err=True,
                )


# ---- reading ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Opened:
    """Plans that may be read: lint finds no error in them but contradictions that are not recorded yet."""

    library: PlanLibrary
    measures: Measures

    def plan(self, plan_id: str) -> Plan:
        plan = self.library.plans.get(plan_id)
        if plan is None:
            _refuse(f"no plan {plan_id!r}; there are {', '.join(self.library.plans)}")
        return plan

    def contradictions(self, plan: Plan) -> tuple[Contradiction, ...]:
        return find_contradictions(plan, self.library.plans, self.measures)


def _open(around: Surroundings) -> _Opened:
    findings = lint_plans(around.plans_dir, None, data_dir=around.data_dir)
    broken = [one for one in findings if one.severity == "error" and not one.code.startswith("contradiction.")]
    for finding in broken:
        typer.echo(str(finding), err=True)
    if broken:
        raise typer.Exit(FOUND)
    library = load_all(around.plans_dir)
    units = UnitsOfMeasure.load(around.data_dir / "units_of_measure.csv")
    return _Opened(library, Measures(library.indicators, units))


def _overlay(around: Surroundings, plan: Plan, texts_dir: Path | None) -> Overlay | None:
    path = None if texts_dir is None else texts_dir / f"{plan.head.id}.txt"
    if path is None or not path.is_file():
        return None
    numerals = parse(around.plans_dir / "numerals.yaml", NumeralsFile).model
    return Overlay(read_plan(around.plans_dir / plan.head.id), DocumentText.read(path), numerals.patterns)


def _refuse(message: str) -> NoReturn:
    typer.echo(f"planwatch: {message}", err=True)
    raise typer.Exit(USAGE)


# ---- writing ----------------------------------------------------------------------------------------------------


def _coverage_table(counted: list[PlanCoverage]) -> Table:
    table = Table(Column("", no_wrap=True), *(Column(one.plan, justify="right") for one in counted))
    _add_counts(table, "条款 clauses", [one.clauses for one in counted])
    for label, numbers in (
        ("目标 targets", [one.targets for one in counted]),
        ("重述 restatements", [one.restatements for one in counted]),
        ("不可监测 unmonitored", [one.unmonitored for one in counted]),
        ("史实数值 facts", [one.facts for one in counted]),
        ("事件规则 signals", [one.signals for one in counted]),
        ("豁免 exemptions", [one.exemptions for one in counted]),
        ("年度目标 year targets", [one.year_targets for one in counted]),
        ("区县分解 parts", [one.parts for one in counted]),
    ):
        table.add_row(label, *map(str, numbers), style="bold")
    _add_counts(table, "目标期限 horizons", [one.horizons for one in counted])
    _add_counts(table, "可监测性 monitorable", [one.monitorable for one in counted])
    _add_counts(table, "数据来源 feeds", [one.by_feed for one in counted])
    _add_counts(table, "矛盾 contradictions", [one.contradictions for one in counted])
    _add_counts(table, "原文数词 numerals of the text", [one.numerals for one in counted])
    return table


def _add_counts(table: Table, label: str, counts: list[Mapping[str, int] | None]) -> None:
    """Add a line of sums and one for each key; what was not counted (no text at hand) is a dash."""
    sums = ["–" if one is None else str(sum(one.values())) for one in counts]
    table.add_row(label, *sums, style="bold")
    for key in dict.fromkeys(key for one in counts if one is not None for key in one):
        table.add_row(f"  {key}", *("–" if one is None else str(one.get(key, 0)) for one in counts))
