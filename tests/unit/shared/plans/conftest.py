"""A copy of the real plans that a test may break."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.plans.findings import LintFinding
from shared.plans.lint import lint_plans

ROOT = Path(__file__).parents[4]


@dataclass(frozen=True, slots=True)
class PlansCopy:
    """`plans/` in a folder of the test's own."""

    path: Path

    def replace(self, file: str, old: str, new: str) -> int:
        """Replace the first occurrence and return its line."""
        path = self.path / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def lint(self, texts_dir: Path | None = None) -> list[LintFinding]:
        return lint_plans(self.path, texts_dir, data_dir=ROOT / "data")


@pytest.fixture
def plans(tmp_path: Path) -> PlansCopy:
    shutil.copytree(ROOT / "plans", tmp_path / "plans")
    return PlansCopy(tmp_path / "plans")


@pytest.fixture
def only(plans: PlansCopy) -> Callable[[list[LintFinding]], tuple[str, int, str]]:
    """Return file, line and code of the only finding."""

    def describe(findings: list[LintFinding]) -> tuple[str, int, str]:
        assert len(findings) == 1, "\n".join(map(str, findings))
        (finding,) = findings
        return str(finding.path.relative_to(plans.path)), finding.line, finding.code

    return describe
