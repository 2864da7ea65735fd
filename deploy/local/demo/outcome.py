"""Compares what the system found with what it must have found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from deploy.local.demo.expected import RATING_RULE, ExpectedVerdict

ACTIVE = ("open", "acknowledged", "suspended")
"""States of alerts on which somebody must act."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation, what was found, and whether they agree."""

    what: str
    expected: str
    found: str

    @property
    def holds(self) -> bool:
        """Whether the expectation is met."""
        return self.expected == self.found


def check_verdicts(
    expected: Iterable[ExpectedVerdict], targets: Mapping[str, Record], verdicts: Mapping[str, Sequence[Record]]
) -> list[Check]:
    """Check the settling verdict of each target: its status and its actual figure."""
    checks = []
    for one in expected:
        value = int(Decimal(targets[one.target_id]["value"]))
        found = next((verdict for verdict in verdicts[one.target_id] if verdict["period"] == one.period), None)
        found_text = "no verdict" if found is None else f"{found['status']} {Decimal(found['actual'] or 'NaN'):f}"
        checks.append(Check(f"{one.target_id} {one.period}", f"{one.status(value)} {one.actual}", found_text))
    return checks


def check_alerts(
    expected: Iterable[ExpectedVerdict], targets: Mapping[str, Record], alerts: Sequence[Record]
) -> list[Check]:
    """Check that every missed target has an open red alert, and that no met one has an open alert."""
    checks = []
    for one in expected:
        missed = one.status(int(Decimal(targets[one.target_id]["value"]))) == "missed"
        open_ones = [
            alert["severity"] for alert in alerts if alert["target_id"] == one.target_id and alert["state"] in ACTIVE
        ]
        checks.append(
            Check(f"alert on {one.target_id}", "red" if missed else "none open", " ".join(open_ones) or "none open")
        )
    return checks


def check_class_d(expected: int, details: Sequence[Record]) -> Check:
    """Check that the open alerts of the rating rule list every firm of the last published round."""
    firms = sum(
        len(detail["finding"]["subjects"])
        for detail in details
        if detail["target_id"] == RATING_RULE and detail["state"] in ACTIVE
    )
    return Check("firms finally rated D, listed in alerts", str(expected), str(firms))


def check_notices(details: Sequence[Record], *, mails: int, webhooks: int) -> list[Check]:
    """Check that every notice was sent, and that the receivers got exactly as many."""
    notices = [notice for detail in details for notice in detail["notices"]]
    unsent = sorted({notice["state"] for notice in notices if notice["state"] != "sent"})
    sent = {channel: sum(notice["channel"] == channel for notice in notices) for channel in ("mail", "webhook")}
    silent = [detail["id"] for detail in details if not detail["notices"]]
    return [
        Check("notices that were not sent", "none", " ".join(unsent) or "none"),
        Check("alerts without a notice", "none", " ".join(silent) or "none"),
        Check("mails received", str(sent["mail"]), str(mails)),
        Check("webhooks received", str(sent["webhook"]), str(webhooks)),
    ]
