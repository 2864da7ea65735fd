"""Run until somebody asks to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _signals_to_heed() -> list[signal.Signals]:
    """Leave a closed terminal unheeded under `nohup`, which has SIGHUP ignored."""
    hang_up_ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [number for number in _STOPPING if not (number is signal.SIGHUP and hang_up_ignored)]


async def run_until_signal(work: Coroutine[Any, Any, None]) -> int:
    """Run the work; Ctrl-C, SIGTERM or a closed terminal cancel it, and a second one changes nothing.

    Returns the exit code: 0 when the work ended by itself or was asked to stop.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    asked = False

    def stop() -> None:
        nonlocal asked
        if not asked:
            asked = True
            task.cancel()

    heeded = _signals_to_heed()
    for number in heeded:
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not asked:
            raise
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)
    return 0
