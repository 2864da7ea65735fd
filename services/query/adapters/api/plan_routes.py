"""`/v1/plans`, `/v1/targets`, `/v1/verdicts`."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from services.query.adapters.api.answers import answers
from services.query.adapters.dependencies import ReaderDependency
from services.query.adapters.reading.plan_document import read_plan_document
from services.query.adapters.reading.plan_numbers import PlanDocument
from services.query.adapters.reading.plans import Plan, list_plans, read_plan
from services.query.adapters.reading.reader import Page, PageParameters
from services.query.adapters.reading.targets import Target, TargetParameters, list_targets, read_target
from services.query.adapters.reading.verdicts import (
    Verdict,
    VerdictDetail,
    VerdictParameters,
    list_verdicts,
    read_verdict,
)
from services.query.adapters.reading.year_before import TargetDetail, read_target_detail

router = APIRouter(prefix="/v1")
TargetId = Annotated[
    str, Path(description="plan, clause, slug and year; it holds slashes", examples=["suqian-2024/m1/starts-10yi@2024"])
]


@router.get("/plans", tags=["plans"], summary="Plans", responses=answers())
async def plans(reader: ReaderDependency, parameters: Annotated[PageParameters, Query()]) -> Page[Plan]:
    """By id."""
    return await list_plans(reader, parameters)


@router.get("/plans/{plan_id}", tags=["plans"], summary="One plan", responses=answers(404))
async def plan(reader: ReaderDependency, plan_id: str) -> Plan:
    """With how many of its targets show which light."""
    return await read_plan(reader, plan_id)


@router.get("/plans/{plan_id}/document", tags=["plans"], summary="Everything a plan says", responses=answers(404))
async def plan_document(reader: ReaderDependency, plan_id: str) -> PlanDocument:
    """Every chapter, clause and number in the document's own order, with lights, contradictions and reasons."""
    return await read_plan_document(reader, plan_id)


@router.get("/plans/{plan_id}/targets", tags=["plans"], summary="The targets of a plan", responses=answers(404))
async def plan_targets(
    reader: ReaderDependency, plan_id: str, parameters: Annotated[TargetParameters, Query()]
) -> Page[Target]:
    """In the order of clause and year, each with its governing verdict and light."""
    return await list_targets(reader, plan_id, parameters)


# Before `/targets/{target_id:path}`, which would take `…/verdicts` for a part of the id.
@router.get(
    "/targets/{target_id:path}/verdicts", tags=["targets"], summary="A target's verdicts", responses=answers(404)
)
async def target_verdicts(
    reader: ReaderDependency, target_id: TargetId, parameters: Annotated[VerdictParameters, Query()]
) -> Page[Verdict]:
    """The current verdict of each period, or with `history` every one; newest period first."""
    return await list_verdicts(reader, await read_target(reader, target_id), parameters)


@router.get("/targets/{target_id:path}", tags=["targets"], summary="One target", responses=answers(404))
async def target(reader: ReaderDependency, target_id: TargetId) -> TargetDetail:
    """With its clause, quote, responsible units, governing verdict, and the figure one year earlier."""
    return await read_target_detail(reader, target_id)


@router.get("/verdicts/{verdict_id}", tags=["targets"], summary="One verdict", responses=answers(404))
async def verdict(reader: ReaderDependency, verdict_id: str) -> VerdictDetail:
    """With the figures and versions it was made from, the target in the version used, and the quoted clause."""
    return await read_verdict(reader, verdict_id)
