"""Receipts and findings as stored: both languages, so that the stored answer can be given in either."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.ingest.domain.envelope import Action, Reason
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.finding import Finding, Findings
from services.ingest.domain.submission import Receipt, State


def receipt_document(receipt: Receipt) -> dict[str, Any]:
    """Return the receipt as a JSON document."""
    return asdict(receipt)


def receipt_of_document(document: Mapping[str, Any]) -> Receipt:
    """Return the receipt a document holds."""
    return Receipt(
        **{
            **document,
            "feed": FeedName(document["feed"]),
            "action": Action(document["action"]),
            "reason": Reason(document["reason"]) if document["reason"] is not None else None,
            "state": State(document["state"]) if document["state"] is not None else None,
            "warnings": findings_of_documents(document["warnings"]["listed"], document["warnings"]["total"]),
        }
    )


def finding_documents(findings: Findings) -> list[dict[str, Any]]:
    """Return the listed findings as JSON documents."""
    return [asdict(finding) for finding in findings.listed]


def findings_of_documents(documents: list[dict[str, Any]], total: int) -> Findings:
    """Return the findings that documents hold."""
    listed = tuple(Finding(**document) for document in documents)
    return Findings(listed, total, len({finding.row for finding in listed if finding.row is not None}))
