"""Settings of ingest."""

from decimal import Decimal

from pydantic import Field, field_validator

from services.ingest.domain.restatement import HoldLimits
from shared.adapters.settings import KafkaSettings


class Settings(KafkaSettings):
    """What ingest reads from the environment."""

    ingest_max_body_mib: int = Field(default=512, description="largest body accepted, in MiB", ge=1, le=4096)
    ingest_parallel_large: int = Field(
        default=2, description="bodies of 2 MiB and more that are checked at the same time", ge=1, le=16
    )
    ingest_publish_batch_rows: int = Field(
        default=2000, description="row events published between two commits", ge=1, le=50_000
    )
    ingest_hold_rows_share: Decimal | None = Field(
        default=Decimal("0.2"),
        description="share of the known rows of a series from which on a restatement waits for a release; 0 or none: never",
        ge=0,
    )
    ingest_hold_value_share: Decimal | None = Field(
        default=Decimal("0.2"),
        description="share of the known value of a series from which on a restatement waits for a release; 0 or none: never",
        ge=0,
    )
    ingest_hold_min_rows: int = Field(
        default=20,
        description="restated rows below which the share of rows alone never holds",
        ge=1,
    )

    @field_validator("ingest_hold_rows_share", "ingest_hold_value_share", mode="before")
    @classmethod
    def _none_is_written_out(cls, value: object) -> object:
        return None if isinstance(value, str) and value.strip().lower() == "none" else value

    @property
    def hold_limits(self) -> HoldLimits:
        """From which size on a restatement waits for a second person."""
        return HoldLimits(
            rows_share=self.ingest_hold_rows_share,
            value_share=self.ingest_hold_value_share,
            min_rows=self.ingest_hold_min_rows,
        )
