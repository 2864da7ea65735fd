from pathlib import Path

from deploy.local.excerpts import last_line, read_from, size_of


def test_only_what_was_written_since_is_read(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("yesterday's error\n", encoding="utf-8")
    seen = size_of(log)
    with log.open("a", encoding="utf-8") as file:
        file.write("today's\n\n")
    assert last_line(read_from(log, seen)) == "today's"


def test_a_rolled_log_is_read_from_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_text("new\n", encoding="utf-8")
    assert read_from(tmp_path / "x.log", 10_000) == "new\n"


def test_a_missing_log_says_nothing(tmp_path: Path) -> None:
    assert last_line(read_from(tmp_path / "x.log", 0)) == "it said nothing"
