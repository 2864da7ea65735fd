"""Kafka's jars: fetched once from Maven Central, always checked against the committed hashes."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from deploy.local.errors import LocalServerError

_HERE = Path(__file__).resolve().parent
HASHES = _HERE / "kafka.sha256"
_POM = _HERE / "pom.xml"


def read_hashes(text: str) -> dict[str, str]:
    """Return jar name → SHA-256 from lines as `sha256sum` writes them."""
    pairs = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
    return {name.strip(): digest for digest, name in pairs}


def find_bad_jars(directory: Path, hashes: dict[str, str]) -> tuple[str, ...]:
    """Return the names of jars that are missing or not the ones that were locked."""
    return tuple(name for name, digest in hashes.items() if _digest(directory / name) != digest)


def ensure_jars(directory: Path) -> None:
    """Make sure all of Kafka's jars lie in the directory, fetching them when one is missing; raises LocalServerError."""
    hashes = read_hashes(HASHES.read_text(encoding="utf-8"))
    if not find_bad_jars(directory, hashes):
        return
    log = directory.with_name("maven.log")
    draft = directory.with_name(directory.name + ".new")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        _fetch(draft, log)
        if bad := find_bad_jars(draft, hashes):
            raise LocalServerError(f"Maven brought other jars than the locked ones: {', '.join(bad)}", log=log)
        shutil.rmtree(directory, ignore_errors=True)
        draft.rename(directory)
    except PermissionError as error:
        raise LocalServerError(f"{error.filename} cannot be written: it belongs to another user; remove it") from error


def _fetch(directory: Path, log: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise LocalServerError("Kafka's jars are missing and so is Maven, which fetches them: run `make setup`")
    argv = [maven, "--batch-mode", "--no-transfer-progress", f"--file={_POM}", "dependency:copy-dependencies"]
    argv += [f"-DoutputDirectory={directory}", "-DincludeScope=runtime"]
    with log.open("wb") as output:
        code = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False).returncode
    if code != 0:
        raise LocalServerError("Maven could not fetch Kafka's jars", log=log)


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as jar:
            return hashlib.file_digest(jar, "sha256").hexdigest()
    except FileNotFoundError:
        return None
