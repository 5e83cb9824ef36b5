"""女性持有人占比: people called by what they are to a table are those of its own figures only."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.normalise import normalise_name
from semantic_layer.model import Aggregate, Metric


def called_by_role(sketch: Sketch) -> None:
    """投诉人的保有量 is of those who complained, which nothing here says."""
    for at, token in enumerate(sketch.tokens):
        if token.text not in sketch.catalogue.lexicon.roles or not token.word("noun"):
            continue
        leaves = [leaf for m in sketch.metric_ids for leaf in sketch.catalogue.leaves(m)]
        if not all(_is_called_so(sketch, leaf, token.text) for leaf in leaves):
            sketch.own(at, "where")
            sketch.fault(
                "ambiguous_phrase",
                f"“{token.text}”是不是这个指标说的人不清楚,请换个说法。", token.text, "where",
            )  # fmt: skip


def _is_called_so(sketch: Sketch, metric: Metric, role: str) -> bool:
    """Whether the metric's table has people by that one role."""
    if not isinstance(metric.definition, Aggregate):
        return False
    datasets = sketch.catalogue.manifest.datasets
    joins = [
        join
        for join in datasets[metric.definition.dataset].joins
        if join.to in datasets and datasets[join.to].entity
    ]
    return len(joins) == 1 and normalise_name(joins[0].label or "") == role
