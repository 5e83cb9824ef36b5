"""What the global options say, for every verb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from assistant import Assistant

OutputFormat = Literal["text", "json", "csv", "sql"]
FORMATS: tuple[str, ...] = get_args(OutputFormat)


@dataclass(frozen=True)
class Invocation:
    """One command line."""

    project: str | None = None
    as_of: date | None = None
    user: str | None = None
    output: OutputFormat = "text"
    debug: bool = False

    @cached_property
    def assistant(self) -> Assistant:
        """The project's assistant, opened with its first use."""
        from assistant import Assistant

        return Assistant.open(self.project, debug=self.debug)
