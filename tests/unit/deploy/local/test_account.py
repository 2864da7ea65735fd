import os
import pwd
from pathlib import Path

import pytest

from deploy.local.account import choose_account, is_reachable
from deploy.local.child import Account
from deploy.local.errors import LocalServerError


def _only_nobody(name: str) -> pwd.struct_passwd:
    if name != "nobody":
        raise KeyError(name)
    return pwd.struct_passwd(("nobody", "x", 65534, 65533, "", "/", "/bin/false"))


def test_an_ordinary_user_stays_who_they_are(tmp_path: Path) -> None:
    assert choose_account(tmp_path / "data", uid=1000) is None


def test_root_becomes_the_first_unprivileged_user_there_is(tmp_path: Path) -> None:
    account = choose_account(tmp_path / "data", uid=0, names=("postgres", "nobody"), find=_only_nobody)
    assert account == Account("nobody", 65534, 65533)


def test_root_without_any_such_user_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(LocalServerError, match="does not run as root"):
        choose_account(tmp_path / "data", uid=0, names=("postgres",), find=_only_nobody)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_root_becomes_the_owner_of_an_existing_data_directory(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    os.chown(tmp_path / "data", 4242, 4243)
    assert choose_account(tmp_path / "data", uid=0) == Account("4242", 4242, 4243)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_a_closed_parent_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    tmp_path.chmod(0o700)
    assert not is_reachable(tmp_path / "inner", Account("nobody", 65534, 65534))
