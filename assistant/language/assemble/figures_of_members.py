"""理财占AUM的比例: a member before 占 that the whole does not know is its own figure."""

from __future__ import annotations

import re

from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.tokens import MetricName, plain
from semantic_layer.model import Aggregate
from semantic_layer.query import Arithmetic, MetricRef

HELD = "余额"


def figures_of_members(sketch: Sketch) -> None:
    """The member's balance over the metric behind 占, where neither is a part of the other."""
    for verb in sketch.indices("share"):
        if sketch.word(verb, "share") != "verb":
            continue
        part, whole = sketch.before(verb), sketch.after(verb, SOFT | {"scope"})
        if any("break" in args for args in sketch.args[part + 1 : verb]):
            continue  # 理财多少,占AUM多少
        bottom = sketch.metric(whole)
        top = _balance(sketch, part, bottom) if bottom else None
        if bottom is None or top is None:
            continue
        labels = [sketch.catalogue.metric(metric).label for metric in (top, bottom)]
        sketch.own(verb, "share", sketch.label(verb))
        sketch.own(part, "measures", f"分子 {labels[0]}")
        sketch.own(whole, "measures", f"分母 {labels[1]}")
        ratio = Arithmetic("/", MetricRef(top), MetricRef(bottom), "占".join(labels) + "的比例")
        sketch.measures.append((part, ratio))
        sketch.assume("measures", f"“{sketch.label(part)}”按{labels[0]}理解")


def _balance(sketch: Sketch, at: int, whole: str) -> str | None:
    """理财 → 理财保有量: the only balance called so, of the same kind as the whole."""
    if sketch.value(at) is None or any(sketch.metric(i) for i in range(at)):
        return None
    names = sketch.catalogue.lexicon.names.get(f"{sketch.label(at)}{HELD}", ())
    found = [name.metric for name in names if isinstance(name, MetricName)]
    if len(names) != 1 or len(found) != 1:
        return None
    one, other = sketch.catalogue.metric(found[0]), sketch.catalogue.metric(whole)
    stocks = {sketch.catalogue.is_stock(found[0]), sketch.catalogue.is_stock(whole)}
    alike = one.unit == other.unit and stocks == {True}
    apart = _tables(sketch, found[0]).isdisjoint(_tables(sketch, whole))
    return found[0] if alike and (apart or _of_other_rows(sketch, at, whole)) else None


def _of_other_rows(sketch: Sketch, at: int, whole: str) -> bool:
    """理财占存款: the whole counts other members of that dimension only, product_line = '存款'."""
    value = sketch.value(at)
    leaves = sketch.catalogue.leaves(whole)
    if value is None or len(leaves) != 1 or not isinstance(leaves[0].definition, Aggregate):
        return False
    dimension = sketch.catalogue.manifest.dimensions[plain(value.dimension)]
    told = re.escape(dimension.field.expr or dimension.name) + r" = '([^']*)'"
    kept = re.search(told, leaves[0].definition.filter or "")
    return kept is not None and kept[1] != str(value.value)


def _tables(sketch: Sketch, metric: str) -> set[str]:
    leaves = sketch.catalogue.leaves(metric)
    return {str(getattr(leaf.definition, "dataset", "")) for leaf in leaves}
