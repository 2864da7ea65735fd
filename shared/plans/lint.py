"""Lints everything under `plans/`: alone (schema and references), and against the documents' texts when at hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from shared.plans.catalogue import IndicatorFile
from shared.plans.decomposition import Decomposition
from shared.plans.directory import UnitDirectory
from shared.plans.findings import LintFinding, PlanFileError
from shared.plans.lights import LightsFile
from shared.plans.lint_authority import lint_authorities
from shared.plans.lint_catalogue import lint_directory, lint_indicators, lint_lights
from shared.plans.lint_contradictions import lint_contradictions
from shared.plans.lint_decomposition import lint_decomposition
from shared.plans.lint_plan import lint_plan
from shared.plans.lint_suspensions import lint_suspensions
from shared.plans.lint_text import lint_text
from shared.plans.loader import (
    DECOMPOSITION_FILE,
    HEAD_FILE,
    SUSPENSIONS_FILE,
    Parsed,
    PlanFiles,
    chapter_paths,
    indicator_paths,
    parse,
    plan_directories,
    unit_paths,
)
from shared.plans.numerals import NumeralsFile
from shared.plans.schema import Chapter, Head
from shared.plans.statements import Measures, targets_of
from shared.plans.surroundings import Surroundings
from shared.plans.suspension import Suspensions
from shared.reference.areas import Areas
from shared.reference.authorities import Authorities
from shared.reference.recognition_kinds import RecognitionKinds
from shared.reference.units_of_measure import UnitsOfMeasure

M = TypeVar("M", bound=BaseModel)


def lint_plans(plans_dir: Path, texts_dir: Path | None, *, data_dir: Path | None = None) -> list[LintFinding]:
    """Return every finding by file and line; without one of severity `error` the plans may be loaded.

    With `texts_dir` each plan is compared with `<texts_dir>/<plan-id>.txt`. `data_dir` (reference data) stands
    beside `plans_dir` unless it is given.
    """
    reader = _Reader()
    indicators = reader.read_each(indicator_paths(plans_dir), IndicatorFile)
    lights = reader.read(plans_dir / "lights.yaml", LightsFile)
    directories = reader.read_each(unit_paths(plans_dir), UnitDirectory)
    plans = [plan for path in plan_directories(plans_dir) if (plan := reader.read_plan(path)) is not None]
    numerals = reader.read(plans_dir / "numerals.yaml", NumeralsFile)
    findings = reader.findings
    if len(indicators) == len(indicator_paths(plans_dir)) and lights is not None:
        library = _Library(indicators, lights, directories, len(plans) == len(plan_directories(plans_dir)))
        findings += _lint_references(library, plans, data_dir or plans_dir.parent / "data")
    if texts_dir is not None and numerals is not None:
        patterns = numerals.model.patterns
        findings += [finding for plan in plans for finding in lint_text(plan, texts_dir, patterns)]
    return sorted(findings, key=lambda finding: (finding.path, finding.line, finding.code))


@dataclass(frozen=True, slots=True)
class _Library:
    """What plans refer to. `is_complete`: every plan could be read, so that plans may be compared with each other."""

    indicators: list[Parsed[IndicatorFile]]
    lights: Parsed[LightsFile]
    directories: list[Parsed[UnitDirectory]]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads files and keeps what is wrong with them, so that one run reports every file."""

    findings: list[LintFinding] = field(default_factory=list)

    def read(self, path: Path, model: type[M]) -> Parsed[M] | None:
        try:
            return parse(path, model)
        except PlanFileError as error:
            self.findings.extend(error.findings)
            return None

    def read_each(self, paths: tuple[Path, ...], model: type[M]) -> list[Parsed[M]]:
        return [parsed for path in paths if (parsed := self.read(path, model)) is not None]

    def read_plan(self, directory: Path) -> PlanFiles | None:
        """Return the plan, or None when one of its files is broken: half a plan would raise false findings."""
        paths = chapter_paths(directory)
        head = self.read(directory / HEAD_FILE, Head)
        chapters = self.read_each(paths, Chapter)
        errors = len(self.findings)
        decomposition = self._read_optional(directory / DECOMPOSITION_FILE, Decomposition)
        suspensions = self._read_optional(directory / SUSPENSIONS_FILE, Suspensions)
        if head is None or len(chapters) != len(paths) or len(self.findings) > errors:
            return None
        return PlanFiles(head, tuple(chapters), decomposition, suspensions)

    def _read_optional(self, path: Path, model: type[M]) -> Parsed[M] | None:
        return self.read(path, model) if path.is_file() else None


def _lint_references(library: _Library, plans: list[PlanFiles], data_dir: Path) -> Iterator[LintFinding]:
    areas = Areas.load(data_dir / "areas.csv")
    units = UnitsOfMeasure.load(data_dir / "units_of_measure.csv")
    surroundings = Surroundings(
        is_known_area=lambda area: areas.find(area) is not None,
        is_within=areas.is_within,
        is_known_unit=units.is_known,
        are_compatible_units=units.are_compatible,
        indicators={indicator.id: indicator for file in library.indicators for indicator in file.model.indicators},
        lights={entry.id: entry for entry in library.lights.model.lights},
        directories={directory.model.city: directory.model for directory in library.directories},
        targets=frozenset(f"{plan.head.model.id}:{ref}" for plan in plans for ref, _ in targets_of(plan.plan)),
    )
    titles = RecognitionKinds.load(data_dir / "recognition_kinds.csv")
    yield from lint_indicators(library.indicators, units.is_known, titles)
    heads = [plan.head for plan in plans]
    yield from lint_authorities(library.indicators, heads, Authorities.load(data_dir / "authorities.csv"))
    yield from lint_lights(library.lights)
    for directory in library.directories:
        yield from lint_directory(directory, surroundings.is_known_area)
    by_id = {plan.head.model.id: plan.plan for plan in plans}
    for plan in plans:
        yield from lint_plan(plan, surroundings)
        yield from lint_decomposition(plan, surroundings)
        yield from lint_suspensions(plan)
        if library.is_complete:
            yield from lint_contradictions(plan, by_id, Measures(surroundings.indicators, units))
