"""评测: how often the answers are right, what is wrong, and what changed since."""

from ui.page.evaluation.page import draw_evaluation

__all__ = ["draw_evaluation"]
