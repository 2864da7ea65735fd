"""Pid files that cannot be fooled: a pid counts only together with the time its process was born."""

import json
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """A process of this machine, told apart from a later one with the same pid."""

    pid: int
    born_at: float


def mark_process(pid: int) -> ProcessMark:
    """Return the mark of a process; raises psutil.NoSuchProcess when there is none."""
    return ProcessMark(pid, psutil.Process(pid).create_time())


def find_process(mark: ProcessMark) -> psutil.Process | None:
    """Return the marked process while it runs, None once it ended (a zombie has ended)."""
    try:
        process = psutil.Process(mark.pid)
        alive = abs(process.create_time() - mark.born_at) < 0.05 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return process if alive else None


def write_pid_file(path: Path, mark: ProcessMark) -> None:
    """Write the mark in one step, so that no reader sees half of it."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(json.dumps({"pid": mark.pid, "born_at": mark.born_at}), encoding="utf-8")
    draft.replace(path)


def find_pid_file(path: Path) -> ProcessMark | None:
    """Return what the file says, None when it is missing or unreadable: such a file is stale."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return ProcessMark(int(content["pid"]), float(content["born_at"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
