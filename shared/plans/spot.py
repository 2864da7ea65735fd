"""A place in a plan file, from which findings are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from shared.plans.findings import LintFinding, Severity, finding_at
from shared.plans.yaml_source import NodePath, YamlDocument


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of a file."""

    document: YamlDocument
    path: NodePath = ()

    def below(self, *parts: str | int) -> "Spot":
        """Return a node under this one."""
        return Spot(self.document, (*self.path, *parts))

    def find(self, code: str, zh: str, en: str, *parts: str | int, severity: Severity = "error") -> LintFinding:
        """Return a finding at this node, or at one under it."""
        return finding_at(self.document, (*self.path, *parts), code, zh=zh, en=en, severity=severity)


def like(name: str, known: Iterable[str]) -> tuple[str, str]:
    """Return what a finding says of known names that resemble an unknown one, in both languages; empty when none does."""
    found = get_close_matches(name, list(known), n=3, cutoff=0.5)
    return (f"（相近的有：{'、'.join(found)}）", f" (like it: {', '.join(found)})") if found else ("", "")
