"""Receipts and findings as stored: both languages, so that the stored answer can be given in either."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from services.ingest.domain.envelope import Action, Reason
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.finding import Finding, Findings
from services.ingest.domain.restatement import Extent, Hold, HoldLimits
from services.ingest.domain.submission import Receipt, State


def receipt_document(receipt: Receipt) -> dict[str, Any]:
    """Return the receipt as a JSON document."""
    return {**asdict(receipt), "hold": hold_document(receipt.hold) if receipt.hold is not None else None}


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
            # Answers stored before submissions could be held do not have it.
            "hold": hold_of_document(document["hold"]) if document.get("hold") is not None else None,
        }
    )


def hold_document(hold: Hold) -> dict[str, Any]:
    """Return why a submission waits as a JSON document; decimals are text."""
    return {
        name: {member: format(value, "f") if isinstance(value, Decimal) else value for member, value in part.items()}
        for name, part in asdict(hold).items()
    }


def hold_of_document(document: Mapping[str, Any]) -> Hold:
    """Return why a submission waits from what a document holds."""
    return Hold(
        extent=Extent(**{**document["extent"], **_decimals(document["extent"], "known_value", "changed_value")}),
        limits=HoldLimits(**{**document["limits"], **_decimals(document["limits"], "rows_share", "value_share")}),
    )


def _decimals(document: Mapping[str, Any], *names: str) -> dict[str, Decimal | None]:
    return {name: Decimal(document[name]) if document[name] is not None else None for name in names}


def finding_documents(findings: Findings) -> list[dict[str, Any]]:
    """Return the listed findings as JSON documents."""
    return [asdict(finding) for finding in findings.listed]


def findings_of_documents(documents: list[dict[str, Any]], total: int) -> Findings:
    """Return the findings that documents hold."""
    listed = tuple(Finding(**document) for document in documents)
    return Findings(listed, total, len({finding.row for finding in listed if finding.row is not None}))
