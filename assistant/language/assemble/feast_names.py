"""五一活动, 去年双十一营销活动: members called after a feast, not the days of the feast."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.language.assemble.sketch import Sketch
from assistant.language.time import TimeToken, feast_words
from assistant.language.tokens import DimensionName, ValueName, plain
from semantic_layer.query import Absolute, Condition, Holiday, Or, Relative, Span

WHILE = ("期间", "当天", "当日", "时")
"""五一活动期间 is a time again."""


def feast_names(sketch: Sketch) -> None:
    """A feast right before a dimension whose members are called after it narrows to them."""
    for at in range(len(sketch.tokens) - 1):
        time = sketch.find(at, TimeToken)
        feast = time.spans[0] if time and time.spans and len(time.spans) == 1 else None
        dimension = _dimension(sketch, at + 1)
        if time is None or dimension is None or not isinstance(feast, Holiday):
            continue
        if feast.side != "during" or time.text.endswith(WHILE) or _is_while(sketch, at + 2):
            continue
        words = _words_in_names(sketch, time.text, feast.name, plain(dimension))
        if words:
            _narrow(sketch, at, dimension, time, feast, words)


def _dimension(sketch: Sketch, at: int) -> str | None:
    """活动, or the beginning of a metric's name: 活动ROI."""
    if (named := sketch.dimension(at)) is not None or sketch.metric(at) is None:
        return named
    text, names = sketch.label(at), sketch.catalogue.lexicon.names
    beginnings = (names.get(text[:end], ()) for end in range(len(text) - 1, 1, -1))
    found = (n.dimension for known in beginnings for n in known if isinstance(n, DimensionName))
    return next(found, None)


def _is_while(sketch: Sketch, at: int) -> bool:
    return at < len(sketch.tokens) and sketch.label(at).startswith(WHILE)


def _words_in_names(sketch: Sketch, said: str, feast: str, dimension: str) -> tuple[str, ...]:
    """The word said, else the feast's other words, that stand in members' names."""
    members = [
        word
        for word, names in sketch.catalogue.lexicon.names.items()
        if any(isinstance(n, ValueName) and n.dimension == dimension for n in names)
    ]
    for words in feast_words(said, feast):
        found = tuple(word for word in words if any(word in member for member in members))
        if found:
            return found
    return ()


def _narrow(
    sketch: Sketch,
    at: int,
    dimension: str,
    time: TimeToken,
    feast: Holiday,
    words: tuple[str, ...],
) -> None:
    label = sketch.catalogue.dimension_label(dimension)
    shown = "、".join(f"“{word}”" for word in words)
    for place in (at, at + 1) if sketch.dimension(at + 1) else (at,):
        sketch.own(place, "where", f"{label}包含{shown}")
    conditions = tuple(Condition(dimension, "contains", (word,)) for word in words)
    sketch.where.append(conditions[0] if len(conditions) == 1 else Or(conditions))
    sketch.assume("where", f"“{time.text}”按名称含{shown}的{label}计")
    year = _year(feast)
    if year is not None:
        sketch.times.append((at, replace(time, spans=(year,), note=None)))


def _year(feast: Holiday) -> Span | None:
    """The year that was said; none leaves the metric's own habit."""
    if feast.year is not None:
        return Absolute(date(feast.year, 1, 1), date(feast.year, 12, 31))
    return Relative("year", feast.offset) if feast.offset else None
