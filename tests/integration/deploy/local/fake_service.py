"""A tiny program in a service's place: it answers 200 on /readyz, and ends as the path it is asked for says."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/exit/"):
            os._exit(int(self.path.rpartition("/")[2]))
        body = json.dumps({"pid": os.getpid(), "extra": os.environ.get("PLANWATCH_EXTRA")}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # named by the base class
        sys.stdout.write(json.dumps({"event": "asked", "path": self.path}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    HTTPServer((os.environ["PLANWATCH_HTTP_HOST"], int(os.environ["PLANWATCH_HTTP_PORT"])), _Handler).serve_forever()
