"""Databases behind one protocol: a tree goes in, rows come out, within limits."""

from semantic_layer.engines.cancel import CancelToken
from semantic_layer.engines.duckdb_engine import DuckDBEngine
from semantic_layer.engines.errors import (
    DatabaseCorruptError,
    DatabaseError,
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseUnreadableError,
    DatabaseVersionError,
    EngineClosedError,
    EngineError,
    EngineErrorCode,
    NotADatabaseError,
    QueryCancelledError,
    QueryFailedError,
    QueryTimeoutError,
    QueryTooExpensiveError,
)
from semantic_layer.engines.protocol import Capability, Engine, Limits, Schema, Table

__all__ = [
    "CancelToken", "Capability", "DatabaseCorruptError", "DatabaseError",
    "DatabaseLockedError", "DatabaseMissingError", "DatabaseUnreadableError",
    "DatabaseVersionError", "DuckDBEngine", "Engine", "EngineClosedError", "EngineError",
    "EngineErrorCode", "Limits", "NotADatabaseError", "QueryCancelledError",
    "QueryFailedError", "QueryTimeoutError", "QueryTooExpensiveError", "Schema", "Table",
]  # fmt: skip
