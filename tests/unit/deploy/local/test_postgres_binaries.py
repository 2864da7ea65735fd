from pathlib import Path

from deploy.local.postgres_binaries import PostgresBinaries, choose_binaries, find_system_binaries, read_binaries


def _fake_server(folder: Path, banner: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).write_text(f"#!/bin/sh\necho '{banner}'\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def test_the_major_version_is_read(tmp_path: Path) -> None:
    folder = _fake_server(tmp_path / "bin", "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)")
    assert read_binaries(folder) == PostgresBinaries(folder, 15)


def test_client_programs_alone_are_no_server(tmp_path: Path) -> None:
    assert read_binaries(tmp_path) is None


def test_the_newest_is_taken_and_old_ones_are_not() -> None:
    old, good, newer = (PostgresBinaries(Path(str(major)), major) for major in (14, 15, 17))
    assert choose_binaries([good, newer, old]) == newer
    assert choose_binaries([old]) is None


def test_debians_folders_are_searched(tmp_path: Path) -> None:
    folder = _fake_server(tmp_path / "16" / "bin", "postgres (PostgreSQL) 16.1")
    assert find_system_binaries({"PATH": ""}, debian_folder=tmp_path) == PostgresBinaries(folder, 16)
