"""运维: data, definitions, connections, users, and what everybody did."""

from ui.page.operation.page import draw_operation

__all__ = ["draw_operation"]
