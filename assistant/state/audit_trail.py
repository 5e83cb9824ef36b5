"""The audit trail to read: filtered, newest first, a page at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from assistant.state.history import Ledger

AT_ONCE = 50
Source = Literal["", "people", "evaluation"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; what is empty lets all through."""

    user: str = ""
    what: str = ""
    """An outcome (answer, refusal …) or an event (export, edit)."""
    text: str = ""
    """In the question, the SQL, a code or an id."""
    since: datetime | None = None
    before: datetime | None = None
    source: Source = ""
    """What people asked, or only what an evaluation asked for them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the trail."""

    seq: int
    at: datetime
    what: str
    user: str
    told: Mapping[str, Any]
    """As it was written."""
    hash: str

    @property
    def is_evaluation(self) -> bool:
        """Whether nobody wanted to know: a case of a suite was asked."""
        return self.told.get("purpose") == "evaluation"

    @property
    def answer_id(self) -> str:
        """Of the answer it is about; empty when it is about none."""
        return str(self.told.get("answer_id") or "")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer as it was written down, with what the trail itself leaves out."""

    entry: Entry
    headline: str | None
    manifest_hash: str


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """What was asked, exported and changed, by everybody."""

    ledger: Ledger

    def entries(self, wanted: Wanted, most: int = AT_ONCE, skip: int = 0) -> tuple[Entry, ...]:
        """The entries of one page, newest first."""
        values = {**_values(wanted), "most": most, "skip": skip}
        rows = self.ledger.read(lambda c: c.execute(_ENTRIES, values).fetchall())
        return tuple(map(_entry, rows))

    def count(self, wanted: Wanted) -> int:
        """How many there are on all pages."""
        values = _values(wanted)
        return int(self.ledger.read(lambda c: c.execute(_COUNT, values).fetchone()[0]))

    def users(self) -> tuple[str, ...]:
        """Everybody who is in the trail."""
        rows = self.ledger.read(lambda c: c.execute(_USERS).fetchall())
        return tuple(str(row[0]) for row in rows)

    def recorded(self, answer_id: str) -> Recorded | None:
        """What was written down of an answer; None when there is no such answer."""
        entry = self.ledger.read(lambda c: c.execute(_ANSWER, (answer_id,)).fetchone())
        turn = self.ledger.read(lambda c: c.execute(_TURN, (answer_id,)).fetchone())
        if entry is None:
            return None
        found = _entry(entry)
        headline = turn["headline"] if turn else None
        return Recorded(found, headline, str(found.told.get("manifest") or ""))

    def questions(self, answer_ids: Iterable[str]) -> Mapping[str, str]:
        """What was asked, by the id of the answer."""
        ids = tuple(answer_ids)
        rows = self.ledger.read(lambda c: c.execute(_QUESTIONS, (json.dumps(ids),)).fetchall())
        return {str(row["answer_id"]): str(row["asked"]) for row in rows}

    def in_force_since(self, manifest_hash: str) -> datetime | None:
        """When these definitions were first answered with."""
        row = self.ledger.read(lambda c: c.execute(_SINCE, (manifest_hash,)).fetchone())
        return datetime.fromisoformat(row["at"]) if row else None


def _values(wanted: Wanted) -> dict[str, str]:
    return {
        "user": wanted.user,
        "what": wanted.what,
        "text": wanted.text.strip().lower(),
        "since": _moment(wanted.since),
        "before": _moment(wanted.before),
        "source": wanted.source,
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else ""


def _entry(row: sqlite3.Row) -> Entry:
    told = json.loads(row["entry"], parse_float=Decimal)
    what = str(told.get("event") or told.get("outcome") or "")
    at = datetime.fromisoformat(told["at"])
    return Entry(row["seq"], at, what, str(told.get("user") or ""), told, row["hash"])


_WHERE = """
FROM audit
WHERE (:user = '' OR entry ->> 'user' = :user)
AND (:what = '' OR coalesce(entry ->> 'event', entry ->> 'outcome') = :what)
AND (:since = '' OR entry ->> 'at' >= :since)
AND (:before = '' OR entry ->> 'at' < :before)
AND (:source = '' OR (coalesce(entry ->> 'purpose', '') = 'evaluation') = (:source = 'evaluation'))
AND (:text = '' OR instr(lower(
    coalesce(entry ->> 'question', '') || char(10) || coalesce(entry ->> 'sql', '') || char(10)
    || coalesce(entry ->> 'code', '') || char(10) || coalesce(entry ->> 'answer_id', '')
    || char(10) || coalesce(entry ->> 'metric', entry ->> 'dimension', '') || char(10)
    || coalesce(entry ->> 'file', '')
), :text) > 0)
"""
_ENTRIES = "SELECT seq, entry, hash" + _WHERE + "ORDER BY seq DESC LIMIT :most OFFSET :skip"
_COUNT = "SELECT count(*)" + _WHERE
_USERS = """
SELECT DISTINCT entry ->> 'user' AS user FROM audit
WHERE coalesce(entry ->> 'user', '') <> '' ORDER BY user
"""
_ANSWER = """
SELECT seq, entry, hash FROM audit
WHERE entry ->> 'answer_id' = ? AND entry ->> 'outcome' IS NOT NULL
"""
_TURN = "SELECT headline FROM turn WHERE answer_id = ?"
_QUESTIONS = """
SELECT answer_id, coalesce(question, reading, '') AS asked FROM turn
WHERE answer_id IN (SELECT value FROM json_each(?))
"""
_SINCE = "SELECT at FROM manifest WHERE hash = ?"
