"""From a resolved query to one SQL tree."""

from semantic_layer.compile.compile import Compiled, compile_query

__all__ = ["Compiled", "compile_query"]
