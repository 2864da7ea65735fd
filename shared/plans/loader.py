"""Reads plan files into models; an error names file and line.

plans/
  indicators.yaml  lights.yaml  units/<city>.yaml
  <plan-id>/plan.yaml           the document's head
  <plan-id>/<chapter>.yaml      clauses with targets and signal rules, in the order of the file names
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from shared.plans.catalogue import Indicator, IndicatorFile
from shared.plans.directory import UnitDirectory
from shared.plans.findings import LintFinding, PlanFileError
from shared.plans.lights import Lights, LightsFile
from shared.plans.schema import Chapter, Clause, Head
from shared.plans.yaml_source import YamlDocument, YamlSyntaxError, read_yaml

HEAD_FILE = "plan.yaml"

M = TypeVar("M", bound=BaseModel)


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

    @property
    def plan(self) -> "Plan":
        """The plan without positions."""
        return Plan(self.head.model, tuple(chapter.model for chapter in self.chapters))


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan: the document's head and its chapters."""

    head: Head
    chapters: tuple[Chapter, ...]

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
    return PlanFiles(head, tuple(parse(path, Chapter) for path in chapter_paths(directory)))


def load_plan(directory: Path) -> Plan:
    """Read one plan; raise PlanFileError when a file breaks the schema. References between files are lint's part."""
    return read_plan(directory).plan


def load_all(plans_dir: Path) -> PlanLibrary:
    """Read everything under `plans/`; call `lint_plans` before, it finds what single files cannot show."""
    plans = [load_plan(directory) for directory in plan_directories(plans_dir)]
    indicators = parse(plans_dir / "indicators.yaml", IndicatorFile).model.indicators
    lights = parse(plans_dir / "lights.yaml", LightsFile).model.lights
    directories = [parse(path, UnitDirectory).model for path in unit_paths(plans_dir)]
    return PlanLibrary(
        plans={plan.head.id: plan for plan in plans},
        indicators={indicator.id: indicator for indicator in indicators},
        lights={entry.id: entry for entry in lights},
        units={directory.city: directory for directory in directories},
    )


def plan_directories(plans_dir: Path) -> tuple[Path, ...]:
    """Return the folders that hold a plan, by name."""
    return tuple(sorted(path.parent for path in plans_dir.glob(f"*/{HEAD_FILE}")))


def chapter_paths(directory: Path) -> tuple[Path, ...]:
    """Return the chapter files of a plan's folder, by name."""
    return tuple(sorted(path for path in directory.glob("*.yaml") if path.name != HEAD_FILE))


def unit_paths(plans_dir: Path) -> tuple[Path, ...]:
    """Return the unit directories' files, by name."""
    return tuple(sorted((plans_dir / "units").glob("*.yaml")))


def _syntax_finding(error: YamlSyntaxError) -> LintFinding:
    return LintFinding(error.path, error.line, "error", "yaml.syntax", "不是合法的 YAML", error.problem)


def _schema_findings(document: YamlDocument, error: ValidationError) -> list[LintFinding]:
    return [
        LintFinding(
            path=document.path,
            line=document.line_of(problem["loc"]),
            severity="error",
            code=f"schema.{problem['type']}",
            zh=f"{_dotted(problem['loc'])} 不符合文件格式",
            en=f"{_dotted(problem['loc'])}: {problem['msg']}",
        )
        for problem in error.errors(include_url=False)
    ]


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in path) or "(文件)"
