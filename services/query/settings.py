"""query's configuration."""

from pydantic import Field, SecretStr

from shared.adapters.settings import ServiceSettings


class Settings(ServiceSettings):
    """What query needs."""

    query_alerts_url: str = Field(description="address of the alerts service, which takes acknowledgements")
    query_alerts_token: SecretStr = Field(description="bearer token of the alerts service's actions")
    query_alerts_timeout_seconds: float = Field(
        default=10, description="how long the alerts service may take to answer, seconds", gt=0, le=60
    )
