"""Conversations of the past: listed, searched, renamed, forgotten; and answers that are shared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from assistant.outcomes import AnswerCode

T = TypeVar("T")
MOST_LISTED = 50
MOST_IN_TITLE = 60
CONTINUED = "(续)"


@dataclass(frozen=True, slots=True)
class PastConversation:
    """One line of the list."""

    session: str
    title: str
    """As renamed, else its first question."""
    at: datetime
    """Of its last turn, in UTC."""
    turns: int
    under_way: str = ""
    """The question that was begun and has no answer."""


@dataclass(frozen=True, slots=True)
class PastTurn:
    """What was asked and how it was read; of the numbers nothing."""

    question: str | None
    code: AnswerCode
    message: str | None
    query: Mapping[str, Any] | None

    @property
    def is_answered(self) -> bool:
        """Whether there is a query to run again."""
        return self.code == "answered" and self.query is not None


class Ledger(Protocol):
    """The state file, whatever keeps it."""

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work finds."""
        ...

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work comes back with, all of it written or nothing."""
        ...


@dataclass(frozen=True, slots=True)
class History:
    """What one user asked before; nobody else's."""

    ledger: Ledger
    user: str

    def conversations(self, text: str = "") -> tuple[PastConversation, ...]:
        """Newest first; with a text only those whose title or questions hold it."""
        asked = {"user": self.user, "text": text.strip(), "most": MOST_LISTED}
        rows = self.ledger.read(lambda c: c.execute(_LIST, asked).fetchall())
        return tuple(map(_conversation, rows))

    def turns(self, session: str) -> tuple[PastTurn, ...]:
        """The turns of a conversation, oldest first."""
        named = {"user": self.user, "session": session}
        rows = self.ledger.read(lambda c: c.execute(_TURNS, named).fetchall())
        return tuple(map(_turn, rows))

    def begin(self, session: str, question: str, after: int = 0) -> None:
        """The question is under way until the turn following `after` is written down.

        Nothing is noted where that turn is there already: the answer may be faster than the note.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        values = {"user": self.user, "session": session, "at": at, "question": question,
                  "after": after}  # fmt: skip
        self.ledger.write(lambda c: c.execute(_BEGIN, values))

    def under_way(self, session: str) -> str:
        """The question of a conversation that was begun and has no answer; empty: none."""
        row = self.ledger.read(lambda c: c.execute(_UNDER_WAY, (self.user, session)).fetchone())
        return str(row["under_way"]) if row else ""

    def branch(self, session: str, turn: int, to: str) -> None:
        """Another conversation that goes on from a turn of this one as it stood then."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        values = {"user": self.user, "session": session, "turn": turn, "to": to, "at": at}
        self.ledger.write(lambda c: _branch(c, values))

    def rename(self, session: str, title: str) -> None:
        """Another title; an empty one brings the first question back."""
        values = (title.strip()[:MOST_IN_TITLE], self.user, session)
        self.ledger.write(lambda c: c.execute(_RENAME, values))

    def forget(self, session: str) -> None:
        """Gone from the list with its links; audit and single turns stay as evidence."""
        self.ledger.write(lambda c: _forget(c, self.user, session))

    def share(self, answer_id: str) -> bool:
        """Whether others may now open what was asked: only of one's own answers."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        return self.ledger.write(lambda c: _share(c, self.user, answer_id, at))

    def shared(self, answer_id: str) -> PastTurn | None:
        """The question and query that somebody shared; never what they saw."""
        row = self.ledger.read(lambda c: c.execute(_SHARED, (answer_id,)).fetchone())
        return _turn(row) if row else None


def _branch(connection: sqlite3.Connection, values: Mapping[str, Any]) -> None:
    """As the store left the conversation after that turn."""
    parent = connection.execute(_PARENT, values).fetchone()
    said = connection.execute(_SAID, values).fetchall()
    if parent is None or not said:
        return
    answered = [row["query"] for row in said if row["outcome"] == "answer" and row["query"]]
    last = said[-1]
    title = parent["title"] or next((row["question"] for row in said if row["question"]), "")
    waits = last["open_options"] != "[]"
    left = {
        "parent": parent["id"],
        "title": f"{title[: MOST_IN_TITLE - len(CONTINUED)]}{CONTINUED}",
        "last_query": answered[-1] if answered else None,
        "open_question": (last["question"] or "") if waits else "",
        "open_options": last["open_options"],
        "until": last["at"],
    }
    for statement in (_BRANCH, _CHOSEN):
        connection.execute(statement, {**values, **left})


def _forget(connection: sqlite3.Connection, user: str, session: str) -> None:
    row = connection.execute(
        "SELECT id FROM conversation WHERE user = ? AND session = ?", (user, session)
    ).fetchone()
    for statement in _FORGET if row else ():
        connection.execute(statement, (row["id"],))


def _share(connection: sqlite3.Connection, user: str, answer_id: str, at: str) -> bool:
    own = connection.execute(
        "SELECT 1 FROM turn WHERE answer_id = ? AND user = ? AND query IS NOT NULL",
        (answer_id, user),
    ).fetchone()
    if own:
        connection.execute("INSERT OR IGNORE INTO shared VALUES (?, ?, ?)", (answer_id, user, at))
    return own is not None


def _conversation(row: sqlite3.Row) -> PastConversation:
    at = datetime.fromisoformat(row["at"])
    title = row["title"][:MOST_IN_TITLE]
    return PastConversation(row["session"], title, at, row["turn"], row["under_way"])


def _turn(row: sqlite3.Row) -> PastTurn:
    query = json.loads(row["query"]) if row["query"] else None
    return PastTurn(row["question"], row["code"], row["message"], query)


_FORGET = (
    "DELETE FROM shared WHERE answer_id IN (SELECT answer_id FROM turn WHERE conversation = ?)",
    "UPDATE turn SET conversation = NULL WHERE conversation = ?",
    "DELETE FROM choice WHERE conversation = ?",
    "DELETE FROM conversation WHERE id = ?",
)
_BEGIN = """
INSERT INTO conversation (user, session, started_at, under_way)
VALUES (:user, :session, :at, :question)
ON CONFLICT (user, session) DO UPDATE SET under_way = :question WHERE turn = :after
"""
_UNDER_WAY = "SELECT under_way FROM conversation WHERE user = ? AND session = ?"
_RENAME = "UPDATE conversation SET title = ? WHERE user = ? AND session = ?"
LINE = """
WITH RECURSIVE line (id, upto) AS (
    SELECT id, turn FROM conversation WHERE user = :user AND session = :session
    UNION ALL
    SELECT c.parent, min(line.upto, c.parent_turn)
    FROM line JOIN conversation c ON c.id = line.id
    WHERE c.parent IS NOT NULL
)
"""
"""A conversation and those that it branched off from, each with its last turn that belongs here."""
SPOKEN_IN = "FROM line JOIN turn t ON t.conversation = line.id AND t.turn <= line.upto "
_TURNS = f"{LINE} SELECT t.question, t.code, t.message, t.query {SPOKEN_IN} ORDER BY t.turn"
_PARENT = "SELECT id, title FROM conversation WHERE user = :user AND session = :session"
_SAID = f"{LINE} SELECT t.* {SPOKEN_IN} WHERE t.turn <= :turn ORDER BY t.turn"
_BRANCH = """
INSERT INTO conversation (
    user, session, started_at, turn, parent, parent_turn, title, last_query, open_question,
    open_options
) VALUES (
    :user, :to, :at, :turn, :parent, :turn, :title, :last_query, :open_question, :open_options
)
"""
_CHOSEN = """
INSERT INTO choice (conversation, word, choice, at)
SELECT new.id, choice.word, choice.choice, choice.at
FROM choice JOIN conversation new ON new.user = :user AND new.session = :to
WHERE choice.conversation = :parent AND choice.at <= :until
"""
_SHARED = """
SELECT t.question, t.code, t.message, t.query
FROM turn t JOIN shared s ON s.answer_id = t.answer_id
WHERE s.answer_id = ?
"""
_LIST = """
SELECT session, title, turn, at, under_way FROM (
    SELECT
        c.session,
        c.turn,
        c.under_way,
        coalesce(
            nullif(c.title, ''),
            (SELECT t.question FROM turn t WHERE t.conversation = c.id AND t.question <> ''
             ORDER BY t.turn LIMIT 1),
            (SELECT t.reading FROM turn t WHERE t.conversation = c.id ORDER BY t.turn LIMIT 1),
            nullif(c.under_way, ''),
            c.session
        ) AS title,
        coalesce(
            (SELECT max(t.at) FROM turn t WHERE t.conversation = c.id),
            CASE WHEN c.under_way <> '' THEN c.started_at END
        ) AS at,
        c.id
    FROM conversation c
    WHERE c.user = :user AND c.purpose = ''
)
WHERE at IS NOT NULL AND (
    :text = ''
    OR instr(lower(title), lower(:text)) > 0
    OR EXISTS (
        SELECT 1 FROM turn t
        WHERE t.conversation = id AND instr(lower(t.question), lower(:text)) > 0
    )
)
ORDER BY at DESC
LIMIT :most
"""
