"""Everything a question needs on its way, fixed at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from assistant.question import Question
from assistant.reading import Reading
from assistant.reply import Reply
from assistant.retrieve import Index
from assistant.sight import Sight
from assistant.trail import Trail
from semantic_layer.principal import Principal
from semantic_layer.run import Running
from semantic_layer.snapshot import Snapshot


class Reader(Protocol):
    """Reads a question into a query, a patch or a problem."""

    def read(self, question: Question, snapshot: Snapshot) -> Reading:
        """What the question asks for."""
        ...


class Adviser(Protocol):
    """A model beside the reader."""

    def advise(self, reading: Reading, question: Question, context: Context) -> Reading:
        """The reading, or what a model made of the question."""
        ...


class Analyst(Protocol):
    """A model that answers open questions in steps."""

    def analyse(self, reading: Reading, question: Question, context: Context) -> Reply | None:
        """The answer in steps; None where the question is none of that kind."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """Definitions, data, reader, rights and limits of one question."""

    snapshot: Snapshot
    principal: Principal
    reader: Reader
    running: Running
    """Engine, guard, limits and the handle to cancel."""
    sight: Sight
    run_sql: bool = True
    """False: the SQL is shown, not run."""
    trail: Trail = field(default_factory=Trail)
    index: Index | None = None
    """Finds what a text may be about; None where no model is asked."""
    adviser: Adviser | None = None
    """None: the built-in reader alone."""
    analyst: Analyst | None = None
    """None: open questions are refused."""
