"""The definitions and their government: read, checked, kept."""

from metrics.against_database import check_against
from metrics.codes import CODES
from metrics.finding import Finding
from metrics.lint import lint
from metrics.loader import Loaded, load
from metrics.registry import DefinitionsError, Registry
from metrics.schema import definitions_schema
from metrics.today import with_today

__all__ = [
    "CODES", "DefinitionsError", "Finding", "Loaded", "Registry", "check_against",
    "definitions_schema", "lint", "load",
    "with_today",
]  # fmt: skip
