"""Runs rules: `python -m services.rules`."""

import os
import sys

import uvloop
from pydantic import ValidationError

from services.rules.bootstrap import composed
from services.rules.domain.errors import UnsupportedPlanError
from services.rules.settings import RulesSettings
from shared.adapters.logging import configure_logging
from shared.adapters.serving import serve
from shared.adapters.settings import PREFIX, UnknownSettingError
from shared.plans.findings import PlanFileError
from shared.reference.errors import ReferenceDataError

BAD_CONFIGURATION = 2


async def _run(settings: RulesSettings) -> None:
    async with composed(settings) as (app, loops):
        await serve(app, loops, host=settings.http_host, port=settings.http_port)


def _faults(error: ValidationError) -> str:
    return "; ".join(
        f"{PREFIX}{'.'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False)
    )


def main() -> int:
    """Read the environment and serve; a bad configuration or plan file ends with one line and exit code 2."""
    try:
        settings = RulesSettings.load(os.environ, service="rules")
    except ValidationError as error:
        return _refused(_faults(error))
    except UnknownSettingError as error:
        return _refused(str(error))
    configure_logging("rules", level=settings.log_level)
    try:
        uvloop.run(_run(settings))
    except (PlanFileError, UnsupportedPlanError, ReferenceDataError) as error:
        return _refused(str(error))
    return 0


def _refused(reason: str) -> int:
    sys.stderr.write(f"rules: {reason}\n")
    return BAD_CONFIGURATION


if __name__ == "__main__":
    sys.exit(main())
