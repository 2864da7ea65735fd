"""What the reading of a plan in its document's own order returns: chapters, clauses, numbers, facts, contradictions."""

from typing import Literal

from pydantic import BaseModel, Field

from services.query.adapters.reading.lights import Light
from services.query.adapters.reading.plans import Plan
from shared.plans.contradiction import ContradictionKind
from shared.plans.monitorable import Monitorable
from shared.plans.schema import ClauseKind

NumberKind = Literal["target", "restatement", "unmonitored"]


class UnitsByRole(BaseModel):
    """The units as the document writes them: 牵头, 责任, 共同责任, 落实."""

    lead: list[str]
    support: list[str]
    joint: list[str]
    implementing: list[str]
    basis: str = Field(description="stated, plan_office (the clause names nobody), issuer, decomposition")


class NumberHorizon(BaseModel):
    """When it must be reached: every year, by a year, over years, as mean growth."""

    kind: str
    year: int | None = None
    since: int | None = None


class JudgedTarget(BaseModel):
    """One target that a number is judged by: of one year, or one area's part."""

    id: str
    year: int
    area: str
    area_name: str
    value: str | None
    light: Light
    status: str | None
    suspended: bool = Field(description="it shows no light because it is suspended")


class PlanNumber(BaseModel):
    """One number of the document: judged, said again, or not to be monitored."""

    id: str = Field(description="<clause>/<slug>")
    kind: NumberKind
    name_zh: str
    name_en: str
    quote: str
    quote_sha256: str
    value: str | None
    upper: str | None
    unit: str = Field(description="as written")
    qualifier: str | None
    comparator: str | None
    comparator_stated: bool
    scope: str | None = None
    horizon: NumberHorizon | None = None
    baseline: str | None = Field(default=None, description="the value the path starts from, with its year")
    indicator: str | None = None
    feeds: list[str] = Field(default_factory=list, description="the feeds its figures come from")
    monitorable: Monitorable
    reason_code: str | None = Field(default=None, description="why it cannot be monitored")
    reason_zh: str | None = Field(default=None, description="what data would be needed, null when it is monitored now")
    reason_en: str | None = None
    restates: str | None = Field(default=None, description="the number it says again")
    units: UnitsByRole | None = Field(default=None, description="only where others answer than for its clause")
    judged: list[JudgedTarget] = Field(default_factory=list)
    contradictions: list[int] = Field(default_factory=list, description="places in the plan's list of contradictions")


class FactValue(BaseModel):
    """One historic figure."""

    indicator: str
    name_zh: str
    name_en: str
    value: str
    unit: str
    contradictions: list[int]


class PlanFact(BaseModel):
    """Historic figures the document states in one place."""

    quote: str
    period: str
    area: str
    area_name: str
    values: list[FactValue]


class PlanClause(BaseModel):
    """One clause, in its place."""

    id: str
    kind: ClauseKind
    number: str | None
    title: str
    units: UnitsByRole
    numbers: list[PlanNumber]
    facts: list[PlanFact]
    signals: list[str] = Field(description="names of its signal rules")


class PlanChapter(BaseModel):
    """One chapter."""

    title: str
    clauses: list[PlanClause]


class PlanContradiction(BaseModel):
    """Where the document, or two plans of a city, contradict themselves; nothing is corrected."""

    kind: ContradictionKind
    between: list[str]
    quotes: list[str]
    note_zh: str
    note_en: str


class PlanDocument(BaseModel):
    """Everything a plan says."""

    plan: Plan
    chapters: list[PlanChapter]
    contradictions: list[PlanContradiction]
    other_plans: list[str] = Field(description="plans that are loaded too; a contradiction may name one that is not")
    monitorable: dict[Monitorable, int] = Field(description="how many targets and unmonitored numbers are what")
    simulated: bool = Field(description="at least one verdict behind the lights uses simulated figures")
