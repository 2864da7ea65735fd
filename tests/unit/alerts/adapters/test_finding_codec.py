"""What is a finding, and what is refused."""

from decimal import Decimal

import pytest

from services.alerts.adapters.finding_codec import decode_finding
from services.alerts.domain.finding import Assessment, FindingKey, FindingKind, ResponsibleUnit, Severity, UnitRole
from shared.kernel.errors import InvalidMessageError
from tests.contracts.alerts_findings import JOINT, LEAD, TARGET, corrected, event, event_of_runs, judgement, run


def test_valid_event_is_read_as_the_domain_sees_it() -> None:
    body = event(sequence=7, severity="red").model_dump_json()
    found = decode_finding(body.encode())

    assert found.key == FindingKey(TARGET, "321300", FindingKind.LAGGING)
    assert (found.severity, found.sequence, found.document) == (Severity.RED, 7, body)
    assert found.units == (ResponsibleUnit(LEAD, UnitRole.LEAD), ResponsibleUnit(JOINT, UnitRole.JOINT))


def test_clear_event_has_no_severity() -> None:
    assert decode_finding(event(state="clear", severity="yellow").model_dump_json().encode()).severity is None


def test_runs_are_read_with_the_numbers_of_their_last_period() -> None:
    found = decode_finding(
        event_of_runs(run("2024-03", "2024-04", "2024-05", worst="red"), run("2024-06"), stale_since="2024-07")
        .model_dump_json()
        .encode()
    )

    assert found.runs is not None
    first, second = found.runs
    assert (first.until, first.ended_by, first.worst, first.goes_on) == ("2024-04", "2024-05", Severity.RED, False)
    assert second.assessment == Assessment("behind", Decimal(30), Decimal(22))
    assert (second.goes_on, found.stale_since) == (True, "2024-07")


def test_terms_change_with_the_target_and_not_with_its_figures() -> None:
    terms = {
        decode_finding(found.model_dump_json().encode()).terms
        for found in (event(), event(sequence=2, period="2024-07", judgement=judgement(actual=Decimal(30))))
    }

    assert len(terms) == 1
    assert decode_finding(event(binding="binding").model_dump_json().encode()).terms not in terms


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(
            event_of_runs(run("2024-06", "2024-05")).model_dump_json().encode(), "ends before", id="run turned round"
        ),
        pytest.param(
            event_of_runs(run("2024-03"), run("2024-06")).model_dump_json().encode(),
            "before the last one goes on",
            id="two runs go on",
        ),
        pytest.param(
            event_of_runs(run("2024-06", ended_by="later")).model_dump_json().encode(), "not a period", id="no end"
        ),
        pytest.param(
            event_of_runs(corrected=(corrected("2024-06", "2024-05"),)).model_dump_json().encode(),
            "ends before",
            id="correction turned round",
        ),
        pytest.param(event(stale_since="soon").model_dump_json().encode(), "not a period", id="no silence"),
        pytest.param(b"\xff", "UTF-8", id="not text"),
        pytest.param(b"{}", "target_id: Field required", id="empty"),
        pytest.param(event(sequence=2**63).model_dump_json().encode(), "out of range", id="sequence too large"),
        pytest.param(event(sequence=-1).model_dump_json().encode(), "out of range", id="sequence negative"),
        pytest.param(event(period="2024-02").model_dump_json().encode(), None, id="February alone is a written form"),
        pytest.param(event(period="2024-13").model_dump_json().encode(), "no such month", id="no such month"),
        pytest.param(event(since="soon").model_dump_json().encode(), "not a period", id="no period"),
        pytest.param(event(severity=None).model_dump_json().encode(), "no severity", id="breach without light"),
        pytest.param(event(judgement=None).model_dump_json().encode(), "no judgement", id="lagging without judgement"),
        pytest.param(event(kind="rating_d").model_dump_json().encode(), "no firm", id="ratings without firms"),
        pytest.param(event(name_zh="a\x00").model_dump_json().encode(), "NUL", id="NUL character"),
    ],
)
def test_what_can_never_be_recorded_is_refused_with_its_reason(value: bytes, reason: str | None) -> None:
    if reason is None:
        decode_finding(value)
        return
    with pytest.raises(InvalidMessageError, match=reason):
        decode_finding(value)
