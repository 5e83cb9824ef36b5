"""The connection: a response is read until the deadline and up to a size, however it drips."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2

LARGEST = 2_000_000
"""Bytes of a response; a draft has a few thousand."""
_call = threading.local()


def read_until(deadline: float) -> None:
    """Sets the deadline (monotonic clock) of calls in this thread."""
    _call.deadline = deadline


def http_client() -> httpx2.Client:
    """A client whose responses obey `read_until`."""
    import httpx2

    class Watched(httpx2.SyncByteStream):
        def __init__(self, stream: httpx2.SyncByteStream) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            read = 0
            for chunk in self._stream:
                read += len(chunk)
                if time.monotonic() > getattr(_call, "deadline", float("inf")):
                    raise httpx2.ReadTimeout("the whole response took too long")
                if read > LARGEST:
                    raise httpx2.ReadError("the response is too large")
                yield chunk

        def close(self) -> None:
            self._stream.close()

    def watch(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = Watched(response.stream)

    return httpx2.Client(event_hooks={"response": [watch]}, follow_redirects=False)
