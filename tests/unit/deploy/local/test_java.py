from pathlib import Path

import pytest

from deploy.local.errors import LocalServerError
from deploy.local.java import find_java, read_java_major


@pytest.mark.parametrize(
    ("banner", "major"),
    [
        pytest.param('openjdk version "17.0.15" 2025-04-15', 17, id="17"),
        pytest.param('openjdk version "21" 2023-09-19', 21, id="first release of 21"),
        pytest.param('java version "1.8.0_402"', 8, id="8 in the old form"),
        pytest.param("command not found", None, id="not a Java"),
    ],
)
def test_the_major_version_is_read(banner: str, major: int | None) -> None:
    assert read_java_major(banner) == major


def test_a_missing_java_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LocalServerError, match=r"^Kafka needs Java 17 or newer, and there is none on the PATH$"):
        find_java({"PATH": str(tmp_path)})


def test_java_home_comes_before_the_path(tmp_path: Path) -> None:
    with pytest.raises(LocalServerError, match="there is none on JAVA_HOME="):
        find_java({"PATH": "/usr/bin", "JAVA_HOME": str(tmp_path)})


def test_an_old_java_is_refused(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    with pytest.raises(LocalServerError, match=r"java is 11$"):
        find_java({"PATH": str(tmp_path)})
