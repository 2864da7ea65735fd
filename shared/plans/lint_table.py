"""Lint of a table's rows: each cell that is a number is the value of something that quotes the row."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from shared.plans.findings import LintFinding
from shared.plans.mention import Target
from shared.plans.schema import Clause
from shared.plans.spot import Spot

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def lint_table(clause: Clause, spot: Spot) -> Iterator[LintFinding]:
    """Find cells that a row's quote holds and nothing states: a year's column forgotten. The first cell may number the row."""
    if clause.kind != "table":
        return
    for row, values in _values_of_rows(clause).items():
        for cell in re.split(r"[\s|]+", row)[1:]:
            if _NUMBER.fullmatch(cell) and Decimal(cell) not in values:
                yield spot.find(
                    "cell.unused",
                    f"“{row}”中的 {cell} 没有写成任何数：写成目标值、milestones、baseline 或史实",
                    f"{cell} of {row!r} is no value of anything: make it a target's value, a milestone, a baseline or a fact",
                )


def _values_of_rows(clause: Clause) -> dict[str, set[Decimal]]:
    values: defaultdict[str, set[Decimal]] = defaultdict(set)
    for number in (*clause.targets, *clause.restatements, *clause.unmonitored):
        values[number.quote] |= {value for value in (number.value, number.upper) if value is not None}
        if isinstance(number, Target):
            for stop in (*number.milestones, *((number.baseline,) if number.baseline else ())):
                values[stop.quote or number.quote].add(stop.value)
    for fact in clause.facts:
        values[fact.quote] |= set(fact.values.values())
    return values
