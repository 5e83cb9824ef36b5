"""What a measure is made of: its metrics, and the aggregates at their bottom."""

from __future__ import annotations

from slow_reading.world import RefusedError, World

from semantic_layer.model import Aggregate, Derived, Manifest, Metric, Ratio
from semantic_layer.model.expression import metric_names
from semantic_layer.query import Arithmetic, Measure, MetricQuery, MetricRef, Number


def refs_of(measure: Measure) -> list[MetricRef]:
    """The metrics named in a measure."""
    if isinstance(measure, MetricRef):
        return [measure]
    if isinstance(measure, Arithmetic):
        return refs_of(measure.left) + refs_of(measure.right)
    return []


def unit_of_mean(ref: MetricRef) -> str | None:
    """The unit whose values are averaged or looked through."""
    if ref.stat is None:
        return ref.per
    return "day" if ref.stat_over == "date" else ref.stat_over


def parts_of(manifest: Manifest, name: str) -> list[str]:
    """A metric with all metrics in its formula, itself first."""
    found = manifest.metrics.get(name)
    if found is None:
        raise RefusedError("unknown_metric")
    texts: tuple[str, ...] = ()
    if isinstance(found.definition, Ratio):
        texts = (found.definition.of, found.definition.to)
    if isinstance(found.definition, Derived):
        texts = (found.definition.expr,)
    names = [n for text in texts for n in metric_names(text)]
    return list(dict.fromkeys([name, *(p for n in names for p in parts_of(manifest, n))]))


def leaves_of(manifest: Manifest, name: str) -> list[Metric]:
    """The aggregates at the bottom of a metric."""
    found = (manifest.metrics[part] for part in parts_of(manifest, name))
    return [m for m in found if isinstance(m.definition, Aggregate)]


def asked_metrics(query: MetricQuery) -> list[str]:
    """Names in the measures, in order."""
    return list(dict.fromkeys(r.metric for m in query.measures for r in refs_of(m)))


def adds_up(measure: Measure, manifest: Manifest) -> bool:
    """Sums, counts and distinct counts, and their sums and differences."""
    if isinstance(measure, Number):
        return True
    if isinstance(measure, Arithmetic):
        both = all(adds_up(m, manifest) for m in (measure.left, measure.right))
        return measure.op in "+-" and both
    if measure.stat is not None:
        return False
    found = [manifest.metrics[n].definition for n in parts_of(manifest, measure.metric)]
    additive = ("sum", "count", "distinct")
    return not any(
        isinstance(d, Ratio) or (isinstance(d, Aggregate) and d.agg not in additive) for d in found
    )


def natives(world: World, metric: str) -> list[str]:
    """The grains to which a metric or its parts are bound."""
    found = (world.manifest.metrics[p].native for p in parts_of(world.manifest, metric))
    return [native for native in found if native]


def habit(world: World, name: str) -> str:
    """The period of a metric when nobody says which."""
    metric = world.manifest.metrics[name]
    if metric.default_period:
        return metric.default_period
    if any(world.manifest.metrics[p].native for p in parts_of(world.manifest, name)):
        return "last_complete_month"
    stock = all(leaf.is_stock for leaf in leaves_of(world.manifest, name))
    return "latest" if stock else "year_to_date"
