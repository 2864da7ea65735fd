"""Configuration by environment variables with the prefix `PLANWATCH_`: slices every service composes, and the loader."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "PLANWATCH_"
SERVICES = ("ingest", "rules", "alerts", "query")
COMMANDS_OWN = {"plan_texts"}
"""Variables that commands read and services must tolerate: `plan_texts` names the folder of the plans' documents."""


class UnknownSettingError(ValueError):
    """A PLANWATCH_ variable is set that nothing reads: most likely misspelt."""


class ServiceSettings(BaseSettings):
    """What every service needs. A service's own variables start with `PLANWATCH_<SERVICE>_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: SecretStr = Field(description="PostgreSQL URL, `postgresql://user:password@host:port/database`")
    http_host: str = Field(default="127.0.0.1", description="address the HTTP server binds to")
    http_port: int = Field(description="port the HTTP server binds to", ge=1, le=65535)
    log_level: str = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR", pattern="^(DEBUG|INFO|WARNING|ERROR)$"
    )
    database_pool_size: int = Field(default=5, description="connections the service keeps", ge=1, le=50)
    data_dir: str = Field(default="data", description="folder of the reference data (areas, industries, calendar)")
    plans_dir: str = Field(default="plans", description="folder of the plan files")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (fixed by pydantic-settings)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the mapping given to `load` alone, so that only `__main__` reads the environment."""
        return (init_settings,)

    @classmethod
    def load(cls, environ: Mapping[str, str], *, service: str) -> Self:
        """Build the settings of one service; raise UnknownSettingError for a variable nothing reads."""
        others = tuple(f"{PREFIX}{name.upper()}_" for name in SERVICES if name != service)
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environ.items()
            if name.startswith(PREFIX) and not name.startswith(others)
        }
        unknown = sorted(set(given) - set(cls.model_fields) - set(KafkaSettings.model_fields) - COMMANDS_OWN)
        if unknown:
            raise UnknownSettingError(f"unknown setting: {', '.join(PREFIX + name.upper() for name in unknown)}")
        return cls.model_validate({name: value for name, value in given.items() if name in cls.model_fields})


class KafkaSettings(ServiceSettings):
    """What the services on the log need besides."""

    kafka_bootstrap_servers: str = Field(description="Kafka brokers, `host:port` separated by commas")
    topic_prefix: str = Field(default="planwatch.", description="what every topic's name starts with")
