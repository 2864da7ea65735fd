"""Settings of alerts: what is unsafe or misspelt is refused."""

import pytest
from pydantic import ValidationError

from services.alerts.settings import Settings
from shared.adapters.settings import UnknownSettingError

GIVEN = {
    "PLANWATCH_DATABASE_URL": "postgresql://planwatch@localhost/planwatch",
    "PLANWATCH_KAFKA_BOOTSTRAP_SERVERS": "localhost:9092",
    "PLANWATCH_HTTP_PORT": "8080",
    "PLANWATCH_ALERTS_CHANNELS_FILE": "channels.yaml",
    "PLANWATCH_ALERTS_PAGE_URL": "http://planwatch.example/alerts",
    "PLANWATCH_ALERTS_ACTION_TOKEN": "a-token-of-some-length",
    "PLANWATCH_ALERTS_MAIL_FROM": "alerts@planwatch.example",
    "PLANWATCH_ALERTS_SMTP_HOST": "smtp.example",
}


def load(**more: str) -> Settings:
    named = {f"PLANWATCH_ALERTS_{name}": value for name, value in more.items()}
    return Settings.load({**GIVEN, **named}, service="alerts")


@pytest.mark.parametrize(
    ("more", "encrypted"),
    [
        pytest.param({}, True, id="another machine"),
        pytest.param({"SMTP_HOST": "127.0.0.1"}, False, id="this machine by number"),
        pytest.param({"SMTP_HOST": "localhost"}, False, id="this machine by name"),
        pytest.param({"SMTP_HOST": "localhost", "SMTP_STARTTLS": "required"}, True, id="asked for"),
        pytest.param({"SMTP_STARTTLS": "none"}, False, id="given up on purpose"),
    ],
)
def test_mail_leaves_the_machine_encrypted_unless_told_otherwise(more: dict[str, str], *, encrypted: bool) -> None:
    assert load(**more).smtp_is_encrypted is encrypted


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"SMTP_USER": "someone"}, id="account without password"),
        pytest.param(
            {"SMTP_USER": "someone", "SMTP_PASSWORD": "secret", "SMTP_STARTTLS": "none"}, id="password in plain text"
        ),
        pytest.param({"MAIL_FROM": "nobody"}, id="sender is no address"),
        pytest.param({"ACTION_TOKEN": "short"}, id="token too short"),
        pytest.param({"PAGE_URL": "planwatch.example"}, id="page is no address"),
        pytest.param({"SMTP_STARTTLS": "maybe"}, id="no such mode"),
    ],
)
def test_unsafe_or_malformed_settings_are_refused(more: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        load(**more)
    assert "secret" not in str(refused.value)


def test_misspelt_setting_is_refused() -> None:
    with pytest.raises(UnknownSettingError, match="PLANWATCH_ALERTS_SMPT_HOST"):
        load(SMPT_HOST="smtp.example")
