"""The plans of this project: alone, against their documents, and broken on purpose at places that each of them has."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.plans.findings import LintFinding
from shared.plans.lint import lint_plans
from shared.plans.loader import chapter_paths, plan_directories
from tests.unit.shared.plans.conftest import DATA, ROOT, PlansCopy

PLANS = tuple(directory.name for directory in plan_directories(ROOT / "plans"))


def errors(plans_dir: Path, texts: Path | None) -> set[tuple[str, str]]:
    findings = lint_plans(plans_dir, texts, data_dir=DATA)
    return {(_place(finding, plans_dir), finding.code) for finding in findings if finding.severity == "error"}


def _place(finding: LintFinding, plans_dir: Path) -> str:
    return str(finding.path.relative_to(plans_dir))


def test_the_plans_have_no_errors() -> None:
    assert errors(ROOT / "plans", None) == set()


def test_everything_the_documents_say_is_there(texts: Path) -> None:
    assert errors(ROOT / "plans", texts) == set()


# ---- broken on purpose ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Break:
    """A pattern of a plan's files, what its first match is replaced by, and the codes of which one must be found."""

    pattern: str
    change: Callable[[re.Match[str]], str]
    codes: frozenset[str]


def _next_digit(match: re.Match[str]) -> str:
    """Change the first digit."""
    digits = re.compile(r"\d")
    return digits.sub(lambda digit: str((int(digit.group()) + 1) % 10), match.group(), count=1)


BREAKS = [
    pytest.param(Break(r'\n        value: "\d+"', _next_digit, frozenset({"value.quote"})), id="digit of a target"),
    pytest.param(
        Break(r"\n        quote: [^\n]*\d[^\n]*", _next_digit, frozenset({"quote.text"})), id="digit of a quote"
    ),
    pytest.param(
        Break(
            r"\n        quote: [^\n]*\d[^\n]*",
            lambda _: "\n        quote: 目标",
            frozenset({"value.quote", "quote.text"}),
        ),
        id="quote cut",
    ),
    pytest.param(
        Break(r"\n      support: \[([^\],]+), ", lambda _: "\n      support: [", frozenset({"responsible.dropped"})),
        id="unit dropped",
    ),
    pytest.param(
        Break(
            r"\n      - \{quote: [^\n]*reason: (?:process|technical|background)[^\n]*",
            lambda _: "\n      - {quote: 的, reason: background}",
            frozenset({"numeral.uncovered"}),
        ),
        id="exemption removed",
    ),
]


def _breakable(plans: PlansCopy, pattern: str) -> Iterator[Path]:
    for directory in plan_directories(plans.path):
        chapters = (path for path in chapter_paths(directory) if re.search(pattern, path.read_text(encoding="utf-8")))
        yield from list(chapters)[:1]


@pytest.fixture
def real(tmp_path: Path, texts: Path) -> PlansCopy:
    shutil.copytree(ROOT / "plans", tmp_path / "plans")
    return PlansCopy(tmp_path / "plans", texts)


@pytest.mark.parametrize("broken", BREAKS)
def test_each_plan_broken_at_one_place_is_found(real: PlansCopy, broken: Break) -> None:
    before = errors(real.path, real.texts)
    chapters = list(_breakable(real, broken.pattern))
    for chapter in chapters:
        whole = chapter.read_text(encoding="utf-8")
        chapter.write_text(re.sub(broken.pattern, broken.change, whole, count=1), encoding="utf-8")
    new = errors(real.path, real.texts) - before
    for plan in (chapter.parent.name for chapter in chapters):
        found = {code for file, code in new if file.startswith(f"{plan}/")}
        assert not broken.codes.isdisjoint(found), f"{plan}: {new}"


def test_each_document_changed_by_one_character_is_found(real: PlansCopy, tmp_path: Path) -> None:
    """T5."""
    changed = tmp_path / "texts"
    changed.mkdir()
    for name in PLANS:
        text = (real.texts or tmp_path).joinpath(f"{name}.txt").read_text(encoding="utf-8")
        (changed / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
    found = errors(real.path, changed)
    assert {(f"{name}/plan.yaml", "text.hash") for name in PLANS} <= found


def test_a_quantity_that_gets_a_second_value_is_a_new_contradiction(tmp_path: Path) -> None:
    """500 here and 800 there."""
    shutil.copytree(ROOT / "plans", tmp_path / "plans")
    copy = PlansCopy(tmp_path / "plans")
    before = {finding.zh for finding in copy.lint()}
    copy.replace("suqian-2024/01-clusters.yaml", "indicator: project-starts-50yi", "indicator: project-starts-10yi")
    new = [finding for finding in copy.lint() if finding.zh not in before]
    assert "contradiction.unrecorded" in {finding.code for finding in new}
    assert any("m1/starts-50yi 10个" in finding.zh and "m1/starts-10yi 60个" in finding.zh for finding in new)
