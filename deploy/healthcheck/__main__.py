"""Asks the service in this container whether it is alive: exit code 0 when `/healthz` answers 200, else 1."""

import os
import sys
from http.client import HTTPConnection, HTTPException

TIMEOUT_SECONDS = 4


def problem_of(port: int) -> str | None:
    """Return None when the service is alive, else what it answers. Never goes through a proxy."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        return f"no answer: {error}"
    finally:
        connection.close()
    return None if response.status == 200 else body


def main() -> int:
    """Check the port that PLANWATCH_HTTP_PORT names; docker keeps what is printed (`docker inspect`)."""
    problem = problem_of(int(os.environ["PLANWATCH_HTTP_PORT"]))
    if problem is not None:
        sys.stdout.write(problem + "\n")
    return 0 if problem is None else 1


if __name__ == "__main__":
    sys.exit(main())
