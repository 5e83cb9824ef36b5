"""From a symbolic query to one that can be compiled, or a Problem that says why not."""

from semantic_layer.resolve.closure import metric_closure
from semantic_layer.resolve.kept import resolved_once
from semantic_layer.resolve.resolve import resolve

__all__ = ["metric_closure", "resolve", "resolved_once"]
