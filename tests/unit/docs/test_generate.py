"""The command `python -m docs.generate`: writes what is stale, or names it."""

from pathlib import Path

import pytest

from docs import generate


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose documents lie in a folder of its own."""
    monkeypatch.setattr(generate, "PROJECT_ROOT", tmp_path)
    monkeypatch.setattr(generate, "documents", lambda _root: iter([(Path("page.md"), "fresh\n")]))
    return tmp_path


def test_check_names_what_is_stale_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 1
    assert "page.md: stale" in capsys.readouterr().out
    assert not (project / "page.md").exists()


def test_what_was_written_is_not_stale(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main([]) == 0
    assert (project / "page.md").read_text(encoding="utf-8") == "fresh\n"
    capsys.readouterr()
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
