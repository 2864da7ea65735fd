"""What all models of plan files share: strict, frozen, no unknown keys, decimals as quoted text."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def broken(zh: str, en: str) -> PydanticCustomError:
    """Return what a validator raises: both languages reach the finding."""
    return PydanticCustomError("value_error", "{en}", {"zh": zh, "en": en})


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
        raise broken(
            '数字要加引号，只写数字：如 "39.5"；3-5 这样的区间写成 value 和 upper',
            'write the number as quoted decimal text, such as "39.5"; a range such as 3-5 as `value` and `upper`',
        )
    return Decimal(value)


DecimalText = Annotated[Decimal, BeforeValidator(_decimal_of_text)]
"""A number written as quoted text, so that no reader of the file turns it into a binary fraction."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""Lower-case words joined by hyphens; part of ids that are never reused."""

Year = Annotated[int, Field(ge=1990, le=2100)]
"""A calendar year."""
