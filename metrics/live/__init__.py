"""Definitions held against the rows: what is wrong with the data, or with what we say of it."""

from metrics.live.finding import CODES, LEVEL_NAMES, LiveFinding
from metrics.live.validate import LiveReport, validate_live

__all__ = ["CODES", "LEVEL_NAMES", "LiveFinding", "LiveReport", "validate_live"]
