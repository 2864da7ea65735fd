"""The channels file is checked whole, and its secrets never stand in an error."""

from pathlib import Path

import pytest

from services.alerts.adapters.channels import BadChannelsFileError, load_channels
from services.alerts.domain.notice import Channel, Endpoint

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "channels.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_units_are_reached_by_their_names_as_written(tmp_path: Path) -> None:
    channels = load_channels(
        written(
            tmp_path,
            "units:\n  市示例局: {mail: [a@units.example, b@units.example],"
            f' webhook: {{url: "http://units.example/hook", secret: "{SECRET}"}}}}\n',
        )
    )

    assert channels.of("市示例局") == (
        Endpoint(Channel.MAIL, "a@units.example"),
        Endpoint(Channel.MAIL, "b@units.example"),
        Endpoint(Channel.WEBHOOK, "http://units.example/hook"),
    )
    assert channels.of("示例局") == ()
    assert channels.signer("市示例局", "http://units.example/hook") is not None
    assert channels.signer("市示例局", "http://units.example/other") is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("units: [", "channels.yaml:", id="not YAML"),
        pytest.param("", "empty", id="empty"),
        pytest.param("unit: {}", "unit: Extra inputs", id="misspelt key"),
        pytest.param("units: {市示例局: {}}", "has neither mail nor webhook", id="no channel"),
        pytest.param("units: {市示例局: {mail: [not-an-address]}}", "is not a mail address", id="bad address"),
        pytest.param("units: {市示例局: {mail: [a@b.example, a@b.example]}}", "twice", id="address twice"),
        pytest.param("units: {市示例局: {mail: [a@b.example, A@B.example]}}", "twice", id="address twice, case"),
        pytest.param("units: {市示例局: {mail: ['a@b.example (x)']}}", "is not a mail address", id="with a comment"),
        pytest.param(
            'units: {市示例局: {mail: ["a@b.example\\r\\nBcc: c@d.example"]}}', "is not a mail address", id="two lines"
        ),
        pytest.param(
            f"units: {{市示例局: {{webhook: {{url: 'http://x:abc/', secret: {SECRET}}}}}}}", "http(s)", id="bad port"
        ),
        pytest.param(
            f'units: {{市示例局: {{webhook: {{url: "http://x/\\n", secret: {SECRET}}}}}}}', "http(s)", id="line in URL"
        ),
        pytest.param(
            f"units: {{市示例局: {{webhook: {{url: 'ftp://x', secret: {SECRET}}}}}}}", "http(s)", id="bad scheme"
        ),
        pytest.param(
            "units: {市示例局: {webhook: {url: 'http://x', secret: hunter2}}}", "starts with whsec_", id="no prefix"
        ),
        pytest.param("units: {市示例局: {webhook: {url: 'http://x', secret: 'whsec_%%%'}}}", "base64", id="not base64"),
        pytest.param(
            "units: {市示例局: {webhook: {url: 'http://x', secret: whsec_c2hvcnQ=}}}", "24 bytes", id="too short"
        ),
    ],
)
def test_bad_file_is_refused_in_one_line(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(BadChannelsFileError) as refused:
        load_channels(written(tmp_path, text))

    message = str(refused.value)
    assert fault in message
    assert "\n" not in message
    assert "hunter2" not in message


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadChannelsFileError, match="nowhere"):
        load_channels(tmp_path / "nowhere.yaml")
