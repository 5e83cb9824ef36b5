"""Formulas may say {as_of}: the day of the question."""

from semantic_layer.model.today import AS_OF, with_today

__all__ = ["AS_OF", "with_today"]
