"""口径维护: owners change definitions, see what becomes of the numbers, and save."""

from ui.page.editing.page import draw_editing

__all__ = ["draw_editing"]
