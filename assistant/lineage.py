"""Where a metric comes from: metric → metric → column → table, as layers of a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.explain.formula_words import column_words
from metrics.expressions import ColumnUse, read_formula
from semantic_layer.model import Aggregate, Dataset, Manifest, Metric
from semantic_layer.model.today import AS_OF
from semantic_layer.resolve.closure import direct_parts, metric_closure

NodeKind = Literal["metric", "column", "table"]


@dataclass(frozen=True, slots=True)
class Node:
    """One station on the way from a table to a metric."""

    id: str
    kind: NodeKind
    label: str
    """Chinese name; of a column without one its own."""
    name: str
    """What it is called in the files or in the database: fact_txn.amount."""
    layer: int
    """0: the metric asked about; tables stand last."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """A graph without circles; edges point from what is computed to what it needs."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]

    def of_kind(self, kind: NodeKind) -> tuple[Node, ...]:
        """Metrics, columns or tables, in the order found."""
        return tuple(node for node in self.nodes if node.kind == kind)


def lineage(name: str, manifest: Manifest) -> Lineage:
    """Everything that the metric is computed from, nearest first."""
    layers = _layers(name, manifest)
    below = max(layers.values()) + 1
    nodes = {n: _metric_node(manifest.metrics[n], layer) for n, layer in layers.items()}
    edges: dict[tuple[str, str], None] = {}
    for metric in (manifest.metrics[n] for n in layers):
        edges.update(dict.fromkeys((metric.name, part) for part in direct_parts(metric)))
        for column, table in _sources(metric, manifest, below):
            for node in (column, table):
                nodes.setdefault(node.id, node)
            edges[metric.name, column.id] = None
            if column is not table:
                edges[column.id, table.id] = None
    ordered = sorted(nodes.values(), key=lambda node: node.layer)
    return Lineage(tuple(ordered), tuple(edges))


def used_by(name: str, manifest: Manifest) -> tuple[Metric, ...]:
    """The visible metrics whose formula names this one."""
    return tuple(
        metric
        for metric in manifest.metrics.values()
        if not metric.hidden and name in direct_parts(metric)
    )


def _layers(name: str, manifest: Manifest) -> dict[str, int]:
    """Metric → how many formulas away it is at most."""
    layers = dict.fromkeys(metric_closure(manifest, name), 0)
    for _ in layers:
        for own, at in list(layers.items()):
            for part in direct_parts(manifest.metrics[own]):
                if part in layers:
                    layers[part] = max(layers[part], at + 1)
    return layers


def _metric_node(metric: Metric, layer: int) -> Node:
    return Node(metric.name, "metric", metric.label, metric.name, layer)


def _sources(metric: Metric, manifest: Manifest, layer: int) -> Iterator[tuple[Node, Node]]:
    """Columns with their tables; a table alone where only its rows are counted."""
    if not isinstance(metric.definition, Aggregate):
        return
    found = False
    for definition in (metric.definition, *metric.also):
        dataset = manifest.datasets[definition.dataset]
        for text in (definition.expr, definition.filter):
            for at, column in _columns(text, dataset, manifest):
                found = True
                yield _column_node(at, column, layer), _table_node(at, layer + 1)
        if not found:
            table = _table_node(dataset, layer + 1)
            yield table, table


def _columns(
    text: str | None, dataset: Dataset, manifest: Manifest
) -> Iterator[tuple[Dataset, str]]:
    """The stored columns of a formula; a field that is a formula itself is followed."""
    if text is None:
        return
    for use in read_formula(text.replace("{" + AS_OF + "}", "''"), manifest.parameters).columns:
        at, name = _reached(use, dataset, manifest)
        field = at.field(name)
        if field is not None and field.expr is not None and field.expr != name:
            yield from _columns(field.expr, at, manifest)
        else:
            yield at, name


def _reached(use: ColumnUse, dataset: Dataset, manifest: Manifest) -> tuple[Dataset, str]:
    at = dataset
    for role in use.role:
        join = at.join(role)
        at = manifest.datasets[join.to] if join else at
    return at, use.name


def _column_node(dataset: Dataset, column: str, layer: int) -> Node:
    named = column_words(dataset, column) or column
    name = f"{dataset.table or dataset.name}.{column}"
    return Node(f"column {name}", "column", named, name, layer)


def _table_node(dataset: Dataset, layer: int) -> Node:
    name = dataset.table or dataset.name
    return Node(f"table {name}", "table", dataset.label, name, layer)
