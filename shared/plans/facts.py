"""The historic figures a plan states, as rows of the `indicators` feed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.plans.history import Figure, basis_of, figures_of_fact
from shared.plans.loader import Plan
from shared.plans.mention import Fact
from shared.plans.schema import Clause
from shared.plans.statements import Measures

COLUMNS = ("indicator", "area", "period", "value", "unit", "measure", "basis", "status", "authority")
_KEY = ("indicator", "area", "period", "measure", "basis")


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row by the feed's columns, and the figure it is."""

    figure: Figure
    columns: Mapping[str, str]

    @property
    def key(self) -> tuple[str, ...]:
        """What the feed tells figures apart by."""
        return tuple(self.columns[name] for name in _KEY)


def fact_rows(plan: Plan, measures: Measures, *, period: str | None = None) -> tuple[FactRow, ...]:
    """Return the plan's facts, of one period or of all, in document order.

    Each figure is one row: as it is stated first, or where it is stated with more digits and agrees.
    """
    rows: dict[tuple[str, ...], FactRow] = {}
    for row in _rows(plan, measures):
        known = rows.setdefault(row.key, row)
        if row.figure.rounding < known.figure.rounding and row.figure.agrees_with(known.figure):
            rows[row.key] = row
    return tuple(row for row in rows.values() if period in (None, row.columns["period"]))


def differing_rows(plan: Plan, measures: Measures) -> tuple[tuple[FactRow, FactRow], ...]:
    """Return the figures the plan also states with another value, after the row that `fact_rows` has of each."""
    taken = {row.key: row for row in fact_rows(plan, measures)}
    return tuple(
        (taken[row.key], row) for row in _rows(plan, measures) if not row.figure.agrees_with(taken[row.key].figure)
    )


def _rows(plan: Plan, measures: Measures) -> Iterator[FactRow]:
    for clause in plan.clauses:
        for fact in clause.facts:
            yield from _rows_of(plan, clause, fact, measures)


def _rows_of(plan: Plan, clause: Clause, fact: Fact, measures: Measures) -> Iterator[FactRow]:
    for name, figure in figures_of_fact(plan, clause, fact, measures):
        indicator = measures.indicators[name]
        basis = basis_of(fact, indicator)
        if indicator.reported is not None and basis is not None:
            yield FactRow(
                figure,
                {
                    "indicator": name,
                    "area": fact.area or plan.head.city,
                    "period": fact.period,
                    "value": f"{fact.values[name]:f}",
                    "unit": fact.units.get(name, indicator.unit),
                    "measure": indicator.reported.measure,
                    "basis": basis,
                    "status": "final",
                    "authority": plan.head.issuer,
                },
            )
