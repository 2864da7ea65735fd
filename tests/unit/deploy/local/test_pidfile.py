import os
from pathlib import Path

import pytest

from deploy.local.pidfile import ProcessMark, find_pid_file, find_process, mark_process, write_pid_file


def test_a_written_mark_is_read_again(tmp_path: Path) -> None:
    mark = mark_process(os.getpid())
    write_pid_file(tmp_path / "x.pid", mark)
    assert find_pid_file(tmp_path / "x.pid") == mark


@pytest.mark.parametrize("content", ["", "123", "{}", '{"pid": "x", "born_at": 1}', "[]", "\x00"])
def test_an_unreadable_pid_file_is_stale(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.pid").write_text(content, encoding="utf-8")
    assert find_pid_file(tmp_path / "x.pid") is None


def test_a_missing_pid_file_is_stale(tmp_path: Path) -> None:
    assert find_pid_file(tmp_path / "x.pid") is None


def test_a_running_process_is_found() -> None:
    assert find_process(mark_process(os.getpid())) is not None


def test_a_later_process_with_the_same_pid_is_not_taken_for_the_marked_one() -> None:
    mark = mark_process(os.getpid())
    assert find_process(ProcessMark(mark.pid, mark.born_at - 60)) is None
