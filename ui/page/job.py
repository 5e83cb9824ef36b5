"""A question on its way: it runs beside the page, which can watch it and stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from assistant.answer import Answer
from assistant.trail import Event, OnEvent, Station
from semantic_layer.engines import CancelToken

Work = Callable[[OnEvent, CancelToken], Answer]


class Job:
    """One answer being worked out in a thread of its own."""

    def __init__(self, work: Work) -> None:
        self.station: Station = "understand"
        self._begun = time.monotonic()
        self._cancel = CancelToken()
        self._answer: Future[Answer] = Future()
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._begun

    @property
    def is_stopped(self) -> bool:
        """Whether the reader asked to stop; the answer then says so, as soon as it is there."""
        return self._cancel.is_cancelled

    def stop(self) -> None:
        """Cancels the query wherever it is."""
        self._cancel.cancel()

    def is_done_within(self, seconds: float) -> bool:
        """Waits at most so long for the answer."""
        done = threading.Event()
        self._answer.add_done_callback(lambda _: done.set())
        return done.wait(seconds)

    def answer(self) -> Answer:
        """The answer, waited for."""
        return self._answer.result()

    def _run(self, work: Work) -> None:
        try:
            self._answer.set_result(work(self._note, self._cancel))
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            self._answer.set_exception(error)

    def _note(self, event: Event) -> None:
        if not event.ended:
            self.station = event.station
