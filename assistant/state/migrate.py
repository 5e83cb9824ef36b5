"""Numbered migrations: NNNN_name.sql, applied once, each in its own transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.resources import files

from assistant.errors import AuditError


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the state file to the newest layout; several processes may try at once."""
    migrations = sorted(
        (f for f in files("assistant.state").joinpath("migrations").iterdir()),
        key=lambda f: f.name,
    )
    scripts = {int(f.name[:4]): f for f in migrations if f.name.endswith(".sql")}
    if _version(connection) == max(scripts):
        return
    if _version(connection) > max(scripts):
        raise AuditError("状态库由更新版本的问数写成,请升级程序,或在 [state] path 换一个文件")
    for number, script in scripts.items():
        _apply(connection, number, script.read_text(encoding="utf-8"))


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) < number:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number:d}")
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """Statements one by one; a trigger's body holds semicolons of its own."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
