"""走势, 分布: shapes that need buckets or a split."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.assemble.spans import days_of
from assistant.language.time import TimeToken
from semantic_layer.query import Everything, Grain, Span, TimeGroup

DAYS_SHOWN = 45


def trends(sketch: Sketch) -> None:
    """A trend is seen in time buckets that fit its period."""
    for at in sketch.indices("trend"):
        if sketch.word(at, "trend") == "ever":
            _from_the_beginning(sketch, at)
        sketch.own(at, "group_by", "趋势")
        sketch.trend = True
    for at in sketch.indices("spread"):
        if sketch.groups or any(sketch.dimension(i) for i in range(len(sketch.tokens))):
            sketch.own(at, "group_by", "分布")
    if sketch.trend and sketch.time_group is None:
        sketch.add_group(-1, TimeGroup(_grain(sketch)))


def _from_the_beginning(sketch: Sketch, at: int) -> None:
    """历史走势 goes back to the first data, unless a time is said."""
    if not sketch.times:
        text = sketch.label(at)
        token = sketch.tokens[at]
        time = TimeToken(token.start, token.end, text, "period", (Everything(),))
        sketch.times.append((at, time))


def _grain(sketch: Sketch) -> Grain:
    spans = [span for _, time in sketch.times for span in time.spans or ()]
    return "date" if spans and all(_is_short(span, sketch) for span in spans) else "month"


def _is_short(span: Span, sketch: Sketch) -> bool:
    days = days_of(span, sketch.as_of)
    return days is not None and (days.end - days.start).days < DAYS_SHOWN
