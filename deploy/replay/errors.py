"""Errors of a replay.

ReplayError
├── NoScratchDatabaseError   a database to replay into may not be created
├── NotReadableError         the account may not read what the services keep
└── ShadowRefusedError       a shadow may not start, or not be forgotten
    ├── ShadowRunningError   one of this name runs
    └── NoSuchShadowError    none of this name was ever started
"""


class ReplayError(Exception):
    """A replay cannot be done here; the sentence says why."""


class NoScratchDatabaseError(ReplayError):
    """The account may not create databases."""

    def __init__(self) -> None:
        super().__init__(
            "该数据库账号无权新建数据库（CREATEDB）；请把 PLANWATCH_DATABASE_URL 设为管理员账号。"
            " The database account may not create databases; set PLANWATCH_DATABASE_URL to an administrator's."
        )


class NotReadableError(ReplayError):
    """The account may not read the services' schemas."""

    def __init__(self) -> None:
        super().__init__(
            "该数据库账号无权读取各服务的数据；请把 PLANWATCH_DATABASE_URL 设为管理员账号。"
            " The database account may not read the services' schemas; set PLANWATCH_DATABASE_URL to an administrator's."
        )


class ShadowRefusedError(ReplayError):
    """A shadow may not start, or not be forgotten."""


class ShadowRunningError(ShadowRefusedError):
    """A shadow of this name runs."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"影子“{name}”正在运行；请先停止它，或用 --name 另起一名。"
            f" A shadow named {name} is running; stop it first, or give another --name."
        )


class NoSuchShadowError(ShadowRefusedError):
    """No shadow of this name was ever started."""

    def __init__(self, name: str) -> None:
        super().__init__(f"没有名为“{name}”的影子。 No shadow is named {name}.")
