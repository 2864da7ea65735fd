"""Under which account PostgreSQL runs: it refuses to be root."""

import os
import pwd
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from deploy.local.child import Account
from deploy.local.errors import LocalServerError

_CANDIDATES = ("postgres", "nobody")


def choose_account(
    data: Path, *, uid: int, names: Iterable[str] = _CANDIDATES, find: Callable[[str], pwd.struct_passwd] = pwd.getpwnam
) -> Account | None:
    """Return the account to switch to, None to stay; root takes the data directory's owner or an unprivileged user."""
    if uid != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(str(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in names:
        try:
            entry = find(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise LocalServerError(
        f"PostgreSQL does not run as root, and this machine has none of the users {', '.join(names)}"
    )


def is_reachable(path: Path, account: Account | None) -> bool:
    """Tell whether the account may walk down to the directory and look into it."""
    if account is None:
        return os.access(path, os.X_OK)
    probe = ["test", "-x", str(path)]
    answer = subprocess.run(probe, user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False)
    return answer.returncode == 0


def hand_over(path: Path, account: Account | None) -> None:
    """Make the account the owner of one directory or file."""
    if account is not None:
        os.chown(path, account.uid, account.gid)
