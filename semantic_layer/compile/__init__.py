"""From a resolved query to one SQL tree."""

from semantic_layer.compile.compile import Compiled, compile_query
from semantic_layer.compile.kept import compiled_once

__all__ = ["Compiled", "compile_query", "compiled_once"]
