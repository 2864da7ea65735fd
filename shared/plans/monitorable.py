"""What of a plan can be monitored now, what waits for data, and what cannot be monitored at all.

now         planwatch counts it from the rows of a feed, or the figure is published
needs_data  an office keeps the figure for itself (a ledger), or the target is relative and needs a second figure
cannot      the plan lists the number as unmonitored, with the reason and what data it would take
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from shared.plans.catalogue import Indicator, feeds_of
from shared.plans.mention import Target
from shared.plans.model import BilingualName

Monitorable = Literal["now", "needs_data", "cannot"]
SourceFeed = Literal["enterprises", "projects", "recognitions", "indicators"]


@dataclass(frozen=True, slots=True)
class Monitorability:
    """The answer for a target; `needs` says exactly which figure must be fed first, and by whom."""

    state: Monitorable
    needs: BilingualName | None = None


def monitorability(target: Target, indicator: Indicator, indicators: Mapping[str, Indicator]) -> Monitorability:
    """Decide: entity feeds and published figures are there; an office's own count and a second figure must be fed first."""
    missing = list(_missing(target, indicator, indicators))
    if not missing:
        return Monitorability("now")
    needs = BilingualName(zh="；".join(one.zh for one in missing), en="; ".join(one.en for one in missing))
    return Monitorability("needs_data", needs)


def feeds_for(target: Target, indicators: Mapping[str, Indicator]) -> tuple[SourceFeed, ...]:
    """Return the feeds whose rows judge the target, the second figure's included."""
    indicator = indicators[target.indicator]
    feeds: list[SourceFeed] = list(feeds_of(indicator.derived)) if indicator.derived is not None else ["indicators"]
    if target.reference is not None:
        feeds.append("indicators")
    return tuple(dict.fromkeys(feeds))


def _missing(target: Target, indicator: Indicator, indicators: Mapping[str, Indicator]) -> Iterator[BilingualName]:
    figures = indicator.reported
    if indicator.derived is None and figures is not None and figures.availability == "ledger":
        yield BilingualName(
            zh=f"需{figures.authority}报送台账数“{indicator.name.zh}”：{indicator.definition.zh}",
            en=f"{figures.authority} must report {indicator.name.en!r} from its ledger: {indicator.definition.en}",
        )
    if target.reference is not None:
        other = indicators[target.reference.indicator]
        area = target.reference.area
        yield BilingualName(
            zh=f"需参照值“{other.name.zh}”（{_authority(other)}，区域{area}）：{other.definition.zh}",
            en=f"needs a second figure, {other.name.en!r} ({_authority(other)}, area {area}): {other.definition.en}",
        )


def _authority(indicator: Indicator) -> str:
    return indicator.reported.authority if indicator.reported is not None else "planwatch"
