"""Firms, projects, ratings, titles, figures and signals of the simulated city."""

from datetime import date
from decimal import Decimal
from typing import Any

from shared.kernel.ids import stable_id, text_hash
from shared.kernel.period import Period
from tests.fakes.query_base import CITY, PLAN, REPORTS, Row, recorded_at, submission_id

FIRM = "91321300MA1TEST00X"
PROJECT = "2401-321300-04-01-100001"


def _origin(feed: str, period: Period, row_number: int) -> dict[str, Any]:
    return {
        "submission_id": submission_id(feed, period),
        "row_number": row_number,
        "source": f"simulated-{feed}.example",
        "city": CITY,
        "period": str(period),
        "period_end": period.end,
        "sequence": 2 * REPORTS.index(period) + 1 if period in REPORTS else 99,
        "recorded_at": recorded_at(period),
        "removed": False,
    }


def firm_rows() -> list[Row]:
    return [
        {
            **_origin("enterprises", period, 1),
            "uscc": FIRM,
            "name": "模拟企业0001（宿迁）新材料有限公司",
            "area": "321322",
            "industry": "C2651",
            "operating_status": "operating",
            "above_scale": True,
            "entered_on": date(2024, 2, 1),
            "entry_kind": "grown",
            "revenue_ytd_yuan": 41_250_000 * period.last_month,
            "output_ytd_yuan": 43_800_000 * period.last_month,
            "profit_ytd_yuan": -1_200_000 * period.last_month,
            "tax_ytd_yuan": 1_310_000 * period.last_month,
            "rd_ytd_yuan": 905_000 * period.last_month,
            "energy_ytd_tce": Decimal("812.4"),
            "employees": 186,
        }
        for period in REPORTS
    ]


def project_rows() -> list[Row]:
    return [
        {
            **_origin("projects", period, 1),
            "code": PROJECT,
            "name": "模拟项目0001 高端功能膜材料生产基地",
            "owner_uscc": FIRM,
            "area": "321322",
            "industry": "C2921",
            "kind": "new",
            "planned_total_yuan": 6_200_000_000,
            "planned_year_yuan": 1_800_000_000,
            "completed_prior_yuan": 0,
            "completed_ytd_yuan": 95_000_000 * period.last_month,
            "signed_on": date(2023, 11, 6),
            "filed_on": date(2024, 1, 12),
            "started_on": date(2024, 3, 18),
            "start_evidence": "accepted",
            "listed_on": date(2024, 5, 9),
        }
        for period in REPORTS
    ]


def rating_rows() -> list[Row]:
    rounds = [(2023, "C", Decimal("61.25")), (2024, "D", Decimal("38.5"))]
    return [
        {
            **_origin("ratings", Period.parse(str(year)), 1),
            "uscc": FIRM,
            "year": year,
            "class": class_,
            "score": score,
            "stage": "final",
            "published_on": date(year + 1, 8, 8),
            "area": "321322",
        }
        for year, class_, score in rounds
    ]


def recognition_rows() -> list[Row]:
    """A title held, one revoked in a later version, and one that left."""
    star = {"uscc": FIRM, "kind": "cloud_star", "batch": "2023年第一批"}
    star_report = {"level": "star_4", "granted_on": date(2023, 6, 12), "area": "321322"}
    giant = {"uscc": FIRM, "kind": "national_giant", "batch": "第六批"}
    gone = {"uscc": FIRM, "kind": "champion", "batch": "第八批"}
    first = _origin("recognitions", Period.parse("2023"), 1)
    later = _origin("recognitions", Period.parse("2024-09"), 1)
    champion = {"level": "national", "granted_on": date(2024, 4, 18), "area": "321322"}
    return [
        {**first, **star, **star_report, "sequence": 90},
        {**first, **gone, **champion, "row_number": 2, "sequence": 90},
        {**later, **star, **star_report, "revoked_on": date(2024, 9, 18), "sequence": 91},
        {
            **later,
            **giant,
            "row_number": 2,
            "sequence": 91,
            "name": "模拟企业0001（宿迁）新材料有限公司",
            "level": "national",
            "granted_on": date(2024, 9, 2),
            "area": "321322",
        },
        {**later, **gone, "row_number": 3, "sequence": 91, "removed": True},
    ]


def indicator_rows() -> list[Row]:
    values = {"manufacturing-share-of-gdp": "38.4", "high-tech-share-of-output": "38.9", "listed-companies": "17"}
    return [
        {
            **_origin("indicators", Period.parse("2024"), number),
            "indicator": indicator,
            "area": CITY,
            "value_period": "2024",
            "measure": "level",
            "basis": "year",
            "value": Decimal(value),
            "unit": "户" if indicator == "listed-companies" else "%",
            "status": "final",
            "authority": "统计公报",
        }
        for number, (indicator, value) in enumerate(values.items(), start=1)
    ]


def signal_rows() -> list[Row]:
    start = _signal(
        "m1/start-50yi", "project_start", PROJECT, "模拟项目0001 高端功能膜材料生产基地", Period.parse("2024-03")
    )
    entry = _signal("m20/entry", "above_scale_entry", FIRM, "模拟企业0001（宿迁）新材料有限公司", REPORTS[0])
    rated = _signal(
        "m17/class-d-final", "class_d_final", FIRM, "模拟企业0001（宿迁）新材料有限公司", Period.parse("2024")
    )
    candidate = _signal(
        "m20/candidate", "above_scale_candidate", "91321300MA1TEST01W", "模拟企业0002（宿迁）机械有限公司", REPORTS[-1]
    )
    return [
        {
            **start,
            "occurred_on": date(2024, 3, 18),
            "detail": {"planned_total_yuan": 6_200_000_000, "tiers_yuan": [100_000_000, 1_000_000_000, 5_000_000_000]},
        },
        {**entry, "occurred_on": date(2024, 2, 1), "detail": {"entry_kind": "grown", "statistical_year": 2023}},
        {**rated, "occurred_on": date(2025, 8, 8), "detail": {"round": 2024, "score": "38.5"}},
        {**candidate, "detail": {"revenue_of_12_months_yuan": 21_460_000, "line_yuan": 20_000_000}},
    ]


def _signal(rule: str, kind: str, entity: str, name: str, period: Period) -> dict[str, Any]:
    return {
        "signal_id": stable_id("signal", rule, entity),
        "rule_id": f"{PLAN}/{rule}",
        "plan_id": PLAN,
        "kind": kind,
        "area": "321322",
        "city": CITY,
        "period": str(period),
        "period_end": period.end,
        "entity": entity,
        "entity_name": name,
        "active": True,
        "simulated": True,
        "fingerprint": text_hash(rule),
        "recorded_at": recorded_at(period),
    }
