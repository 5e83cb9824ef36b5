"""A statement is built layer by layer; each layer selects from the one beneath."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import column, named, table


@dataclass(frozen=True, slots=True)
class Layer:
    """Where columns come from, and the columns there are."""

    source: exp.Select
    """FROM, JOINs and WHERE, no columns yet."""
    keys: tuple[str, ...]
    qualifier: str | None
    """The stage that holds the keys."""
    values: dict[str, exp.Expression] = field(default_factory=dict)
    """Column → expression over the source."""

    def key(self, name: str) -> exp.Column:
        """A key column."""
        return column(name, self.qualifier)


def select_all(layer: Layer) -> exp.Select:
    """Every key and value of the layer."""
    select = layer.source
    keys = [named(layer.key(name), name) for name in layer.keys]
    values = [named(value, name) for name, value in layer.values.items()]
    select.set("expressions", keys + values)
    return select


def push(layer: Layer, name: str, stages: Stages, comment: str = "") -> Layer:
    """The layer as a stage of its own, and a layer on top of it."""
    stage = stages.add(name, select_all(layer), comment)
    source = exp.Select(expressions=[])
    source.set("from_", exp.From(this=table(stage)))
    values: dict[str, exp.Expression] = {value: column(value) for value in layer.values}
    return Layer(source, layer.keys, stage, values)


def restrict(layer: Layer, condition: exp.Expression | None) -> None:
    """Leaves only rows that fulfil a condition."""
    if condition is not None:
        layer.source.set("where", exp.Where(this=condition))
