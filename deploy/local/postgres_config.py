"""How the local PostgreSQL is set up."""

from collections.abc import Mapping
from dataclasses import dataclass

SOCKET_NAME_LENGTH = len("/.s.PGSQL.65535.lock")
LONGEST_SOCKET_PATH = 107
SUPERUSER = "planwatch"
DATABASE = "planwatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSettings:
    """What differs between daily use and tests."""

    durable: bool = True
    """False lets a power cut, though not a killed server, destroy the data: only for tests."""
    max_connections: int = 200


def render_options(settings: PostgresSettings, *, port: int, socket_directory: str) -> list[str]:
    """Return the options of the `postgres` program."""
    options: dict[str, str | int] = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": socket_directory,
        "max_connections": settings.max_connections,
        "password_encryption": "scram-sha-256",
        "shared_buffers": "256MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "off",
        "log_line_prefix": "%m [%p] %d ",
    }
    if not settings.durable:
        options |= {"fsync": "off", "full_page_writes": "off"}  # commits still survive a killed server
    return [part for key, value in options.items() for part in ("-c", f"{key}={value}")]


def is_socket_path_short(directory: str) -> bool:
    """Tell whether a socket in the directory has a path the kernel can bind."""
    return len(directory.encode()) + SOCKET_NAME_LENGTH <= LONGEST_SOCKET_PATH


def postgres_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without PG* variables, which would change what the server does."""
    return {key: value for key, value in environment.items() if not key.startswith("PG")} | {"LC_ALL": "C", "TZ": "UTC"}
