"""What is wrong with a plan file, at which line, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shared.kernel.errors import PlanwatchError
from shared.plans.yaml_source import NodePath, YamlDocument

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One finding. An `error` keeps the plan from being loaded, a `warning` does not."""

    path: Path
    line: int
    severity: Severity
    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        """Return one line as compilers write it."""
        return f"{self.path}:{self.line}: {self.severity}: {self.code}: {self.zh} / {self.en}"


class PlanFileError(PlanwatchError):
    """Plan files break their schema; the message lists file, line and reason of each finding."""

    def __init__(self, findings: Iterable[LintFinding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


def finding_at(
    document: YamlDocument, path: NodePath, code: str, *, zh: str, en: str, severity: Severity = "error"
) -> LintFinding:
    """Return a finding at the line of a node."""
    return LintFinding(document.path, document.line_of(path), severity, code, zh, en)
