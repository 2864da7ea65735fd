"""Settings of rules."""

from pydantic import Field

from shared.adapters.settings import KafkaSettings


class RulesSettings(KafkaSettings):
    """What rules reads from PLANWATCH_ variables."""

    rules_batch_size: int = Field(
        default=5000, ge=1, le=50_000, description="messages stored and evaluated in one transaction at most"
    )
