"""The definitions and their government: read, checked, kept."""

from metrics.finding import Finding
from metrics.loader import Loaded, load

__all__ = ["Finding", "Loaded", "load"]
