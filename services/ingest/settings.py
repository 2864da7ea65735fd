"""Settings of ingest."""

from pydantic import Field

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
