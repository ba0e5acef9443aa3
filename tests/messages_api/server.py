from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

from tests.messages_api.steps import Fails, Step


@dataclass(frozen=True, slots=True)
class Received:
    """A request as the server got it. `key` is never shown."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    key: str = field(repr=False)


class MessagesApi(ThreadingHTTPServer):
    """The server, at `url`. `requests` are those received so far."""

    daemon_threads = False  # so that closing waits for what is still being answered

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Received] = []
        self.over = Event()
        self._steps: list[Step] = []
        self._lock = Lock()
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def script(self, *steps: Step) -> None:
        """Answer the next requests by these steps."""
        self._steps.extend(steps)

    def receive(self, request: Received) -> Step:
        """Note a request, and return the step that answers it."""
        with self._lock:
            self.requests.append(request)
            return self._steps.pop(0) if self._steps else Fails(418, "the script is at its end")

    def __enter__(self) -> MessagesApi:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: MessagesApi

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        key = headers.pop("authorization", "").removeprefix("Bearer ") or headers.pop("x-api-key")
        body = json.loads(self.rfile.read(length) or b"{}")
        step = self.server.receive(Received(self.path, headers, body, key))
        with suppress(ConnectionError):  # a client that was stopped listens no more
            step.answer(self, body)
        self.close_connection = True

    do_GET = do_POST  # noqa: N815 - the name that the library looks for

    def begin(self, status: int, headers: dict[str, str]) -> None:
        """Send the head of an answer that comes in chunks."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("transfer-encoding", "chunked")
        self.send_header("connection", "close")
        self.end_headers()

    def chunk(self, content: bytes) -> None:
        """Send a chunk; an empty one ends the answer."""
        self.wfile.write(b"%x\r\n%b\r\n" % (len(content), content))

    def wait(self) -> None:
        """Stay silent until the test is over."""
        self.server.over.wait()

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""
