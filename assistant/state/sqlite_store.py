"""The store in one SQLite file, in WAL mode, shared by threads and processes."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from assistant.errors import AuditError
from assistant.json_text import json_text
from assistant.state.audit_trail import AuditTrail
from assistant.state.chain import (
    append_audit,
    audit_entry,
    edit_entry,
    export_entry,
    first_broken_row,
)
from assistant.state.history import LINE, SPOKEN_IN, History
from assistant.state.migrate import migrate
from assistant.state.store import Conversation, Edit, Export, Feedback, OpenOption, Turn
from semantic_layer.query import InvalidQueryError, query_from_json, to_json

T = TypeVar("T")
BUSY_TIMEOUT_MS = 10_000
FAILED = ("clarification", "refusal", "error")
LOOK_BACK = 20
"""How many turns back another question is looked for."""


class SqliteStore:
    """Conversations, turns, audit, feedback, choices and manifests in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = RLock()
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000
            )
            self._connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            migrate(self._connection)

    def close(self) -> None:
        """Releases the file."""
        with self._lock:
            self._connection.close()

    def conversation(self, user: str, session: str) -> Conversation:
        """Where the session stands; a new one when it was never heard of."""
        with self._told(), self._lock:
            row = self._connection.execute(
                "SELECT * FROM conversation WHERE user = ? AND session = ?", (user, session)
            ).fetchone()
            if row is None:
                return Conversation(user, session)
            named = {"user": user, "session": session}
            answered = self._connection.execute(_ANSWERED, named).fetchall()
            spoken = self._connection.execute(_SPOKEN, named).fetchone()
            choices = self._connection.execute(
                "SELECT word, choice FROM choice WHERE conversation = ? ORDER BY word", (row["id"],)
            ).fetchall()
        last = _query(row["last_query"])
        before = (_query(turn["query"]) for turn in answered)
        return Conversation(
            user=user,
            session=session,
            turn=row["turn"],
            last_query=last,
            unread=(spoken["question"] or "") if spoken and spoken["outcome"] in FAILED else "",
            earlier_query=next((query for query in before if query != last), None),
            open_question=row["open_question"],
            open_options=_options(row["open_options"]),
            choices=tuple((c["word"], c["choice"]) for c in choices),
        )

    def record(self, turn: Turn) -> int | None:
        """Writes turn, audit row and conversation in one transaction; the turn's number."""
        with self._told(), self._transaction() as connection:
            conversation, number = _advance(connection, turn)
            numbered = replace(turn.answer, turn=number)
            connection.execute(
                _INSERT_TURN, _turn_row(replace(turn, answer=numbered), conversation)
            )
            append_audit(
                connection, audit_entry(numbered, turn.at, turn.manifest_hash, turn.purpose)
            )
        return number

    def turns(self, user: str, session: str) -> tuple[Mapping[str, Any], ...]:
        """Past turns of a session, oldest first."""
        with self._told(), self._lock:
            rows = self._connection.execute(
                LINE + "SELECT t.* " + SPOKEN_IN + "ORDER BY t.turn",
                {"user": user, "session": session},
            ).fetchall()
        return tuple(dict(row) for row in rows)

    def keep_manifest(self, manifest_hash: str, sources: Mapping[str, str]) -> None:
        """Stores the definition files under the hash of their meaning, once."""
        packed = zlib.compress(json.dumps(dict(sources), ensure_ascii=False).encode())
        with self._told(), self._transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO manifest VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ'), ?)",
                (manifest_hash, packed),
            )

    def has_manifest(self, manifest_hash: str) -> bool:
        """Whether the definition files are already stored."""
        with self._told(), self._lock:
            found = self._connection.execute(
                "SELECT 1 FROM manifest WHERE hash = ?", (manifest_hash,)
            ).fetchone()
        return found is not None

    def manifest_sources(self, manifest_hash: str) -> Mapping[str, str] | None:
        """The definition files of that day."""
        with self._told(), self._lock:
            row = self._connection.execute(
                "SELECT sources FROM manifest WHERE hash = ?", (manifest_hash,)
            ).fetchone()
        return json.loads(zlib.decompress(row["sources"])) if row else None

    def add_feedback(self, feedback: Feedback) -> None:
        """Stores an opinion about an answer."""
        with self._told(), self._transaction() as connection:
            connection.execute(
                "INSERT INTO feedback (at, answer_id, user, verdict, comment) VALUES (?,?,?,?,?)",
                (
                    feedback.at.isoformat(timespec="milliseconds"),
                    feedback.answer_id,
                    feedback.user,
                    feedback.verdict,
                    feedback.comment,
                ),
            )

    def add_export(self, export: Export) -> None:
        """Writes to the audit trail that an answer was taken away as a file."""
        with self._told(), self._transaction() as connection:
            append_audit(connection, export_entry(export))

    def add_edit(self, edit: Edit, publish: Callable[[], None]) -> None:
        """Writes to the audit trail that a definition was changed, and publishes it."""
        with self._told(), self._transaction() as connection:
            append_audit(connection, edit_entry(edit))
            publish()

    def edits(self, file: str) -> tuple[Mapping[str, Any], ...]:
        """The changes of a definition file, newest first."""
        with self._told(), self._lock:
            rows = self._connection.execute(
                'SELECT entry FROM audit WHERE entry LIKE \'%"event":%"edit"%\''
                " AND entry ->> 'event' = 'edit' AND entry ->> 'file' = ? ORDER BY seq DESC",
                (file,),
            ).fetchall()
        return tuple(json.loads(row["entry"]) for row in rows)

    def history(self, user: str) -> History:
        """What one user asked before."""
        return History(self, user)

    def audit(self) -> AuditTrail:
        """What everybody asked, exported and changed."""
        return AuditTrail(self)

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work finds."""
        with self._told(), self._lock:
            return work(self._connection)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work comes back with, all of it written or nothing."""
        with self._told(), self._transaction() as connection:
            return work(connection)

    def first_broken_audit_row(self) -> int | None:
        """Sequence number of the first audit row that does not fit the chain."""
        with self._told(), self._lock:
            return first_broken_row(self._connection)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever SQLite or the disk says becomes one sentence."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise AuditError(
                f"会话与审计记录写不进状态库 {self._path}({error})。"
                "请检查文件夹是否可写、磁盘是否已满,或在 wenshu.toml 的 [state] path 换一个位置"
            ) from error


_ANSWERED = (
    f"{LINE} SELECT t.query {SPOKEN_IN} WHERE t.outcome = 'answer' AND t.query IS NOT NULL"
    f" ORDER BY t.turn DESC LIMIT {LOOK_BACK:d}"
)
_SPOKEN = f"{LINE} SELECT t.question, t.outcome {SPOKEN_IN} ORDER BY t.turn DESC LIMIT 1"
_INSERT_TURN = (
    "INSERT INTO turn VALUES (:answer_id, :conversation, :turn, :at, :user, :as_of, :question,"
    " :outcome, :code, :reading, :headline, :query, :resolved_query, :sql, :snapshot,"
    " :manifest_hash, :planner, :timings_ms, :message, :open_options)"
)


def _turn_row(turn: Turn, conversation: int | None) -> dict[str, Any]:
    answer = turn.answer
    return {
        "answer_id": answer.id,
        "conversation": conversation,
        "turn": answer.turn,
        "at": turn.at.isoformat(timespec="milliseconds"),
        "user": answer.user or "",
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "question": answer.question,
        "outcome": answer.outcome,
        "code": answer.code,
        "reading": answer.reading,
        "headline": answer.headline,
        "query": _json(answer.query),
        "resolved_query": _json(answer.resolved_query),
        "sql": answer.sql,
        "snapshot": answer.snapshot,
        "manifest_hash": turn.manifest_hash,
        "planner": answer.planner,
        "timings_ms": _json(answer.timings_ms),
        "message": answer.message,
        "open_options": _options_text(turn.open_options),
    }


def _advance(connection: sqlite3.Connection, turn: Turn) -> tuple[int | None, int | None]:
    """Moves the conversation on; its row id and the number of this turn."""
    answer, at = turn.answer, turn.at.isoformat(timespec="milliseconds")
    if answer.session is None:
        return None, None
    connection.execute(
        "INSERT OR IGNORE INTO conversation (user, session, started_at, purpose)"
        " VALUES (?, ?, ?, ?)",
        (answer.user or "", answer.session, at, turn.purpose),
    )
    row = connection.execute(
        "UPDATE conversation SET turn = turn + 1, last_query = coalesce(?, last_query),"
        " open_question = ?, open_options = ?, under_way = ''"
        " WHERE user = ? AND session = ? RETURNING id, turn",
        (
            _json(to_json(turn.query)) if turn.query else None,
            (answer.question or "") if turn.open_options else "",
            _options_text(turn.open_options),
            answer.user or "",
            answer.session,
        ),
    ).fetchone()
    if turn.choice:
        connection.execute(
            "INSERT OR REPLACE INTO choice VALUES (?, ?, ?, ?)", (row["id"], *turn.choice, at)
        )
    return int(row["id"]), int(row["turn"])


def _json(value: object) -> str | None:
    return None if value is None else json_text(value)


def _options_text(options: tuple[OpenOption, ...]) -> str:
    return json_text([_option_json(option) for option in options])


def _option_json(option: OpenOption) -> dict[str, Any]:
    return {
        "id": option.id,
        "label": option.label,
        "query": to_json(option.query),
        "word": option.word,
        "choice": option.choice,
    }


def _query(text: str | None) -> Any:
    """A stored query; one of an older version that no longer reads is forgotten."""
    try:
        return query_from_json(text) if text else None
    except InvalidQueryError:
        return None


def _options(text: str) -> tuple[OpenOption, ...]:
    stored = [(o, _query(json.dumps(o["query"]))) for o in json.loads(text)]
    return tuple(
        OpenOption(o["id"], o["label"], query, o["word"], o["choice"])
        for o, query in stored
        if query is not None
    )
