"""指标目录: what there is to ask about, what it means and what it is computed from."""

from ui.page.catalogue.page import draw_catalogue

__all__ = ["draw_catalogue"]
