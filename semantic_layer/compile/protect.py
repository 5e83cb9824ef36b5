"""Groups with too few people show nothing, and no group gives another one away."""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.combine import Combined
from semantic_layer.compile.layers import Layer, push
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import any_of, column, number
from semantic_layer.plan.nodes import Plan

HIDDEN, PEOPLE = "hidden_", "people_"


def protect(layer: Layer, plan: Plan, combined: Combined, stages: Stages, least: int) -> Layer:
    """The layer with every value of a small group taken out.

    A lone small group could be found by subtraction from the total, so the next
    smallest one is hidden with it.
    """
    shown = list(layer.values)
    counts = [combined.place(part) for part in plan.people]
    small = any_of(
        exp.Between(this=count.copy(), low=number(1), high=number(least - 1)) for count in counts
    )
    assert small is not None
    flag = exp.Case(ifs=[exp.If(this=small, true=number(1))], default=number(0))
    layer.values[HIDDEN] = flag
    layer.values[PEOPLE] = _fewest(counts)
    above = push(layer, "counted", stages, "每组人数")
    hidden = _hidden(plan, above)
    for name in shown:
        kept = exp.Case(ifs=[exp.If(this=hidden.copy(), true=exp.Null())], default=column(name))
        above.values[name] = kept
    del above.values[HIDDEN], above.values[PEOPLE]
    return above


def _fewest(counts: list[exp.Expression]) -> exp.Expression:
    """The smallest number above zero."""
    present = [exp.Nullif(this=count.copy(), expression=number(0)) for count in counts]
    return present[0] if len(present) == 1 else exp.Least(this=present[0], expressions=present[1:])


def _hidden(plan: Plan, layer: Layer) -> exp.Expression:
    own = exp.EQ(this=column(HIDDEN), expression=number(1))
    if not layer.keys:
        return own
    time = [column(plan.time_column, layer.qualifier)] if plan.time_column else []
    alone = exp.EQ(
        this=exp.Window(this=exp.Sum(this=column(HIDDEN)), partition_by=time),
        expression=number(1),
    )
    order = [exp.Ordered(this=column(PEOPLE), nulls_first=False)]
    order += [exp.Ordered(this=layer.key(key), nulls_first=False) for key in layer.keys]
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[*(node.copy() for node in time), column(HIDDEN)],
        order=exp.Order(expressions=order),
    )
    next_one = exp.EQ(this=place, expression=number(1))
    counted = exp.Not(this=exp.Is(this=column(PEOPLE), expression=exp.Null()))
    cover = exp.And(this=exp.And(this=alone, expression=counted), expression=next_one)
    return exp.Or(this=own, expression=exp.Paren(this=cover))
