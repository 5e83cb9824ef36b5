"""The definitions and their government: read, checked, kept.

What reads and checks is imported when it is first named: definitions that were read before are
answered from without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from metrics.against_database import check_against
    from metrics.codes import CODES
    from metrics.finding import Finding
    from metrics.loader import Loaded, load
    from metrics.registry import DefinitionsError, Registry
    from metrics.schema import definitions_schema
    from metrics.today import with_today

__all__ = [
    "CODES", "DefinitionsError", "Finding", "Loaded", "Registry", "check_against",
    "definitions_schema", "load", "with_today",
]  # fmt: skip
_HOMES = {
    "CODES": "codes", "DefinitionsError": "registry", "Finding": "finding", "Loaded": "loader",
    "Registry": "registry", "check_against": "against_database", "definitions_schema": "schema",
    "load": "loader", "with_today": "today",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """A public name from the module that defines it."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'metrics' has no attribute {name!r}")
    return getattr(import_module(f"metrics.{home}"), name)
