"""From rows to an answer people can read: headline, chart, 口径 cards."""

from assistant.explain.card import DefinitionCard, definition_card
from assistant.explain.chart import ChartSpec, choose_chart
from assistant.explain.explanation import Explanation, explain
from assistant.explain.numbers import Display, cell_text, display_of
from assistant.explain.overlap import overlap_notice
from assistant.explain.place import total_label

__all__ = [
    "ChartSpec",
    "DefinitionCard",
    "Display",
    "Explanation",
    "cell_text",
    "choose_chart",
    "definition_card",
    "display_of",
    "explain",
    "overlap_notice",
    "total_label",
]
