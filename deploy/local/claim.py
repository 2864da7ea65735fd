"""One process at a time works with a data directory."""

import fcntl
import os
from pathlib import Path
from typing import Self

from deploy.local.errors import LocalServerError


class Claim:
    """A lock on a directory that the kernel releases when its holder ends, however it ends."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._descriptor: int | None = None

    def acquire(self) -> Self:
        """Take the directory (made when missing); raises LocalServerError when another process has it."""
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            raise LocalServerError(
                f"{self._directory} cannot be written ({error.strerror}): it is not a directory of this user; remove it or start as its owner"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise LocalServerError(
                f"{self._directory} is in use: planwatch already runs here; stop that one first"
            ) from error
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        """Give the directory free."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
