"""Settings of rules."""

from pydantic import Field

from shared.adapters.settings import KafkaSettings


class RulesSettings(KafkaSettings):
    """What rules reads from PLANWATCH_ variables."""

    rules_batch_size: int = Field(
        default=5000, ge=1, le=50_000, description="messages stored and evaluated in one transaction at most"
    )
    rules_tick_seconds: int = Field(
        default=300, ge=1, le=3600, description="how often it is looked which reports are overdue, in seconds"
    )
