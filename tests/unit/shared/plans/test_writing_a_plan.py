"""The guide for plan writers: its example, built from its own blocks, has no finding, and its commands and codes exist."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.plans.lint import lint_plans
from shared.plans.loader import load_plan
from tests.unit.shared.plans.conftest import DATA, ROOT

GUIDE = (ROOT / "docs" / "writing-a-plan.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```\w+ (append )?(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return what a reader has after copying every block, beside the shared catalogue and directories."""
    for shared in ("indicators", "units"):
        shutil.copytree(ROOT / "plans" / shared, tmp_path / "plans" / shared)
    for name in ("lights.yaml", "numerals.yaml"):
        shutil.copy(ROOT / "plans" / name, tmp_path / "plans" / name)
    for appended, name, content in BLOCK.findall(GUIDE):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        before = path.read_text(encoding="utf-8") if appended else ""
        path.write_text(before + content, encoding="utf-8")
    return tmp_path


def codes_in_the_sources() -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "shared" / "plans").glob("*.py"))
    return set(re.findall(r'"([a-z]+\.[a-z_]+)"', text))


def example_codes() -> Iterator[str]:
    for code in re.findall(r"`([a-z]+\.[a-z_]+)`", GUIDE):
        if not code.endswith(".yaml"):
            yield code


def test_the_example_of_the_guide_has_no_finding(folder: Path) -> None:
    assert lint_plans(folder / "plans", folder / "texts", data_dir=DATA) == []


def test_the_example_breaks_a_target_down_amends_the_plan_and_suspends_a_target(folder: Path) -> None:
    plan = load_plan(folder / "plans" / "example-2026")
    assert plan.decomposition is not None
    assert [one.target for one in plan.suspensions] == ["m1/starts"]
    assert str(plan.head.effective_on) == "2027-07-01"


def test_every_code_the_guide_explains_exists() -> None:
    assert set(example_codes()) <= codes_in_the_sources()
    assert "numeral.uncovered" in set(example_codes())


def test_every_file_the_guide_points_to_exists() -> None:
    names = set(re.findall(r"`((?:data/|plans/)?[a-z_]+\.(?:yaml|csv))`", GUIDE)) - {
        "plan.yaml",
        "decomposition.yaml",
        "suspensions.yaml",
    }
    assert {name for name in names if not any(ROOT.glob(name if "/" in name else f"plans/indicators/{name}"))} == set()
    assert "projects.yaml" in names
