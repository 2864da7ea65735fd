"""What every wire event shares: the pydantic base and the CloudEvents attributes that travel as headers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

Number = Annotated[Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json")]
"""An exact decimal; written in JSON as a string, never in exponent form."""

Yuan = Annotated[int, Field(description="integer yuan (元)")]


class WireModel(BaseModel):
    """A frozen wire type. Readers ignore fields they do not know, so that newer writers can add some."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, serialize_by_alias=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMetadata:
    """CloudEvents 1.0 attributes of one event, with the extensions `recordedtime`, `sequence` and `partitionkey`.

    `source` + `id` identify a duplicate. `time` is the business instant, `recorded_at` when it became known,
    `sequence` the order of corrections (of a source's versions of a cell the highest counts, whenever it arrives).
    """

    id: str
    source: str
    type: str
    time: datetime
    recorded_at: datetime
    sequence: int
    partition_key: str
    correlation_id: str
