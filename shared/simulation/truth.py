"""What is true of the simulated city, from its own state and never from rows: the yardstick for the system's verdicts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shared.kernel.period import Grain, Period
from shared.simulation.calibration import AREAS
from shared.simulation.city import SimulatedCity
from shared.simulation.firm import Firm
from shared.simulation.firm_rows import report_number
from shared.simulation.project import Project
from shared.simulation.recognitions import Granted
from shared.simulation.revenue import CENTS
from shared.simulation.scenario import FIRM_TIERS, PROJECT_TIERS, SCALE_THRESHOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFacts:
    """True counts as of one monthly report. Tiers are in 万元."""

    period: Period
    starts: Mapping[int, int]
    """Accepted starts of the period's year so far, by tier (nested)."""
    pending_starts: int
    """Started this year at 亿元 or more, evidence not accepted."""
    register: int
    statistical_year: int
    """The year whose net entries the report belongs to: the 1–2月 report closes the year before."""
    entries: int
    """Since March of the statistical year, up to this report."""
    exits: int
    candidates: int
    """Firms outside the register whose last 12 months reached 2000万元, from reports since the base year."""
    newly_above: Mapping[int, int]
    """Firms of the register whose revenue of the year so far passed the tier and had not in the year before.

    Of the base year, before which nothing is known, these are all firms above the tier."""
    final_d: Mapping[str, int]
    """Firms finally rated D by area, if the final list is published in this period; else empty."""

    @property
    def net_entries(self) -> int:
        """Entries less exits of the statistical year so far."""
        return self.entries - self.exits


def expected_facts(city: SimulatedCity, period: Period) -> ExpectedFacts:
    """Return the truth of one report."""
    year = statistical_year(period)
    return ExpectedFacts(
        period=period,
        starts={tier: len(accepted_starts(city, tier, period)) for tier in PROJECT_TIERS},
        pending_starts=len(pending_starts(city, period)),
        register=sum(firm.life.is_above_scale(report_number(period)) for firm in city.firms),
        statistical_year=year,
        entries=len(entered(city, year, period)),
        exits=len(exited(city, year, period)),
        candidates=len(candidates(city, period)),
        newly_above={tier: len(newly_above(city, tier, period)) for tier in FIRM_TIERS},
        final_d=_final_d_by_area(city, period),
    )


def statistical_year(period: Period) -> int:
    """Return the year whose net entries the report belongs to."""
    return period.year - 1 if period.grain is Grain.TWO_MONTHS else period.year


def accepted_starts(city: SimulatedCity, tier: int, period: Period) -> tuple[Project, ...]:
    """Return the projects of the tier or more that started in the period's year with evidence accepted by then."""
    report = report_number(period)
    return tuple(
        project for project in _started(city, period) if project.planned_total >= tier and project.accepted_in <= report
    )


def pending_starts(city: SimulatedCity, period: Period) -> tuple[Project, ...]:
    """Return the projects of 亿元 or more that started in the period's year without accepted evidence so far."""
    report = report_number(period)
    return tuple(
        project
        for project in _started(city, period)
        if project.planned_total >= PROJECT_TIERS[0] and project.accepted_in > report
    )


def _started(city: SimulatedCity, period: Period) -> tuple[Project, ...]:
    return tuple(
        project
        for project in city.investments
        if project.started_on and project.started_on.year == period.year and project.started_on <= period.end
    )


def entered(city: SimulatedCity, year: int, period: Period) -> tuple[Firm, ...]:
    """Return the firms that entered the register from March of the year up to the report, at most to next 1–2月."""
    return tuple(firm for firm in city.firms if _in_window(firm.life.entered_in, year, period))


def exited(city: SimulatedCity, year: int, period: Period) -> tuple[Firm, ...]:
    """Return the firms that left the register in the same window."""
    return tuple(firm for firm in city.firms if _in_window(firm.life.exited_in, year, period))


def _in_window(report: int, year: int, period: Period) -> bool:
    return year * 100 + 2 < report <= min((year + 1) * 100 + 2, report_number(period))


def candidates(city: SimulatedCity, period: Period, *, history: bool = True) -> tuple[Firm, ...]:
    """Return the reported firms outside the register whose last 12 months reached 2000万元.

    What lies before the first report is unknown: without `history` the first year knows its year-to-date values alone.
    """
    report, threshold = report_number(period), SCALE_THRESHOLD * CENTS
    known_from = city.setting.base_year if history else city.setting.first
    return tuple(
        firm
        for firm in city.firms
        if firm.life.is_candidate(report) and _known_revenue(firm, period, known_from) >= threshold
    )


def _known_revenue(firm: Firm, period: Period, known_from: int) -> int:
    if period.year == known_from:
        return firm.revenue_to_date(period.year, period.last_month)
    return firm.revenue_of_last_year(period.year, period.last_month)


def newly_above(city: SimulatedCity, tier: int, period: Period) -> tuple[Firm, ...]:
    """Return the register's firms whose revenue of the year so far passed the tier, which last year's had not."""
    report, bound = report_number(period), tier * CENTS
    return tuple(
        firm
        for firm in city.firms
        if firm.life.is_above_scale(report)
        and firm.revenue_to_date(period.year, period.last_month) > bound
        and firm.revenue_to_date(period.year - 1, 12) <= bound
    )


def title_holders(city: SimulatedCity, kinds: Iterable[str], period: Period) -> tuple[Firm, ...]:
    """Return the firms that hold a title of one of the kinds at the end of the period."""
    wanted = frozenset(kinds)
    held = {one.firm.serial: one.firm for one in city.granted if one.kind in wanted and one.is_held(period.end)}
    return tuple(held[serial] for serial in sorted(held))


def titles_granted(city: SimulatedCity, kinds: Iterable[str], period: Period) -> tuple[Granted, ...]:
    """Return the titles of the kinds granted in the period's year up to its end, lost since or not."""
    wanted, first = frozenset(kinds), date(period.year, 1, 1)
    return tuple(one for one in city.granted if one.kind in wanted and first <= one.granted_on <= period.end)


def final_d(city: SimulatedCity, year: int) -> tuple[Firm, ...]:
    """Return the firms finally rated D in the round that rates the year."""
    return tuple(rated.firm for rated in city.rated(year) if rated.final_class == "D")


def _final_d_by_area(city: SimulatedCity, period: Period) -> dict[str, int]:
    counts: dict[str, int] = {}
    for publication in city.rating_stages(period):
        if publication.stage == "final":
            for firm in final_d(city, publication.year):
                area = AREAS[firm.place].area
                counts[area] = counts.get(area, 0) + 1
    return counts
