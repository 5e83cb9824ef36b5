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
LARGEST_PACKED = 50_000
"""Of a response that comes compressed though nobody asked: unpacked it may be 1,000 times that."""
_call = threading.local()


def read_until(deadline: float) -> None:
    """Sets the deadline (monotonic clock) of calls in this thread."""
    _call.deadline = deadline


def http_client(largest: int = LARGEST) -> httpx2.Client:
    """A client whose responses obey `read_until`; it follows nobody to another server."""
    import httpx2

    class Watched(httpx2.SyncByteStream):
        def __init__(self, stream: httpx2.SyncByteStream, most: int) -> None:
            self._stream = stream
            self._most = most

        def __iter__(self) -> Iterator[bytes]:
            read = 0
            for chunk in self._stream:
                read += len(chunk)
                if time.monotonic() > getattr(_call, "deadline", float("inf")):
                    raise httpx2.ReadTimeout("the whole response took too long")
                if read > self._most:
                    raise httpx2.ReadError("the response is too large")
                yield chunk

        def close(self) -> None:
            self._stream.close()

    def watch(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            is_packed = response.headers.get("content-encoding", "identity") != "identity"
            most = LARGEST_PACKED if is_packed else largest
            response.stream = Watched(response.stream, most)

    return httpx2.Client(
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [watch]},
        follow_redirects=False,
    )
