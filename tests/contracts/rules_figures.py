"""Published figures as sources state them. All of it is invented."""

from decimal import Decimal

from services.rules.domain.facts import FigureFact
from services.rules.domain.rows import FigureCell
from services.rules.domain.version import Version


def published(  # noqa: PLR0913  every part of a statement may matter to a test
    of: FigureCell,
    value: str,
    *,
    status: str = "final",
    unit: str = "%",
    source: str = "bureau",
    authority: str = "国家统计局",
    rank: int | None = 10,
    sequence: int = 1,
) -> FigureFact:
    return FigureFact(
        version=Version(
            key=of.indicator,
            period=of.value_period,
            sequence=sequence,
            submission_id=f"sub_{sequence:06d}",
            removed=False,
        ),
        source=source,
        cell=of,
        value=Decimal(value),
        unit=unit,
        status=status,
        authority=authority,
        rank=rank,
    )
