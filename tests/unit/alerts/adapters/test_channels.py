"""The channels file is checked whole, and its secrets never stand in an error."""

from datetime import date
from pathlib import Path

import pytest

from services.alerts.adapters.channels import BadChannelsFileError, Channels, UnitChannels, load_channels
from services.alerts.domain.notice import Channel, Endpoint
from shared.plans.directory import UnitDirectory

TODAY = date(2026, 11, 25)
PLANS = Path(__file__).parents[4] / "plans"
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "channels.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_units_are_reached_by_their_names_as_written(tmp_path: Path) -> None:
    channels = load_channels(
        written(
            tmp_path,
            'cities:\n  "321300":\n    市示例局: {mail: [a@units.example, b@units.example],'
            f' webhook: {{url: "http://units.example/hook", secret: "{SECRET}"}}}}\n',
        ),
        PLANS,
    )

    assert channels.of("321300", "市示例局", on=TODAY) == (
        Endpoint(Channel.MAIL, "a@units.example"),
        Endpoint(Channel.MAIL, "b@units.example"),
        Endpoint(Channel.WEBHOOK, "http://units.example/hook"),
    )
    assert channels.of("321300", "示例局", on=TODAY) == ()
    assert channels.unknown() == ("321300 市示例局",)
    assert channels.signer("市示例局", "http://units.example/hook") is not None
    assert channels.signer("市示例局", "http://units.example/other") is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("cities: [", "channels.yaml:", id="not YAML"),
        pytest.param("", "empty", id="empty"),
        pytest.param("units: {}", "units: Extra inputs", id="misspelt key"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(BadChannelsFileError, match=fault):
        load_channels(written(tmp_path, text), PLANS)


@pytest.mark.parametrize(
    ("channels", "fault"),
    [
        pytest.param("{}", "has neither mail nor webhook", id="no channel"),
        pytest.param("{mail: [not-an-address]}", "is not a mail address", id="bad address"),
        pytest.param("{mail: [a@b.example, a@b.example]}", "twice", id="address twice"),
        pytest.param("{mail: [a@b.example, A@B.example]}", "twice", id="address twice, case"),
        pytest.param("{mail: ['a@b.example (x)']}", "is not a mail address", id="with a comment"),
        pytest.param('{mail: ["a@b.example\\r\\nBcc: c@d.example"]}', "is not a mail address", id="two lines"),
        pytest.param(f"{{webhook: {{url: 'http://x:abc/', secret: {SECRET}}}}}", "http(s)", id="bad port"),
        pytest.param(f'{{webhook: {{url: "http://x/\\n", secret: {SECRET}}}}}', "http(s)", id="line in URL"),
        pytest.param(f"{{webhook: {{url: 'ftp://x', secret: {SECRET}}}}}", "http(s)", id="bad scheme"),
        pytest.param("{webhook: {url: 'http://x', secret: hunter2}}", "starts with whsec_", id="no prefix"),
        pytest.param("{webhook: {url: 'http://x', secret: 'whsec_%%%'}}", "base64", id="not base64"),
        pytest.param("{webhook: {url: 'http://x', secret: whsec_c2hvcnQ=}}", "24 bytes", id="too short"),
    ],
)
def test_bad_channels_are_refused_in_one_line(tmp_path: Path, channels: str, fault: str) -> None:
    with pytest.raises(BadChannelsFileError) as refused:
        load_channels(written(tmp_path, f'cities: {{"321300": {{市示例局: {channels}}}}}'), PLANS)

    message = str(refused.value)
    assert fault in message
    assert "\n" not in message
    assert "hunter2" not in message


def test_the_same_name_in_two_cities_is_two_units(tmp_path: Path) -> None:
    text = """
cities:
  "321300": {市工业和信息化局: {mail: [one@units.example]}}
  "320600": {市工业和信息化局: {mail: [two@units.example]}}
"""
    channels = load_channels(written(tmp_path, text), PLANS)

    assert channels.of("321300", "市工业和信息化局", on=TODAY) == (Endpoint(Channel.MAIL, "one@units.example"),)
    assert channels.of("320600", "市工业和信息化局", on=TODAY) == (Endpoint(Channel.MAIL, "two@units.example"),)
    assert channels.of("321200", "市工业和信息化局", on=TODAY) == ()


def test_an_alias_of_the_directory_is_the_same_unit(tmp_path: Path) -> None:
    text = 'cities: {"321300": {市发展和改革委员会: {mail: [one@units.example]}}}'
    channels = load_channels(written(tmp_path, text), PLANS)

    assert channels.of("321300", "市发展改革委", on=TODAY) == (Endpoint(Channel.MAIL, "one@units.example"),)
    assert channels.unknown() == ()


def test_a_collective_name_is_reached_through_its_members() -> None:
    directory = UnitDirectory.model_validate(
        {
            "city": "321300",
            "units": (
                {"id": "a", "name": {"zh": "甲县人民政府", "en": "A"}, "kind": "county", "area": "321322"},
                {"id": "b", "name": {"zh": "乙县人民政府", "en": "B"}, "kind": "county", "area": "321323"},
                {"id": "all", "name": {"zh": "各县人民政府", "en": "All"}, "kind": "group", "members": ("a", "b")},
            ),
        }
    )
    mail = {name: UnitChannels(mail=(f"{name}@units.example",)) for name in ("a", "b")}
    channels = Channels({"321300": {"甲县人民政府": mail["a"], "乙县人民政府": mail["b"]}}, {"321300": directory})

    assert [endpoint.recipient for endpoint in channels.of("321300", "各县人民政府", on=TODAY)] == [
        "a@units.example",
        "b@units.example",
    ]


def test_a_unit_that_ended_is_reached_through_its_successors_from_the_next_day_on() -> None:
    directory = UnitDirectory.model_validate(
        {
            "city": "321300",
            "units": (
                {"id": "new", "name": {"zh": "新单位", "en": "New"}, "kind": "department"},
                {
                    "id": "old",
                    "name": {"zh": "旧单位", "en": "Old"},
                    "kind": "department",
                    "until": date(2024, 6, 30),
                    "successors": ("new",),
                },
            ),
        }
    )
    old, new = (UnitChannels(mail=(f"{name}@units.example",)) for name in ("old", "new"))
    channels = Channels({"321300": {"旧单位": old, "新单位": new}}, {"321300": directory})

    def reached(day: date) -> list[str]:
        return [endpoint.recipient for endpoint in channels.of("321300", "旧单位", on=day)]

    assert reached(date(2024, 6, 30)) == ["old@units.example"]
    assert reached(date(2024, 7, 1)) == ["new@units.example"]


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadChannelsFileError, match="nowhere"):
        load_channels(tmp_path / "nowhere.yaml", PLANS)
