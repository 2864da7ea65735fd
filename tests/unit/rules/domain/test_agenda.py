from dataclasses import replace
from fractions import Fraction

import pytest

from services.rules.domain.agenda import (
    Agenda,
    Known,
    Touch,
    concerns_rule,
    due_occasions,
    is_affected,
    is_touched,
)
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.pace import AtHorizon
from services.rules.domain.quantity import (
    CountRecognitions,
    CountRegister,
    FirmAmount,
    FirmsOver,
    Line,
    MeanGrowth,
    NetAboveScale,
    Ratio,
    ReportedFigure,
    SumFirms,
    Title,
    TitleCount,
)
from services.rules.domain.signal import SignalKind
from services.rules.domain.target import Target
from shared.kernel.period import Period
from tests.contracts.rules_rows import YI, cell, period
from tests.contracts.rules_targets import NET, STARTS, STEPPED, ledger, rule, target

STARTS_TARGET = target()
NET_TARGET = target("300", pace=STEPPED, derivation=NET)
CROSSING = target("1", pace=AtHorizon(), derivation=FirmsOver(Line(YI, inclusive=True), newly=True))
CROSSED_SINCE = target("1", pace=AtHorizon(), derivation=CROSSING.indicator.derivation, since=2023)
NET_SINCE = target("300", pace=STEPPED, derivation=NetAboveScale(None), since=2023)
REGISTER = target("3", derivation=CountRegister())
SUM = target("3", derivation=SumFirms(FirmAmount.OUTPUT), yearly=True)
RATIO = target("3", derivation=Ratio(STARTS, CountRegister(), Fraction(1)))
HOLDERS = target(
    derivation=CountRecognitions(count=TitleCount.HOLDERS, titles=(Title("national_giant"),), register_only=True)
)
MEAN = target("8", derivation=MeanGrowth(("year",), 2020), unit="%", year=2023, since=2020, yearly=True)
SHARE = target("39", derivation=ReportedFigure("share", ("year",)), year=2025, yearly=True)
SHARE_2025 = cell(SHARE.indicator.id, "2025", measure="share", basis="year")


def due(judged: Target, *periods: str) -> list[str]:
    return [str(one) for one in due_occasions(judged, Known.of(ledger(Feed.PROJECTS, *periods), ()))]


def test_every_target_is_judged_for_its_first_period_even_when_nothing_is_known() -> None:
    assert [str(one) for one in due_occasions(STARTS_TARGET, Known.of(Ledger(()), ()))] == ["2024-01/P2M"]


def test_there_is_no_february() -> None:
    """January and February arrive together in March (trap 1): nothing is judged, and nothing is missing, in between."""
    assert due(STARTS_TARGET, "2024-01/P2M", "2024-03") == ["2024-01/P2M", "2024-03"]
    assert STARTS_TARGET.occasion(period("2024-02")) is None
    assert STARTS_TARGET.occasion(period("2024-01")) is None


def test_a_target_is_judged_within_its_own_year() -> None:
    assert due(STARTS_TARGET, "2023-12", "2024-06", "2025-01/P2M") == ["2024-01/P2M", "2024-06"]


def test_a_stepped_target_is_judged_until_its_last_step() -> None:
    assert due(NET_TARGET, "2024-12", "2025-01/P2M", "2025-03") == ["2024-01/P2M", "2024-12", "2025-01/P2M"]


def test_a_yearly_target_is_judged_when_its_years_last_report_or_its_figure_is_known() -> None:
    by_report = due_occasions(SHARE, Known.of(ledger(Feed.PROJECTS, "2025-11", "2025-12"), ()))
    by_figure = due_occasions(SHARE, Known.of(Ledger(()), [SHARE_2025]))
    assert [str(one) for one in by_report] == [str(one) for one in by_figure] == ["2025"]


@pytest.mark.parametrize(
    ("judged", "when", "feed", "touched", "affected"),
    [
        pytest.param(STARTS_TARGET, "2024-06", Feed.PROJECTS, "2024-06", True, id="starts: the same report"),
        pytest.param(STARTS_TARGET, "2024-06", Feed.PROJECTS, "2024-03", True, id="starts: an earlier report"),
        pytest.param(STARTS_TARGET, "2024-06", Feed.PROJECTS, "2024-07", False, id="starts: a later report"),
        pytest.param(STARTS_TARGET, "2024-06", Feed.ENTERPRISES, "2024-06", False, id="starts: another feed"),
        pytest.param(NET_TARGET, "2024-06", Feed.ENTERPRISES, "2024-04", True, id="net: an earlier report of the year"),
        pytest.param(NET_TARGET, "2024-06", Feed.ENTERPRISES, "2024-07", False, id="net: a later report"),
        pytest.param(NET_TARGET, "2024-06", Feed.ENTERPRISES, "2023-12", True, id="net: the pipeline's December"),
        pytest.param(NET_TARGET, "2024-06", Feed.ENTERPRISES, "2023-06", True, id="net: the pipeline's year before"),
        pytest.param(NET_TARGET, "2024-06", Feed.ENTERPRISES, "2023-05", False, id="net: another report of 2023"),
        pytest.param(CROSSING, "2024-12", Feed.ENTERPRISES, "2023-12", True, id="crossing: the December before"),
        pytest.param(CROSSING, "2024-12", Feed.ENTERPRISES, "2024-11", False, id="crossing: another month"),
        pytest.param(CROSSED_SINCE, "2024-12", Feed.ENTERPRISES, "2022-12", True, id="crossings of years: a December"),
        pytest.param(CROSSED_SINCE, "2024-12", Feed.ENTERPRISES, "2021-12", False, id="crossings of years: too early"),
        pytest.param(NET_SINCE, "2024-06", Feed.ENTERPRISES, "2023-06", True, id="net of years: a report of the first"),
        pytest.param(NET_SINCE, "2024-06", Feed.ENTERPRISES, "2022-11", False, id="net of years: before the first"),
        pytest.param(REGISTER, "2024-06", Feed.ENTERPRISES, "2024-06", True, id="register: its own report"),
        pytest.param(REGISTER, "2024-06", Feed.ENTERPRISES, "2024-05", False, id="register: the report before"),
        pytest.param(SUM, "2024", Feed.ENTERPRISES, "2024-12", True, id="yearly sum: December"),
        pytest.param(SUM, "2024", Feed.ENTERPRISES, "2024-11", False, id="yearly sum: November"),
        pytest.param(HOLDERS, "2024-06", Feed.RECOGNITIONS, "2025-03", True, id="titles: any list, whenever"),
        pytest.param(HOLDERS, "2024-06", Feed.ENTERPRISES, "2024-06", True, id="titles of the register: its report"),
        pytest.param(HOLDERS, "2024-06", Feed.ENTERPRISES, "2024-05", False, id="titles of the register: another"),
        pytest.param(RATIO, "2024-06", Feed.PROJECTS, "2024-03", True, id="ratio: the feed above"),
        pytest.param(RATIO, "2024-06", Feed.ENTERPRISES, "2024-06", True, id="ratio: the feed below"),
        pytest.param(RATIO, "2024-06", Feed.ENTERPRISES, "2024-03", False, id="ratio: another report below"),
    ],
)
def test_what_a_touched_report_may_change(
    judged: Target, when: str, feed: Feed, touched: str, *, affected: bool
) -> None:
    assert is_affected(judged, period(when), Touch(feed=feed, period=period(touched))) is affected


def test_firms_that_never_moved_touch_the_net_increase_only_through_the_pipeline() -> None:
    touch = Touch(feed=Feed.ENTERPRISES, period=period("2024-04"), register=False)
    assert is_affected(NET_TARGET, period("2024-04"), touch)
    assert not is_affected(NET_TARGET, period("2024-06"), touch)
    assert is_affected(NET_TARGET, period("2024-06"), replace(touch, parking=True))


@pytest.mark.parametrize(
    ("touched", "affected"),
    [
        pytest.param(SHARE_2025, True, id="its own figure"),
        pytest.param(replace(SHARE_2025, indicator="other"), False, id="another indicator"),
        pytest.param(replace(SHARE_2025, area="321322"), False, id="another area"),
        pytest.param(replace(SHARE_2025, basis="ytd"), False, id="another basis"),
        pytest.param(replace(SHARE_2025, value_period=period("2024")), False, id="another year"),
    ],
)
def test_a_published_figure_touches_the_targets_that_use_its_cell(touched: object, *, affected: bool) -> None:
    touch = Touch(feed=Feed.INDICATORS, period=period("2026-03"), cells=frozenset({touched}))  # type: ignore[arg-type]
    assert is_affected(SHARE, period("2025"), touch) is affected


@pytest.mark.parametrize(
    ("year", "affected"),
    [
        pytest.param("2021", True, id="the first year"),
        pytest.param("2023", True, id="the last year"),
        pytest.param("2020", False, id="the base year"),
    ],
)
def test_the_growth_of_every_year_touches_a_mean_growth(year: str, *, affected: bool) -> None:
    figure = cell(MEAN.indicator.id, year, measure="growth", basis="year")
    touch = Touch(feed=Feed.INDICATORS, period=period("2024-02"), cells=frozenset({figure}))
    assert is_affected(MEAN, period("2023"), touch) is affected


def test_a_published_figure_beside_a_derived_one_makes_nothing_due() -> None:
    published = replace(SHARE_2025, indicator=REGISTER.indicator.id, value_period=period("2024-08"))
    assert due_occasions(REGISTER, Known.of(Ledger(()), [published])) == (period("2024-01/P2M"),)


@pytest.mark.parametrize(
    ("kind", "touched", "register", "concerned"),
    [
        pytest.param(SignalKind.ABOVE_SCALE_ENTRY, "2024-03", True, True, id="entries: a firm that moved"),
        pytest.param(SignalKind.ABOVE_SCALE_ENTRY, "2024-03", False, False, id="entries: firms that never moved"),
        pytest.param(
            SignalKind.ABOVE_SCALE_ENTRY, "2024-06", False, True, id="entries: days come with the newest report"
        ),
        pytest.param(SignalKind.ABOVE_SCALE_CANDIDATE, "2024-06", False, True, id="candidates: the newest report"),
        pytest.param(SignalKind.ABOVE_SCALE_CANDIDATE, "2023-12", False, True, id="candidates: the December before"),
        pytest.param(SignalKind.ABOVE_SCALE_CANDIDATE, "2023-06", False, True, id="candidates: a year before"),
        pytest.param(SignalKind.ABOVE_SCALE_CANDIDATE, "2024-03", True, False, id="candidates: another report"),
        pytest.param(SignalKind.CLASS_D_FINAL, "2024-03", False, True, id="class D: a name may have changed"),
        pytest.param(SignalKind.PROJECT_START, "2024-06", True, False, id="starts: another feed"),
    ],
)
def test_which_signals_an_enterprise_report_concerns(
    kind: SignalKind, touched: str, *, register: bool, concerned: bool
) -> None:
    touch = Touch(feed=Feed.ENTERPRISES, period=period(touched), register=register)
    assert concerns_rule(rule(kind), touch, ledger(Feed.ENTERPRISES, "2024-03", "2024-06")) is concerned


def test_a_report_reaches_as_far_as_no_later_one_stands_for_its_projects() -> None:
    touch = Touch(feed=Feed.PROJECTS, period=period("2024-03"), superseded_from=period("2024-05").end)
    reached = [when for when in ("2024-01/P2M", "2024-03", "2024-04", "2024-05") if touch.reaches(period(when))]
    assert reached == ["2024-03", "2024-04"]
    assert replace(touch, parking=True).reaches(period("2024-05"))
    assert replace(touch, superseded_from=None).reaches(period("2024-12"))


PUBLISHED = target("39", derivation=ReportedFigure("share", ("year",)), year=2025, yearly=True)
ALL = tuple(
    replace(one, id=name)
    for name, one in {
        "starts": STARTS_TARGET,
        "net": NET_TARGET,
        "register": REGISTER,
        "holders": HOLDERS,
        "published": PUBLISHED,
    }.items()
)


@pytest.mark.parametrize(
    ("touch", "found"),
    [
        pytest.param(Touch(feed=Feed.PROJECTS, period=period("2024-06"), begins=False), {"starts"}, id="projects"),
        pytest.param(
            Touch(feed=Feed.ENTERPRISES, period=period("2024-06"), begins=False),
            {"net", "register", "holders"},
            id="firms",
        ),
        pytest.param(Touch(feed=Feed.RECOGNITIONS, period=period("2026-03"), begins=False), {"holders"}, id="titles"),
        pytest.param(
            Touch(feed=Feed.INDICATORS, period=period("2026-03"), cells=frozenset({SHARE_2025}), begins=False),
            {"published"},
            id="a published figure",
        ),
        pytest.param(
            Touch(feed=Feed.RATINGS, period=period("2024-06"), begins=False), set(), id="nobody counts ratings"
        ),
        pytest.param(
            Touch(feed=Feed.RATINGS, period=period("2024-06")), {one.id for one in ALL}, id="a period that begins"
        ),
    ],
)
def test_a_touch_leads_to_the_targets_that_depend_on_its_feed_or_figure(touch: Touch, found: set[str]) -> None:
    assert {one.id for one in Agenda(ALL).touched([touch])} == found


def test_a_period_that_begins_makes_every_target_due_for_it() -> None:
    june = period("2024-06")
    begun = Touch(feed=Feed.RATINGS, period=june)
    assert is_touched(STARTS_TARGET, june, [begun])
    assert not is_touched(STARTS_TARGET, period("2024-05"), [begun])
    assert not is_touched(STARTS_TARGET, june, [replace(begun, begins=False)])


REPORTS = tuple(Period.month(year, month) for year in range(2022, 2027) for month in (2, *range(3, 13)))


@pytest.mark.parametrize("feed", [Feed.PROJECTS, Feed.ENTERPRISES, Feed.INDICATORS])
def test_no_period_that_a_touch_changes_is_passed_over(feed: Feed) -> None:
    ends = (None, period("2024-02").end, period("2025-06").end)
    touches = [
        Touch(feed=feed, period=report, superseded_from=end, register=register, parking=parking)
        for report in REPORTS[11:33]
        for end in ends
        if end is None or end > report.end
        for register, parking in ((True, False), (False, False), (False, True))
    ]
    known = Known(frozenset(REPORTS), {})
    for touch in touches:
        left = known.concerned([touch])
        for judged in ALL:
            due = due_occasions(judged, known)
            passed = set(due).difference(due_occasions(judged, left))
            assert not [one for one in passed if is_touched(judged, one, [touch])], (touch, judged.id)


def test_of_a_long_history_a_correction_looks_at_few_reports() -> None:
    known = Known(frozenset(REPORTS), {})
    june, next_june = period("2023-06"), period("2024-06")
    superseded = Touch(feed=Feed.PROJECTS, period=june, superseded_from=period("2023-07").end, begins=False)
    firm = Touch(feed=Feed.ENTERPRISES, period=june, superseded_from=period("2023-07").end, begins=False)
    assert known.concerned([superseded]).reports == {june}
    assert known.concerned([firm]).reports == {one for one in REPORTS if june.end <= one.end <= next_june.end}
