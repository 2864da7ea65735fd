"""Alembic migrations: one PostgreSQL schema a service, and the least-privilege roles."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_FOLDER = Path(__file__).parent


def alembic_config(url: str) -> Config:
    """Return Alembic's configuration for this database (a `postgresql://` URL of an owner)."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Bring the database to the newest revision. Must not be called inside a running event loop."""
    command.upgrade(alembic_config(url), "head")
