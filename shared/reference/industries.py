"""Industries of GB/T 4754-2017: section C to the class; of B 采矿业 and D 电热燃水 the divisions (规上工业 includes them)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.reference.csv_rows import read_rows

_COLUMNS = ("code", "name", "level", "parent", "source")
_MANUFACTURING_DIVISIONS = range(13, 44)
_LONGEST_CODE = 4


@dataclass(frozen=True, slots=True)
class Industry:
    """One section (门类), division (大类), group (中类) or class (小类)."""

    code: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Industries:
    """All known industries."""

    by_code: Mapping[str, Industry]

    @classmethod
    def load(cls, path: Path) -> "Industries":
        """Read `data/industries.csv`."""
        return cls({industry.code: industry for industry in read_rows(path, _COLUMNS, _industry)})

    def find(self, code: str) -> Industry | None:
        """Return the industry of the code; a group or class of B or D is answered by its division."""
        exact = self.by_code.get(code)
        if exact is not None or not _is_code_below_division(code):
            return exact
        division = self.by_code.get(code[:2])
        return None if division is None or int(division.code) in _MANUFACTURING_DIVISIONS else division

    def is_known(self, code: str) -> bool:
        """Whether a feed may name this code."""
        return self.find(code) is not None

    def name(self, code: str) -> str:
        """Return the name, or the code itself when it is unknown."""
        industry = self.find(code)
        return industry.name if industry else code


def _is_code_below_division(code: str) -> bool:
    return code.isascii() and code.isdigit() and 2 < len(code) <= _LONGEST_CODE


def _industry(row: dict[str, str]) -> Industry:
    return Industry(code=row["code"], name=row["name"], level=row["level"], parent=row["parent"] or None)
