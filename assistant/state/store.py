"""What the assistant remembers, as a protocol with values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from assistant.answer import Answer
from assistant.state.audit_trail import AuditTrail
from assistant.state.history import History
from semantic_layer.query import Query

Purpose = Literal["", "evaluation"]
"""Why somebody asked: nothing said is to know the answer."""


@dataclass(frozen=True, slots=True)
class OpenOption:
    """An option of the last clarification, waiting to be chosen."""

    id: int
    label: str
    query: Query
    word: str = ""
    """The ambiguous word that it settles, and …"""
    choice: str = ""
    """… the id it settles on."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a session stands before its next question."""

    user: str
    session: str
    turn: int = 0
    """Number of the last turn."""
    last_query: Query | None = None
    """The last answered query; a clarification leaves it in place."""
    earlier_query: Query | None = None
    """The last answered query that differs from it."""
    unread: str = ""
    """What was said last, when it was asked back or refused."""
    open_question: str = ""
    """The question that the open options belong to."""
    open_options: tuple[OpenOption, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    """Ambiguous word → id chosen, remembered for the session."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer, ready to be written down."""

    at: datetime
    answer: Answer
    """Complete but for its turn number, which the store gives."""
    manifest_hash: str
    query: Query | None = None
    """Becomes the conversation's last query; None leaves that as it is."""
    open_options: tuple[OpenOption, ...] = ()
    choice: tuple[str, str] | None = None
    """Word and id to remember from now on."""
    purpose: Purpose = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thinks of an answer."""

    at: datetime
    answer_id: str
    user: str
    verdict: Literal["right", "wrong"]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """An answer that left the page as a file."""

    at: datetime
    answer_id: str
    user: str
    file_format: Literal["csv", "xlsx", "png"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A definition file that was changed on the page."""

    at: datetime
    user: str
    file: str
    kind: Literal["metric", "dimension"]
    name: str
    """Which of the definitions in the file."""
    hash_before: str
    hash_after: str
    """Of the file; the manifests' are those of all definitions together."""
    manifest_before: str
    manifest_after: str
    diff: str


class Store(Protocol):
    """State that threads and processes share."""

    def conversation(self, user: str, session: str) -> Conversation:
        """Where the session stands; a new one when it was never heard of."""
        ...

    def record(self, turn: Turn) -> int | None:
        """Writes turn, audit row and conversation in one transaction; the turn's number."""
        ...

    def turns(self, user: str, session: str) -> tuple[Mapping[str, Any], ...]:
        """Past turns of a session, oldest first."""
        ...

    def keep_manifest(self, manifest_hash: str, sources: Mapping[str, str]) -> None:
        """Stores the definition files under the hash of their meaning, once."""
        ...

    def has_manifest(self, manifest_hash: str) -> bool:
        """Whether the definition files are already stored."""
        ...

    def manifest_sources(self, manifest_hash: str) -> Mapping[str, str] | None:
        """The definition files of that day."""
        ...

    def add_feedback(self, feedback: Feedback) -> None:
        """Stores an opinion about an answer."""
        ...

    def add_export(self, export: Export) -> None:
        """Writes to the audit trail that an answer was taken away as a file."""
        ...

    def add_edit(self, edit: Edit, publish: Callable[[], None]) -> None:
        """Writes to the audit trail that a definition was changed, and publishes it."""
        ...

    def edits(self, file: str) -> tuple[Mapping[str, Any], ...]:
        """The changes of a definition file, newest first."""
        ...

    def history(self, user: str) -> History:
        """What one user asked before."""
        ...

    def audit(self) -> AuditTrail:
        """What everybody asked, exported and changed."""
        ...

    def close(self) -> None:
        """Lets the file go."""
        ...

    def first_broken_audit_row(self) -> int | None:
        """Sequence number of the first audit row that does not fit the chain."""
        ...
