"""Errors of a replay.

ReplayError
├── NoScratchDatabaseError   a database to replay into may not be created
└── NotReadableError         the account may not read what the services keep
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
