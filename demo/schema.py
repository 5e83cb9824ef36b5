"""The schema folder read once: statements, and the notes that become comments in the database.

Names are contract: add, never rename. Amounts are 元 in DECIMAL(18,2), rates are fractions in
DECIMAL(9,6), flags are 1 or 0. The note after each table and column becomes its comment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

TABLE: Final = re.compile(r"CREATE TABLE (\w+) \( -- (.+)")
COLUMN: Final = re.compile(r"    (\w+) [\w(), ]+? -- (.+)")


@dataclass(frozen=True, slots=True)
class Note:
    """What a table, or a column of it, holds."""

    table: str
    column: str | None
    text: str


@cache
def schema_sql() -> str:
    """The CREATE TABLE statements of all subjects, in the order of their file names."""
    folder = files("demo").joinpath("schema")
    parts = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda e: e.name
    )
    return "\n".join(entry.read_text(encoding="utf-8") for entry in parts)


def table_names() -> list[str]:
    """The tables in the order of the files."""
    return [note.table for note in notes() if note.column is None]


def notes() -> Iterator[Note]:
    """All notes, tables before their columns."""
    table = ""
    for line in schema_sql().splitlines():
        if found := TABLE.match(line):
            table = found[1]
            yield Note(table, None, found[2])
        elif found := COLUMN.match(line):
            yield Note(table, found[1], found[2])


def comment_statements() -> Iterator[str]:
    """COMMENT ON statements for every table and column."""
    for note in notes():
        text = note.text.replace("'", "''")
        target = f"COLUMN {note.table}.{note.column}" if note.column else f"TABLE {note.table}"
        yield f"COMMENT ON {target} IS '{text}'"
