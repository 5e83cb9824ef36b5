"""From a Chinese question to an honest answer.

>>> from assistant import Assistant
>>> assistant = Assistant.demo()                        # doctest: +SKIP
>>> assistant.ask("上个月各分行新增客户数是多少").headline  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.errors import ProjectError
    from assistant.project import Assistant

__all__ = ["Answer", "Assistant", "ProjectError"]

_HOMES = {
    "Answer": "assistant.answer",
    "Assistant": "assistant.project",
    "ProjectError": "assistant.errors",
}


def __getattr__(name: str) -> Any:
    """Parts of the package can be used without loading the whole of it."""
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
