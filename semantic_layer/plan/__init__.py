"""The relational plan between a resolved query and its SQL."""

from semantic_layer.plan.build import build_plan

__all__ = ["build_plan"]
