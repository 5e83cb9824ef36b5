"""The tea shop's index, its rights, and a little embeddings endpoint that writes down all it gets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from assistant import Assistant
from assistant.retrieve import Candidates, Index

Search = Callable[..., Candidates]


@pytest.fixture
def index_of() -> Iterator[Callable[[Assistant], Index]]:
    """The index of an assistant, with the database open as long as the test runs."""
    held = []

    def take(assistant: Assistant) -> Index:
        taken = assistant._keeper.take()
        world, _ = taken.__enter__()
        held.append(taken)
        return world.index

    yield take
    for taken in held:
        taken.__exit__(None, None, None)


@pytest.fixture
def search(index_of: Callable[[Assistant], Index]) -> Search:
    def find(assistant: Assistant, text: str, user: str | None = None, k: int = 5) -> Candidates:
        return index_of(assistant).search(text, assistant.settings.user(user), k)

    return find


class EmbeddingsServer:
    """Gives each text a vector of its characters; keeps every byte that arrives."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.status = 200
        self.location = ""
        """Where a redirect leads."""
        self.answer: Callable[[list[str]], object] = vectors
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.received.append(body)
                texts = json.loads(body)["input"]
                told = json.dumps(outer.answer(texts)).encode()
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                if outer.location:
                    self.send_header("Location", outer.location)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def vectors(texts: list[str]) -> object:
    rows = [
        [float(sum(ord(c) % 16 == place for c in text)) for place in range(16)] for text in texts
    ]
    data = [{"object": "embedding", "index": n, "embedding": row} for n, row in enumerate(rows)]
    return {"object": "list", "model": "stub", "data": data}


@pytest.fixture
def embeddings() -> Iterator[EmbeddingsServer]:
    server = EmbeddingsServer()
    yield server
    server.close()
