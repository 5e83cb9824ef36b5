"""The audit trail: each row carries the hash of the one before."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from assistant.answer import Answer
from assistant.json_text import json_text
from assistant.state.store import Edit, Export, Purpose

GENESIS = "0" * 64


def audit_entry(answer: Answer, at: datetime, manifest_hash: str, purpose: Purpose = "") -> str:
    """Who asked what, how it was read, and what was run; never the rows."""
    return json_text(
        {
            "at": at.isoformat(timespec="milliseconds"),
            "answer_id": answer.id,
            "user": answer.user,
            "scope": answer.scope,
            "session": answer.session,
            "turn": answer.turn,
            "question": answer.question,
            "outcome": answer.outcome,
            "code": answer.code,
            "as_of": answer.as_of,
            "snapshot": answer.snapshot,
            "manifest": manifest_hash,
            "resolved_query": answer.resolved_query,
            "sql": answer.sql,
            "row_count": answer.row_count,
            **({"purpose": purpose} if purpose else {}),
        }
    )


def export_entry(export: Export) -> str:
    """Who took which answer away, in which format."""
    told = {"answer_id": export.answer_id, "format": export.file_format}
    return _event_entry("export", export.at, export.user, told)


def edit_entry(edit: Edit) -> str:
    """Who changed which definition, from what to what."""
    told = {
        "file": edit.file,
        edit.kind: edit.name,
        "hash_before": edit.hash_before,
        "hash_after": edit.hash_after,
        "manifest_before": edit.manifest_before,
        "manifest_after": edit.manifest_after,
        "diff": edit.diff,
    }
    return _event_entry("edit", edit.at, edit.user, told)


def _event_entry(event: str, at: datetime, user: str, told: Mapping[str, str]) -> str:
    """What is no answer names its event."""
    when = at.isoformat(timespec="milliseconds")
    return json_text({"at": when, "event": event, "user": user, **told})


def append_audit(connection: sqlite3.Connection, entry: str) -> None:
    """Adds a row inside the caller's transaction."""
    last = connection.execute("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    previous = last[0] if last else GENESIS
    connection.execute(
        "INSERT INTO audit (entry, previous_hash, hash) VALUES (?, ?, ?)",
        (entry, previous, link_hash(previous, entry)),
    )


def link_hash(previous: str, entry: str) -> str:
    """The hash of a row: over its entry and the hash before."""
    return hashlib.sha256(f"{previous}\n{entry}".encode()).hexdigest()


def first_broken_row(connection: sqlite3.Connection) -> int | None:
    """Number of the first row that was changed, or stands after a gap."""
    expected = GENESIS
    rows = connection.execute("SELECT seq, entry, previous_hash, hash FROM audit ORDER BY seq")
    for number, (seq, entry, previous, digest) in enumerate(rows, start=1):
        if (seq, previous, digest) != (number, expected, link_hash(expected, entry)):
            return int(seq)
        expected = digest
    return None
