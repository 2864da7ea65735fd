"""What all models of plan files share: strict, frozen, no unknown keys, decimals as quoted text."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


class PlanModel(BaseModel):
    """Base of everything read from `plans/`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class BilingualName(PlanModel):
    """A name for people, in Chinese (official) and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


def _decimal_of_text(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError('write the number as quoted decimal text, such as "39.5"')
    return Decimal(value)


DecimalText = Annotated[Decimal, BeforeValidator(_decimal_of_text)]
"""A number written as quoted text, so that no reader of the file turns it into a binary fraction."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""Lower-case words joined by hyphens; part of ids that are never reused."""

Year = Annotated[int, Field(ge=1990, le=2100)]
"""A calendar year."""
