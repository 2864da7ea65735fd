"""What is a finding, and what is refused."""

import pytest

from services.alerts.adapters.finding_codec import decode_finding
from services.alerts.domain.finding import FindingKey, FindingKind, ResponsibleUnit, Severity, UnitRole
from shared.kernel.errors import InvalidMessageError
from tests.contracts.alerts_findings import JOINT, LEAD, TARGET, event


def test_valid_event_is_read_as_the_domain_sees_it() -> None:
    body = event(sequence=7, severity="red").model_dump_json()
    found = decode_finding(body.encode())

    assert found.key == FindingKey(TARGET, "321300", FindingKind.LAGGING)
    assert (found.severity, found.sequence, found.document) == (Severity.RED, 7, body)
    assert found.units == (ResponsibleUnit(LEAD, UnitRole.LEAD), ResponsibleUnit(JOINT, UnitRole.JOINT))


def test_clear_event_has_no_severity() -> None:
    assert decode_finding(event(state="clear", severity="yellow").model_dump_json().encode()).severity is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
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
