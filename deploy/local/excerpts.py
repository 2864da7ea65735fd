"""The words of a log that tell a person what went wrong."""

from pathlib import Path


def size_of(path: Path) -> int:
    """Return a file's size in bytes, 0 when there is none."""
    return path.stat().st_size if path.exists() else 0


def read_from(path: Path, offset: int) -> str:
    """Return what was written to a log after so many bytes; a log rolled meanwhile is read from its beginning."""
    size = size_of(path)
    if size == 0:
        return ""
    with path.open("rb") as file:
        file.seek(offset if offset <= size else 0)
        return file.read().decode(errors="replace")


def last_line(text: str) -> str:
    """Return the last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
