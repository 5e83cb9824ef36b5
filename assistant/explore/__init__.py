"""What a reader may do with an answer by clicking: every choice is a change that works."""

from assistant.explore.choice import Chip, Choice, Section
from assistant.explore.explorer import Explorer

__all__ = ["Chip", "Choice", "Explorer", "Section"]
