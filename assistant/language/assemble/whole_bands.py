"""60岁以上 where ages are told in bands only: the bands that lie within, if they end just there."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.number import ComparatorToken
from semantic_layer.compile.bands import band_labels
from semantic_layer.query import Condition

AGE = "年龄"


def whole_bands(sketch: Sketch, at: int, comparator: ComparatorToken) -> None:
    """The condition on the bands; where a limit cuts one of them, what can be asked instead."""
    banded = [
        dimension
        for dimension in sketch.catalogue.manifest.dimensions.values()
        if dimension.field.band and AGE in dimension.label
    ]
    if comparator.range.unit != "岁" or len(banded) != 1 or banded[0].field.band is None:
        return
    band, labels = banded[0].field.band, band_labels(banded[0].field.band)
    sketch.own(at, "where", comparator.text)
    low, high = 0, len(band.edges) + 1
    for op, value in comparator.range.limits:
        if value not in band.edges or op not in ("ge", "lt"):
            sketch.fault(
                "unattached_condition",
                f"{banded[0].label}只分段记录,“{comparator.text}”不在段的边界上;可以问"
                f"{'、'.join(labels)}。",
                comparator.text, "where",
            )  # fmt: skip
            return
        place = band.edges.index(int(value)) + 1
        low, high = (place, high) if op == "ge" else (low, place)
    sketch.where.append(Condition(banded[0].name, "in", labels[low:high]))
