"""A suite on its way beside the page: watched, stopped, and kept when it is through."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import streamlit as st

from assistant import Assistant
from evals.kept import Head
from evals.runner import run_suite
from evals.store import RunStore
from evals.suite import Suite, SuiteError

State = Literal["running", "stopped", "failed", "done"]
STOPPED = "评测已停止,没有留下结果"
BROKEN = "评测程序出错,没有留下结果。请把服务日志交给管理员"


class _StoppedError(Exception):
    """The evaluator wanted no more."""


class EvalJob:
    """One run of one suite in a thread of its own."""

    def __init__(self, suite: Suite, assistant: Assistant, planner: str, user: str) -> None:
        self.suite = suite
        self.user = user
        self.total = len(suite.cases)
        self.done = 0
        self.state: State = "running"
        self.told = ""
        self.head: Head | None = None
        self._begun = time.monotonic()
        self._stop = threading.Event()
        work = threading.Thread(target=self._run, args=(assistant, planner), daemon=True)
        work.start()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._begun

    @property
    def is_stopping(self) -> bool:
        """Whether it ends with the question that is being answered."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ends it before the next question."""
        self._stop.set()

    def _run(self, assistant: Assistant, planner: str) -> None:
        at = datetime.now(UTC)
        try:
            run = run_suite(self.suite, assistant, planner, self._watch)
            store = RunStore.beside(assistant.state_file)
            self.head = store.keep(run, at, self.seconds, self.user)
            self.done, self.state = self.total, "done"
        except _StoppedError:
            self._end("stopped", STOPPED)
        except SuiteError as error:
            self._end("failed", str(error))
        except BaseException:
            self._end("failed", BROKEN)
            raise

    def _end(self, state: State, told: str) -> None:
        self.told, self.state = told, state

    def _watch(self, done: int) -> None:
        self.done = done
        if self._stop.is_set():
            raise _StoppedError


class Track:
    """At most one run at a time on a server: more would only wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job: EvalJob | None = None

    @property
    def running(self) -> EvalJob | None:
        """The run under way, whoever started it."""
        job = self._job
        return job if job and job.state == "running" else None

    def start(self, make: Callable[[], EvalJob]) -> EvalJob | None:
        """A new run; None while another one is under way."""
        with self._lock:
            if self.running:
                return None
            self._job = make()
            return self._job


def track_of(assistant: Assistant) -> Track:
    """The track that all readers of this server share."""
    return _track(str(assistant.folder))


@st.cache_resource(show_spinner=False)
def _track(folder: str) -> Track:
    return Track()
