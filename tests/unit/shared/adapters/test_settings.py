"""Settings: read from the prefix, misspelt ones stop the start, secrets are not shown."""

import pytest
from pydantic import ValidationError

from shared.adapters.settings import KafkaSettings, ServiceSettings, UnknownSettingError

GIVEN = {"PLANWATCH_DATABASE_URL": "postgresql://u:secret@h/d", "PLANWATCH_HTTP_PORT": "8001", "HOME": "/root"}


def test_values_come_from_the_given_environment() -> None:
    settings = ServiceSettings.load(GIVEN, service="query")
    assert settings.http_port == 8001
    assert "secret" not in repr(settings)


def test_a_misspelt_variable_stops_the_start() -> None:
    with pytest.raises(UnknownSettingError, match="PLANWATCH_DATABSE_URL"):
        ServiceSettings.load({**GIVEN, "PLANWATCH_DATABSE_URL": "x"}, service="query")


def test_another_services_variables_are_not_ours_to_judge() -> None:
    ServiceSettings.load({**GIVEN, "PLANWATCH_ALERTS_SMTP_HOST": "x"}, service="query")
    with pytest.raises(UnknownSettingError):
        ServiceSettings.load({**GIVEN, "PLANWATCH_QUERY_NONSENSE": "x"}, service="query")


def test_a_service_without_kafka_ignores_the_brokers_address() -> None:
    ServiceSettings.load({**GIVEN, "PLANWATCH_KAFKA_BOOTSTRAP_SERVERS": "h:1"}, service="query")


def test_a_missing_or_bad_value_is_refused_without_showing_secrets() -> None:
    with pytest.raises(ValidationError) as refused:
        KafkaSettings.load({**GIVEN, "PLANWATCH_HTTP_PORT": "secret-port"}, service="rules")
    assert "kafka_bootstrap_servers" in str(refused.value)
    assert "secret-port" not in str(refused.value)
