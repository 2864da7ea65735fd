"""The sentences that say where sources differ, and whose statement governs."""

from collections.abc import Sequence

from services.rules.domain.facts import FigureFact
from services.rules.domain.reasons import period_zh, stated_by
from services.rules.domain.wording import Reason, Text


def sources_conflict(name: Text, governing: FigureFact, others: Sequence[FigureFact]) -> Reason:
    """Other sources state another value of the figure; whose is taken follows from their ranks."""
    taken, differing, period = stated_by([governing]), stated_by(others), governing.cell.value_period
    return Reason(
        "sources_conflict",
        f"“{name.zh}”（{period_zh(period)}）各来源不一致：采用{taken.zh}；另有{differing.zh}",
        f"Sources differ on “{name.en}” ({period}): {taken.en} is used; others say {differing.en}",
    )


def authority_unranked(authority: str) -> Reason:
    """Nobody ranked the authority of a figure, so any other one goes before it."""
    return Reason(
        "authority_unranked",
        f"“{authority}”未列入数据来源位次表，按最后位次处理",
        f"“{authority}” is not among the ranked authorities and comes last",
    )


def rows_differ(count: int, what: Text) -> Reason:
    """Other sources report some of the rows otherwise; each is taken from the best authority's source."""
    return Reason(
        "rows_differ",
        f"有{count}{what.zh}各来源填报不一致，按发布机构位次采用",
        f"{count} {what.en} are reported differently by another source; the best ranked authority's row is used",
    )
