"""From rows to an answer people can read: headline, chart, 口径 cards."""

from assistant.explain.assumed import said_once
from assistant.explain.card import DefinitionCard, definition_card
from assistant.explain.chart import ChartSpec, choose_chart, drawn_as
from assistant.explain.chart_fits import TYPE_NAMES, fitting_types
from assistant.explain.explanation import Explanation, explain
from assistant.explain.numbers import Display, cell_text, display_of
from assistant.explain.overlap import overlap_notice
from assistant.explain.place import total_label
from assistant.explain.whole_share import totals_with_shares

__all__ = [
    "TYPE_NAMES",
    "ChartSpec",
    "DefinitionCard",
    "Display",
    "Explanation",
    "cell_text",
    "choose_chart",
    "definition_card",
    "display_of",
    "drawn_as",
    "explain",
    "fitting_types",
    "overlap_notice",
    "said_once",
    "total_label",
    "totals_with_shares",
]
