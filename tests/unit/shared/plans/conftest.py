"""Copies of plan folders that a test may break: a small made-up one with its texts, and the real plans."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.plans.findings import LintFinding
from shared.plans.lint import lint_plans

ROOT = Path(__file__).parents[4]
SAMPLE = Path(__file__).parent / "sample"
DATA = ROOT / "data"


@dataclass(frozen=True, slots=True)
class PlansCopy:
    """A folder of plans of the test's own, and of their texts where it has them."""

    path: Path
    texts: Path | None = None

    def replace(self, file: str, old: str, new: str) -> int:
        """Replace the first occurrence and return its line."""
        path = self.path / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def lint(self) -> list[LintFinding]:
        return lint_plans(self.path, self.texts, data_dir=DATA)


@pytest.fixture
def plans(tmp_path: Path) -> PlansCopy:
    """Return a copy of the sample: plans and texts, without a finding."""
    shutil.copytree(SAMPLE, tmp_path / "plans")
    return PlansCopy(tmp_path / "plans", tmp_path / "plans" / "texts")


@pytest.fixture
def only(plans: PlansCopy) -> Callable[[list[LintFinding]], tuple[str, int, str]]:
    """Return file, line and code of the only finding."""

    def describe(findings: list[LintFinding]) -> tuple[str, int, str]:
        assert len(findings) == 1, "\n".join(map(str, findings))
        (finding,) = findings
        return str(finding.path.relative_to(plans.path)), finding.line, finding.code

    return describe


@pytest.fixture(scope="session")
def texts() -> Path:
    """Return the folder of the documents' texts."""
    given = os.environ.get("PLANWATCH_PLAN_TEXTS")
    path = Path(given) if given else ROOT.parent / "shared" / "plans-text"
    if not path.is_dir():
        pytest.skip(
            f"QUOTES NOT CHECKED: the documents' texts are not at hand ({path}); "
            "set PLANWATCH_PLAN_TEXTS to the folder that holds them"
        )
    return path
