"""What the API answers, for OpenAPI; findings and receipts in the reader's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.ingest.domain.feeds import FeedName
from services.ingest.domain.finding import Finding, Findings
from services.ingest.domain.submission import Receipt, State
from shared.adapters.problems import Language


class FindingView(BaseModel):
    """One finding at its place."""

    row: int | None = Field(description="1 is the first data row; null: the envelope or the header")
    column: str | None
    code: str
    value: str | None
    message: str


class ReceiptView(BaseModel):
    """The answer to a push."""

    id: str | None = Field(description="null for a dry run")
    feed: FeedName
    period: str
    action: Literal["merge", "replace"]
    reason: str | None
    reference: str | None
    state: State | None
    received: int = Field(description="rows in the body")
    accepted: int = Field(description="rows that are new or changed; they are published")
    unchanged: int = Field(description="rows identical to what is known; they cause nothing")
    restated: int = Field(description="accepted rows that change known values")
    removed: int = Field(description="known rows that a replacement no longer holds")
    rejected: int = Field(description="rows not taken; always 0 in strict mode")
    warnings: list[FindingView]
    warnings_total: int


class SubmissionSummary(BaseModel):
    """A submission in a list."""

    model_config = ConfigDict(extra="ignore")

    id: str
    feed: FeedName
    period: str
    action: Literal["merge", "replace"]
    reason: str | None
    reference: str | None
    area: str | None
    state: State
    received: int
    accepted: int
    unchanged: int
    restated: int
    removed: int
    rejected: int = 0
    warnings_total: int
    sequence: int = Field(
        description="order of acceptance; the highest of a cell wins, of a published figure among those of one source"
    )
    source: str
    source_name: str
    simulated: bool
    city: str
    recorded_at: datetime
    events: int = Field(description="row events this submission sends")
    published_events: int
    published_at: datetime | None
    content_type: str
    body_sha256: str
    body_bytes: int
    correlation_id: str


class SubmissionReport(SubmissionSummary):
    """The report of one submission."""

    warnings: list[FindingView]


class SubmissionPage(BaseModel):
    """One page, newest first; give `next` as `cursor` to read on."""

    items: list[SubmissionSummary]
    next: str | None


def finding_view(finding: Finding, language: Language) -> FindingView:
    """Return a finding in the reader's language."""
    return FindingView(
        row=finding.row,
        column=finding.column,
        code=finding.code,
        value=finding.value,
        message=finding.zh if language == "zh" else finding.en,
    )


def finding_views(findings: Findings, language: Language) -> list[FindingView]:
    """Return the listed findings in the reader's language."""
    return [finding_view(finding, language) for finding in findings.listed]


def receipt_view(receipt: Receipt, language: Language) -> ReceiptView:
    """Return a receipt in the reader's language."""
    return ReceiptView(
        id=receipt.submission_id,
        feed=receipt.feed,
        period=receipt.period,
        action=receipt.action.value,
        reason=receipt.reason,
        reference=receipt.reference,
        state=receipt.state,
        received=receipt.received,
        accepted=receipt.accepted,
        unchanged=receipt.unchanged,
        restated=receipt.restated,
        removed=receipt.removed,
        rejected=receipt.rejected,
        warnings=finding_views(receipt.warnings, language),
        warnings_total=receipt.warnings.total,
    )


def submission_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored submission as the members of a view."""
    return {**row, "id": row["submission_id"], "events": row["row_events"], "state": _state(row)}


def _state(row: Mapping[str, Any]) -> State:
    if row["published_at"] is not None:
        return State.PUBLISHED
    return State.PUBLISHING if row["published_events"] else State.ACCEPTED
