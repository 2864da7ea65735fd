"""Rows of the feed `enterprises`: what a statistics system would report of the simulated firms in one period."""

from collections.abc import Iterable, Iterator

from shared.kernel.period import Period
from shared.simulation.calibration import AREAS
from shared.simulation.firm import Firm

Row = dict[str, str | int | bool | None]
ENTERPRISE_COLUMNS = (
    "uscc",
    "name",
    "area",
    "industry",
    "operating_status",
    "above_scale",
    "entered_on",
    "entry_kind",
    "exited_on",
    "exit_kind",
    "revenue_ytd",
    "output_ytd",
    "profit_ytd",
    "tax_ytd",
    "rd_ytd",
    "energy_ytd",
    "electricity_ytd",
    "employees",
    "land",
)
_UNKNOWN_LAND = 97
"""Every so many firms have no known land area; they are not rated."""


def report_number(period: Period) -> int:
    """Return the period as year × 100 + last month, the form in which lives of firms and projects are kept."""
    return period.year * 100 + period.last_month


def money(amount: int) -> str:
    """Return hundredths as decimal text: 123456 is `1234.56`."""
    if amount < 0:
        return f"-{money(-amount)}"
    return f"{amount // 100}.{amount % 100:02d}"


def firm_name(firm: Firm) -> str:
    """Return the firm's name, which says that it is simulated."""
    return f"模拟企业{firm.serial:05d}({AREAS[firm.place].short_name})"


def has_land(firm: Firm) -> bool:
    """Whether the firm's land area is known."""
    return firm.serial % _UNKNOWN_LAND != 0


def enterprise_rows(firms: Iterable[Firm], period: Period) -> Iterator[Row]:
    """Yield one row for every firm that the period's report holds: register, pool, and firms leaving in it."""
    report = report_number(period)
    return (_row(firm, period, report) for firm in firms if firm.life.is_reported(report))


def _row(firm: Firm, period: Period, report: int) -> Row:
    life, area = firm.life, AREAS[firm.place]
    above, entered, left = life.is_above_scale(report), life.entered_in <= report, report == life.exited_in
    return {
        "uscc": firm.uscc,
        "name": firm_name(firm),
        "area": area.area,
        "industry": firm.industry,
        "operating_status": _status(firm, period, report),
        "above_scale": above,
        "entered_on": life.entered_on.isoformat() if entered and life.entered_on else None,
        "entry_kind": str(life.entry_kind) if entered and life.entry_kind else None,
        "exited_on": life.exited_on.isoformat() if left and life.exited_on else None,
        "exit_kind": str(life.exit_kind) if left and life.exit_kind else None,
        **_figures(firm, period, is_surveyed=entered),
    }


def _status(firm: Firm, period: Period, report: int) -> str:
    if report == firm.life.exited_in and firm.life.exit_kind == "closed":
        return "closed"
    idle = firm.active_month(period.year, period.last_month) < period.last_month
    return "suspended" if idle else "operating"


def _figures(firm: Firm, period: Period, *, is_surveyed: bool) -> Row:
    """Return the figures; of firms below the threshold only sales, tax, electricity and size are known."""
    ratios = firm.ratios
    revenue = firm.revenue_to_date(period.year, period.last_month)
    annual = firm.revenue[max(0, firm.life.seen_in // 100 - firm.base_year)] // 100
    return {
        "revenue_ytd": money(revenue),
        "output_ytd": money(revenue * ratios.output // 1000),
        "profit_ytd": money(revenue * ratios.margin // 1000 - firm.loss) if is_surveyed else None,
        "tax_ytd": money(revenue * ratios.tax // 1000),
        "rd_ytd": money(revenue * ratios.research // 1000) if is_surveyed else None,
        "energy_ytd": money(revenue * ratios.energy // 1000) if is_surveyed else None,
        "electricity_ytd": money(revenue * ratios.electricity // 1000),
        "employees": max(5, annual // ratios.revenue_per_head),
        "land": money(max(300, annual * 100 // ratios.revenue_per_mu)) if has_land(firm) else None,
    }
