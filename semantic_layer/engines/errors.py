"""What can go wrong at the database, each with a code and one Chinese sentence.

EngineError
├── DatabaseError            the data cannot be opened
│   ├── DatabaseMissingError     no such file, or no Parquet file matches
│   ├── DatabaseLockedError      another program writes to it
│   ├── NotADatabaseError        some other kind of file
│   ├── DatabaseVersionError     written by a newer engine
│   ├── DatabaseCorruptError     a database, but damaged
│   └── DatabaseUnreadableError  a folder, or no permission
├── QueryTimeoutError
├── QueryCancelledError
├── QueryTooExpensiveError
├── QueryFailedError         the database refused the statement
└── EngineClosedError
"""

from __future__ import annotations

from typing import ClassVar, Literal

EngineErrorCode = Literal["engine", "timeout", "cancelled", "too_expensive"]


class EngineError(Exception):
    """A failure at the database; the text is one Chinese sentence for the user."""

    code: ClassVar[EngineErrorCode] = "engine"

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        """What the database itself said, for developers."""


class DatabaseError(EngineError):
    """The data cannot be opened or read."""


class DatabaseMissingError(DatabaseError):
    """There is no such database file."""


class DatabaseLockedError(DatabaseError):
    """Another program holds the database for writing."""


class NotADatabaseError(DatabaseError):
    """The file is not of this engine."""


class DatabaseVersionError(DatabaseError):
    """The file was written by a newer engine."""


class DatabaseCorruptError(DatabaseError):
    """The file is damaged."""


class DatabaseUnreadableError(DatabaseError):
    """The path is a folder, or may not be read."""


class QueryTimeoutError(EngineError):
    """The query ran or waited longer than allowed."""

    code: ClassVar[EngineErrorCode] = "timeout"


class QueryCancelledError(EngineError):
    """Somebody stopped the query."""

    code: ClassVar[EngineErrorCode] = "cancelled"


class QueryTooExpensiveError(EngineError):
    """The query would read more rows than allowed."""

    code: ClassVar[EngineErrorCode] = "too_expensive"


class QueryFailedError(EngineError):
    """The database refused the statement."""


class EngineClosedError(EngineError):
    """The engine was closed, or swapped for a newer one."""
