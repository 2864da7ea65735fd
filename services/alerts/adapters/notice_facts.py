"""What a notice says, as phrases: worked out from the finding, before any layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.alerts.adapters import chinese, forecast_words, overdue_words
from services.alerts.adapters.correction_facts import before_and_after, follow_up, trigger_lines
from services.alerts.adapters.explanation import explanation
from services.alerts.adapters.occasion import Occasion
from services.alerts.domain.alert import Change, Changed, Ground, State
from services.alerts.domain.finding import FindingKind
from services.alerts.domain.notice import Cause
from shared.contracts.findings import Figure, FindingChanged, Judgement

_LONGEST_LIST = 30
_MOST_SUBMISSIONS = 10
_CAUSE_NAMES = {
    Cause.NEW: "新增预警",
    Cause.RETROACTIVE: "追溯预警",
    Cause.WORSENED: "预警加重",
    Cause.EASED: "预警好转",
    Cause.CLOSED: "预警解除",
    Cause.RETRACTED: "预警撤回",
    Cause.REOPENED: "重新预警",
    Cause.RESUMED: "暂缓结束",
}
_TITLES = {**_CAUSE_NAMES, Cause.NEW: "预警"}


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure the judgement used, and where it came from."""

    label: str
    value: str
    period: str
    submissions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The phrases templates lay out."""

    title: str
    cause: str
    explanation: str
    light: str
    shows_light: bool
    headline: str
    result: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    figures: tuple[FigureLine, ...]
    subjects: tuple[str, ...]
    subjects_left_out: int
    headings: "Headings"


@dataclass(frozen=True, slots=True)
class Headings:
    """What parts are called that differ from kind to kind, and what the list counts."""

    result: str = "监测结果"
    basis: str = "目标依据"
    subjects: str = "企业名单"
    counted: str = "户"


_OF_FEEDS = Headings("报送情况", "报送依据", "逾期报表", "期")


def facts_of(occasion: Occasion) -> Facts:
    """Return the phrases of one change."""
    changed, event, cause = occasion.changed, occasion.event, occasion.cause
    light = chinese.LIGHTS[changed.alert.severity]
    shows_light = changed.alert.is_active and changed.alert.run.goes_on
    found, names = headline(changed, event), _cause_names(changed)
    colour = f"·{light}" if shows_light else "·曾亮红灯" if changed.change is Change.MADE_GOOD else ""
    return Facts(
        title=f"【{_titles(changed)[cause]}{colour}】{event.area_name} {event.name_zh} {found}（{chinese.period_name(event.period)}）",
        cause=names[cause],
        explanation=_explanation(changed, cause, event),
        light=light,
        shows_light=shows_light,
        headline=found,
        result=_result(occasion),
        reasons=tuple(reason.zh for reason in event.judgement.reasons) if event.judgement else (),
        figures=tuple(_figure_line(figure) for figure in event.figures),
        subjects=tuple(_subject_line(subject.name, subject.detail) for subject in event.subjects[:_LONGEST_LIST]),
        subjects_left_out=max(0, len(event.subjects) - _LONGEST_LIST),
        headings=_OF_FEEDS if overdue_words.is_overdue(changed) else Headings(),
    )


def _cause_names(changed: Changed) -> Mapping[Cause, str]:
    if overdue_words.is_overdue(changed):
        return overdue_words.CAUSE_NAMES
    return forecast_words.CAUSE_NAMES if forecast_words.is_forecast(changed) else _CAUSE_NAMES


def _titles(changed: Changed) -> Mapping[Cause, str]:
    names = _cause_names(changed)
    return _TITLES if names is _CAUSE_NAMES else names


def _explanation(changed: Changed, cause: Cause, event: FindingChanged) -> str:
    if overdue_words.is_overdue(changed):
        return overdue_words.explanation(changed, cause)
    own = forecast_words.explanation(changed, cause, event) if forecast_words.is_forecast(changed) else None
    return own or explanation(changed, cause, event)


def headline(changed: Changed, event: FindingChanged) -> str:
    """Return what was found, in a few words."""
    if overdue_words.is_overdue(changed):
        return overdue_words.headline(changed, event)
    own = forecast_words.headline(changed, event) if forecast_words.is_forecast(changed) else None
    return own or _headline(changed, event)


def _headline(changed: Changed, event: FindingChanged) -> str:
    if changed.merged_into is not None:
        return "并入另一预警"
    if changed.alert.ground is Ground.TARGET_WITHDRAWN:
        return "目标已撤销"
    if event.judgement is not None:
        return chinese.STATUSES.get(event.judgement.status, event.judgement.status)
    if changed.alert.state is State.RETRACTED:
        return "预警不成立"
    if changed.alert.key.kind is FindingKind.RATING_D:
        return f"共{len(event.subjects)}户" if event.subjects else "已清零"
    return "恢复正常" if event.state == "clear" else "落后序时进度"


def _result(occasion: Occasion) -> tuple[tuple[str, str], ...]:
    changed, event = occasion.changed, occasion.event
    if overdue_words.is_overdue(changed):
        return overdue_words.result_lines(changed, event)
    if occasion.cause is Cause.RETRACTED and changed.previous is not None:
        return (*before_and_after(changed.previous, occasion.before, event), *trigger_lines(event))
    lines = [("监测期", chinese.period_name(event.period))]
    if event.forecast is not None:
        lines += forecast_words.lines(event.forecast, event.unit)
    if event.judgement is not None:
        lines += _judgement_lines(event.judgement, event.unit)
    lines.append(_duration(changed, event))
    if occasion.cause is Cause.RETROACTIVE:
        lines += [follow_up(changed.alert), *trigger_lines(event)]
    if occasion.cause is Cause.REOPENED:
        lines += trigger_lines(event)
    return tuple(lines)


def _duration(changed: Changed, event: FindingChanged) -> tuple[str, str]:
    if event.state == "breach":
        return ("持续情况", f"自{chinese.period_name(event.since)}起")
    opened, ended = chinese.period_name(changed.alert.opened_period), chinese.period_name(event.period)
    return ("预警情况", f"{opened}触发，{ended}解除")


def _judgement_lines(judgement: Judgement, unit: str) -> list[tuple[str, str]]:
    pace = chinese.PACES.get(judgement.pace, judgement.pace)
    lines = [
        ("应达进度", f"{chinese.quantity(judgement.expected, unit)}（{pace}）"),
        ("实际完成", chinese.quantity(judgement.actual, unit)),
    ]
    gap = _gap(judgement, unit)
    return [*lines, ("与进度相比", gap)] if gap else lines


def _gap(judgement: Judgement, unit: str) -> str:
    """Return how far from the pace; between two percentages lie percentage points, not per cent."""
    if judgement.gap is None:
        return ""
    if unit == "%":
        return f"{_direction(judgement.gap)}{chinese.number(abs(judgement.gap))}个百分点"
    extent = []
    if judgement.gap_points is not None:
        extent.append(f"{_direction(judgement.gap_points)}{chinese.rounded(abs(judgement.gap_points))}个百分点")
    if judgement.gap_percent is not None:
        extent.append(f"{_direction(judgement.gap_percent)}{chinese.rounded(abs(judgement.gap_percent))}%")
    absolute = f"{_direction(judgement.gap)}{chinese.quantity(abs(judgement.gap), unit)}"
    return f"{absolute}（相当于{'、'.join(extent)}）" if extent else absolute


def _direction(gap: Decimal) -> str:
    """Say more or less, not better or worse: a target can also be an upper bound."""
    return "低" if gap < 0 else "高"


def _figure_line(figure: Figure) -> FigureLine:
    shown = "、".join(figure.submissions[:_MOST_SUBMISSIONS])
    if len(figure.submissions) > _MOST_SUBMISSIONS:
        shown = f"{shown}等{len(figure.submissions)}个批次"
    return FigureLine(
        label=figure.label_zh,
        value=chinese.quantity(figure.value, figure.unit),
        period=chinese.period_name(figure.period),
        submissions=shown or "—",
    )


def _subject_line(name: str, detail: str) -> str:
    return f"{name}（{detail}）" if detail else name
