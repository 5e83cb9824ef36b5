"""Sums made beforehand: what is stored, how it is built, when it answers instead of the rows."""

from semantic_layer.rollups.layout import Measure, RollupTable, Unstored, layouts
from semantic_layer.rollups.serve import with_rollups
from semantic_layer.rollups.stored import CATALOG, INFO, Facts, Stored

__all__ = [
    "CATALOG", "INFO", "Facts", "Measure", "RollupTable", "Stored", "Unstored", "layouts",
    "with_rollups",
]  # fmt: skip
