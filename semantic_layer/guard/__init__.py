"""The guard: an allow-list over the syntax tree, never keyword matching."""

from semantic_layer.guard.allowed import AllowedTables, allowed_tables
from semantic_layer.guard.check import check, check_sql
from semantic_layer.guard.unsafe import UnsafeCode, UnsafeSQL

__all__ = [
    "AllowedTables", "UnsafeCode", "UnsafeSQL", "allowed_tables", "check", "check_sql",
]  # fmt: skip
