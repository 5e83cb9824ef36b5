"""Canonical Chinese: strict text that says all of a query and is read back to it."""

from assistant.language.canonical.text import NotCanonicalError, canonical, read_canonical

__all__ = ["NotCanonicalError", "canonical", "read_canonical"]
