"""What can be monitored now, and what exactly is missing where it cannot."""

from typing import Any

import pytest

from shared.plans.catalogue import Indicator
from shared.plans.mention import Target
from shared.plans.monitorable import feeds_for, monitorability

NAME = {"zh": "名", "en": "name"}


def indicator(identifier: str, **source: Any) -> Indicator:
    return Indicator.model_validate(
        {
            "id": identifier,
            "name": {"zh": f"{identifier}数", "en": identifier},
            "definition": {"zh": "定义", "en": "definition"},
            "unit": "个",
            "kind": "count",
            "integer": True,
            **source,
        }
    )


def reported(availability: str) -> dict[str, Any]:
    return {"measure": "level", "bases": ("year",), "authority": "市局", "availability": availability}


INDICATORS = {
    one.id: one
    for one in (
        indicator("counted", derived={"kind": "count_projects", "event": "started"}),
        indicator("both", derived={"kind": "count_register"}, reported=reported("ledger")),
        indicator("published", reported=reported("published")),
        indicator("ledger", reported=reported("ledger")),
    )
}


def target(of: str, second: str | None = None) -> Target:
    return Target.model_validate(
        {
            "slug": "t",
            "name": NAME,
            "indicator": of,
            **({"value": "1"} if second is None else {"reference": {"indicator": second, "area": "320000"}}),
            "comparator": "ge",
            "comparator_stated": True,
            "direction": "up",
            "unit": "个",
            "horizon": {"kind": "annual"},
            "quote": "1个",
        }
    )


@pytest.mark.parametrize(
    ("of", "second", "needs"),
    [
        pytest.param("counted", None, None, id="counted from rows"),
        pytest.param("both", None, None, id="counted, whatever office also counts"),
        pytest.param("published", None, None, id="published"),
        pytest.param("ledger", None, "需市局报送台账数“ledger数”：定义", id="kept by an office"),
        pytest.param("published", "published", "需参照值“published数”（市局，区域320000）：定义", id="relative"),
        pytest.param(
            "ledger",
            "published",
            "需市局报送台账数“ledger数”：定义；需参照值“published数”（市局，区域320000）：定义",
            id="both are missing",
        ),
    ],
)
def test_what_is_missing_is_named_exactly(of: str, second: str | None, needs: str | None) -> None:
    found = monitorability(target(of, second), INDICATORS[of], INDICATORS)
    assert found.state == ("now" if needs is None else "needs_data")
    assert (found.needs.zh if found.needs is not None else None) == needs


def test_a_relative_target_also_reads_published_figures() -> None:
    assert feeds_for(target("counted", "published"), INDICATORS) == ("projects", "indicators")
    assert feeds_for(target("both"), INDICATORS) == ("enterprises",)
