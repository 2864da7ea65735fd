"""Free TCP ports on the loopback address."""

import socket
from contextlib import ExitStack

LOOPBACK = "127.0.0.1"


def choose_free_ports(count: int) -> tuple[int, ...]:
    """Return `count` different ports nobody listens on now; somebody else may still take one before it is used."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for candidate in sockets:
            candidate.bind((LOOPBACK, 0))
        return tuple(int(candidate.getsockname()[1]) for candidate in sockets)


def is_listening(port: int) -> bool:
    """Tell whether something accepts connections on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0
