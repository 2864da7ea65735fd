"""Reads plan files into models; an error names file and line.

plans/
  indicators/*.yaml  lights.yaml  numerals.yaml  units/<city>.yaml
  <plan-id>/plan.yaml             the document's head
  <plan-id>/<chapter>.yaml        clauses with their numbers and signal rules, in the order of the file names
  <plan-id>/decomposition.yaml    how targets are broken down to areas, where an office has done it
  <plan-id>/suspensions.yaml      which targets are suspended for a time, where somebody approved it
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.plans.catalogue import Indicator, IndicatorFile
from shared.plans.decomposition import Decomposition
from shared.plans.directory import UnitDirectory
from shared.plans.findings import LintFinding, PlanFileError
from shared.plans.lights import Lights, LightsFile
from shared.plans.schema import Chapter, Clause, Head
from shared.plans.suspension import Suspension, Suspensions
from shared.plans.yaml_source import YamlDocument, YamlSyntaxError, read_yaml

HEAD_FILE = "plan.yaml"
DECOMPOSITION_FILE = "decomposition.yaml"
SUSPENSIONS_FILE = "suspensions.yaml"

M = TypeVar("M", bound=BaseModel)

_ADVICE = {
    "missing": "缺少，请补上",
    "extra_forbidden": "没有这一项：名称写错，或花括号内的句子有逗号而没有加引号",
    "literal_error": "只能是其中之一：{expected}",
    "union_tag_invalid": "kind 只能是其中之一：{expected_tags}",
    "union_tag_not_found": "要写 kind",
    "value_error": "{zh}",
    "string_type": '要是文字：年份、代码、期别加引号，如 "2025"',
    "string_too_short": "不能空着",
    "string_pattern_mismatch": "写法不对：编号只用小写字母、数字和连字符，校验码是 64 位小写十六进制",
    "int_type": "要是年份或整数，不加引号",
    "int_parsing": "要是年份或整数，不加引号",
    "bool_type": "只能是 true 或 false，不加引号",
    "date_type": "要是日期，不加引号：如 2026-07-01",
    "tuple_type": "要是列表：方括号，或每项一行、以“- ”开头",
    "model_type": "要是几项：花括号，或缩进在下面几行",
    "dict_type": "要是几项：花括号，或缩进在下面几行",
    "too_short": "至少要有一项",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}
_SYNTAX_ADVICE = (
    "不是合法的 YAML：看这一行和上一行，缩进用空格对齐，冒号后面空一格，引号和括号成对；"
    "有“: ”或“ #”、以 % * & ! [ { “@” 开头的文字加引号；同一项不能写两次"
)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[M]):
    """A file's model beside its document, which knows the lines."""

    document: YamlDocument
    model: M


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """The files of one plan."""

    head: Parsed[Head]
    chapters: tuple[Parsed[Chapter], ...]
    decomposition: Parsed[Decomposition] | None = None
    suspensions: Parsed[Suspensions] | None = None

    @property
    def plan(self) -> "Plan":
        """The plan without positions."""
        decomposition = None if self.decomposition is None else self.decomposition.model
        suspensions = () if self.suspensions is None else self.suspensions.model.suspensions
        return Plan(self.head.model, tuple(chapter.model for chapter in self.chapters), decomposition, suspensions)


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan: the document's head and chapters, the breakdown of its targets to areas, and what is suspended of them."""

    head: Head
    chapters: tuple[Chapter, ...]
    decomposition: Decomposition | None = None
    suspensions: tuple[Suspension, ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in the order of the chapters."""
        return tuple(clause for chapter in self.chapters for clause in chapter.clauses)


@dataclass(frozen=True, slots=True)
class PlanLibrary:
    """Everything under `plans/`: plans by id, indicators and lights by id, unit directories by city."""

    plans: Mapping[str, Plan]
    indicators: Mapping[str, Indicator]
    lights: Mapping[str, Lights]
    units: Mapping[str, UnitDirectory]


def parse(path: Path, model: type[M]) -> Parsed[M]:
    """Read one file into its model; raise PlanFileError with every finding of the file."""
    try:
        document = read_yaml(path)
    except YamlSyntaxError as error:
        raise PlanFileError([_syntax_finding(error)]) from error
    except FileNotFoundError as error:
        raise PlanFileError([LintFinding(path, 1, "error", "file.missing", "缺少文件", "file missing")]) from error
    try:
        return Parsed(document, model.model_validate(document.content))
    except ValidationError as error:
        raise PlanFileError(_schema_findings(document, error)) from error


def read_plan(directory: Path) -> PlanFiles:
    """Read one plan with positions."""
    head = parse(directory / HEAD_FILE, Head)
    chapters = tuple(parse(path, Chapter) for path in chapter_paths(directory))
    breakdown, suspended = directory / DECOMPOSITION_FILE, directory / SUSPENSIONS_FILE
    return PlanFiles(
        head,
        chapters,
        parse(breakdown, Decomposition) if breakdown.is_file() else None,
        parse(suspended, Suspensions) if suspended.is_file() else None,
    )


def load_plan(directory: Path) -> Plan:
    """Read one plan; raise PlanFileError when a file breaks the schema. References between files are lint's part."""
    return read_plan(directory).plan


def load_plans(plans_dir: Path) -> tuple[Plan, ...]:
    """Read every plan, by the name of its folder; raise PlanFileError when a file breaks the schema."""
    return tuple(load_plan(directory) for directory in plan_directories(plans_dir))


def load_all(plans_dir: Path) -> PlanLibrary:
    """Read everything under `plans/`; call `lint_plans` before, it finds what single files cannot show."""
    indicators = load_indicators(plans_dir)
    lights = parse(plans_dir / "lights.yaml", LightsFile).model.lights
    return PlanLibrary(
        plans={plan.head.id: plan for plan in load_plans(plans_dir)},
        indicators={indicator.id: indicator for indicator in indicators},
        lights={entry.id: entry for entry in lights},
        units=load_directories(plans_dir),
    )


def load_indicators(plans_dir: Path) -> tuple[Indicator, ...]:
    """Read the catalogue of indicators; raise PlanFileError when a file breaks the schema."""
    files = [parse(path, IndicatorFile).model for path in indicator_paths(plans_dir)]
    return tuple(indicator for file in files for indicator in file.indicators)


def load_directories(plans_dir: Path) -> Mapping[str, UnitDirectory]:
    """Read the directories of units, by city; raise PlanFileError when one breaks the schema."""
    directories = [parse(path, UnitDirectory).model for path in unit_paths(plans_dir)]
    return {directory.city: directory for directory in directories}


def indicator_paths(plans_dir: Path) -> tuple[Path, ...]:
    """Return the files of the catalogue, by name."""
    return tuple(sorted((plans_dir / "indicators").glob("*.yaml")))


def plan_directories(plans_dir: Path) -> tuple[Path, ...]:
    """Return the folders that hold a plan, by name."""
    return tuple(sorted(path.parent for path in plans_dir.glob(f"*/{HEAD_FILE}")))


def chapter_paths(directory: Path) -> tuple[Path, ...]:
    """Return the chapter files of a plan's folder, by name."""
    others = {HEAD_FILE, DECOMPOSITION_FILE, SUSPENSIONS_FILE}
    return tuple(sorted(path for path in directory.glob("*.yaml") if path.name not in others))


def unit_paths(plans_dir: Path) -> tuple[Path, ...]:
    """Return the unit directories' files, by name."""
    return tuple(sorted((plans_dir / "units").glob("*.yaml")))


def _syntax_finding(error: YamlSyntaxError) -> LintFinding:
    return LintFinding(error.path, error.line, "error", "yaml.syntax", _SYNTAX_ADVICE, error.problem)


def _schema_findings(document: YamlDocument, error: ValidationError) -> list[LintFinding]:
    problems = error.errors(include_url=False)
    return [_schema_finding(document, problem) for problem in problems if not _follows_from_others(problem, problems)]


def _follows_from_others(problem: ErrorDetails, problems: Iterable[ErrorDetails]) -> bool:
    """Whether a list only counts as too short because its items are broken, each of which is a problem of its own."""
    here = problem["loc"]
    return problem["type"] == "too_short" and any(one["loc"][: len(here)] == here != one["loc"] for one in problems)


def _schema_finding(document: YamlDocument, problem: ErrorDetails) -> LintFinding:
    place, advice = _dotted(problem["loc"]), _ADVICE.get(problem["type"], "不符合文件格式")
    return LintFinding(
        path=document.path,
        line=document.line_of(problem["loc"]),
        severity="error",
        code=f"schema.{problem['type']}",
        zh=f"{place} {advice.format_map(problem.get('ctx', {}))}",
        en=f"{place}: {problem['msg']}",
    )


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in path) or "(文件)"
