"""The Java that runs Kafka."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.local.errors import LocalServerError

OLDEST_JAVA = 17


def find_java(environment: Mapping[str, str]) -> Path:
    """Return a `java` that is new enough: JAVA_HOME first, then the PATH; raises LocalServerError."""
    home = environment.get("JAVA_HOME")
    candidate = str(Path(home, "bin", "java")) if home else "java"
    found = shutil.which(candidate, path=environment.get("PATH", ""))
    if found is None:
        where = f"JAVA_HOME={home}" if home else "the PATH"
        raise LocalServerError(f"Kafka needs Java {OLDEST_JAVA} or newer, and there is none on {where}")
    answer = subprocess.run([found, "-version"], capture_output=True, text=True, check=False, timeout=30)
    major = read_java_major(answer.stderr + answer.stdout)
    if major is None or major < OLDEST_JAVA:
        raise LocalServerError(f"Kafka needs Java {OLDEST_JAVA} or newer, {found} is {major or 'not a Java'}")
    return Path(found)


def read_java_major(banner: str) -> int | None:
    """Return the major version in what `java -version` prints; 1.8 is 8; None when there is none."""
    match = re.search(r'version "(\d+)(?:\.(\d+))?', banner)
    if match is None:
        return None
    first, second = int(match[1]), match[2]
    return int(second) if first == 1 and second else first
