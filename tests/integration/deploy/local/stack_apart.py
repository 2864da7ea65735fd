"""A stack of one fake service in a process of its own: `stack_apart.py DIRECTORY ready|starting`."""

import asyncio
import os
import sys
from pathlib import Path

from deploy.local.servers import Addresses
from deploy.local.stack import LocalStack
from deploy.local.supervisor import ServiceSpec
from deploy.local.until_signal import run_until_signal

_SERVING = Path(__file__).with_name("fake_service.py").read_text(encoding="utf-8")
_NEVER_READY = "import time; time.sleep(600)"
_SAYING_ITS_PID = "import os; print('pid', os.getpid(), flush=True)\n"


async def _nothing_to_prepare(_addresses: Addresses) -> None:
    return


async def _run(directory: Path, mode: str) -> None:
    program = _SAYING_ITS_PID + (_SERVING if mode == "ready" else _NEVER_READY)
    named = {"PLANWATCH_KAFKA_BOOTSTRAP_SERVERS": "kafka.example:9092", "PLANWATCH_DATABASE_URL": "postgresql://x"}
    stack = LocalStack(
        data_dir=directory,
        environment={**os.environ, **named},
        services=[ServiceSpec(name="fake", argv=(sys.executable, "-c", program))],
        prepare=_nothing_to_prepare,
        show=lambda line: print(line.removeprefix("fake | "), flush=True),  # noqa: T201  # its reader is a test
    )
    async with stack:
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(run_until_signal(_run(Path(sys.argv[1]), sys.argv[2]))))
