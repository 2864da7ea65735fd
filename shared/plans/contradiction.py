"""Contradictions of the documents: found by rule, recorded in the plan with both quotes, never corrected."""

from typing import Literal

from pydantic import Field

from shared.plans.model import BilingualName, PlanModel

ContradictionKind = Literal["value", "qualifier", "baseline", "sum", "pace", "fact"]
"""What contradicts.

value      one quantity (indicator, area, horizon) with two values, in one plan or in two plans of one city
qualifier  the same value with another qualifier or comparator (body against table)
baseline   a milestone or target on the wrong side of its baseline, or of the milestone before it
sum        parts that exceed their total
pace       a stated yearly pace that does not lead from the baseline to the target
fact       one historic figure with two values, or a baseline that differs from the fact stated elsewhere
"""


class Contradiction(PlanModel):
    """One contradiction that is known: which numbers (`<clause>/<slug>`), their words, and what follows from it."""

    kind: ContradictionKind
    between: tuple[str, ...] = Field(min_length=1)
    quotes: tuple[str, ...] = Field(min_length=1)
    note: BilingualName
