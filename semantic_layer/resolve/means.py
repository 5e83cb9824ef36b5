"""Means over months, quarters or years count whole ones only: 今年月均 is of 1—10月."""

from __future__ import annotations

from dataclasses import replace

from semantic_layer.problem import Problem
from semantic_layer.resolve.availability import UNIT_LABELS
from semantic_layer.resolve.labels import range_label
from semantic_layer.resolve.periods import Resolved
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.units import ONE_DAY, Days, last_unit_end, unit_of


def whole_units(resolved: Resolved, unit: str | None) -> Resolved:
    """The span without its unfinished first and last units, and a word about it."""
    span = resolved.span
    if unit is None or span.is_point:
        return resolved
    first = unit_of(unit, span.start)
    start = span.start if first.start == span.start else first.end + ONE_DAY
    end = last_unit_end(unit, span.end)
    if (start, end) == (span.start, span.end):
        return resolved
    label = UNIT_LABELS[unit]
    if end < start:
        message = f"{span.label}里没有完整的{label},不能算{label}均;请换成更长的期间。"
        raise RefusedError(Problem("incomplete_period", message, "scope.period"))
    kept = range_label(Days(start, end))
    warned = tuple(w for w in resolved.warnings if w[0] != "incomplete_period")
    text = f"{label}均只算完整的{label}:{kept}。"
    whole = replace(span, start=start, end=end, natural_end=end, complete=True, label=kept)
    return Resolved(whole, (*warned, ("whole_units", text)), resolved.raw)
