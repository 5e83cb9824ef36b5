"""Left-closed bands of a number: 5万(含)—50万."""

from __future__ import annotations

from itertools import pairwise

from sqlglot import exp

from semantic_layer.compile.tokens import number, text
from semantic_layer.model import Band

WAN, YI = 10_000, 100_000_000


def band_labels(band: Band) -> tuple[str, ...]:
    """The names of the bands from low to high."""
    if band.labels:
        return band.labels
    edges = [spelled(edge) for edge in band.edges]
    middle = (f"{low}(含)—{high}" for low, high in pairwise(edges))
    return (f"{edges[0]}以下", *middle, f"{edges[-1]}及以上")


def band_case(band: Band, value: exp.Expression) -> exp.Expression:
    """The name of the band that a value lies in."""
    labels = band_labels(band)
    first = exp.Is(this=value, expression=exp.Null())
    cases = [exp.If(this=first, true=exp.Null())]
    for edge, label in zip(band.edges, labels, strict=False):
        below = exp.LT(this=value.copy(), expression=number(edge))
        cases.append(exp.If(this=below, true=text(label)))
    return exp.Case(ifs=cases, default=text(labels[-1]))


def spelled(edge: int | float) -> str:
    """A number in 万 and 亿."""
    for size, name in ((YI, "亿"), (WAN, "万")):
        if abs(edge) >= size:
            return f"{edge / size:g}{name}"
    return f"{edge:g}"
