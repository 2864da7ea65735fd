"""Runs ingest: `python -m services.ingest`, configured by PLANWATCH_ variables."""

import os
import sys

import uvloop
from pydantic import ValidationError

from services.ingest.bootstrap import composed
from services.ingest.settings import Settings
from shared.adapters.logging import configure_logging
from shared.adapters.serving import serve
from shared.adapters.settings import UnknownSettingError


async def _run(settings: Settings) -> None:
    async with composed(settings) as (app, loops):
        await serve(app, loops, host=settings.http_host, port=settings.http_port)


def main() -> None:
    """Read the environment and serve until told to stop; a bad configuration is one line and exit code 2."""
    try:
        settings = Settings.load(os.environ, service="ingest")
    except (ValidationError, UnknownSettingError) as error:
        sys.stderr.write(f"ingest: {' '.join(str(error).split())}\n")
        sys.exit(2)
    configure_logging("ingest", level=settings.log_level)
    uvloop.run(_run(settings))


if __name__ == "__main__":
    main()
