"""Calls that no third party watches, whatever the process around us has switched on."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextvars import Context
from typing import TypeVar

Result = TypeVar("Result")
FIRST_VERSION = ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER")
"""Switches of a tracing that LangChain has no more: it refuses to run where one of them is on."""


def untraced(call: Callable[[], Result]) -> Result:
    """What the call gives, in a context of its own in which tracing is off.

    Switches of the environment would not do: LangSmith looks at them once and remembers.
    """
    for name in FIRST_VERSION:
        os.environ[name] = "false"
    from langsmith import tracing_context

    def work() -> Result:
        with tracing_context(enabled=False, parent=False):
            return call()

    return Context().run(work)
