"""Groups with too few people show nothing, and no group gives another one away."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from semantic_layer.compile.combine import Combined
from semantic_layer.compile.layers import Layer, push
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import all_of, any_of, coalesce, column, number
from semantic_layer.plan.nodes import Plan

SUPPRESSED = "suppressed_"
"""Hidden result column: 1 where the row's values were taken out."""
UNFILTERED = "_unfiltered"
"""How branches of a whole without the filter are named."""
HIDDEN, PEOPLE = "hidden_", "people_"


def protect(
    layer: Layer,
    plan: Plan,
    combined: Combined,
    stages: Stages,
    least: int,
    wholes: Mapping[str, exp.Expression],
    subtotal: tuple[str, ...] = (),
) -> Layer:
    """The layer with every value of a small group taken out.

    What is hidden could be found by subtraction from a sum that is shown: of the total, of
    the same period, of the same parent. In each of them at least two groups and at least
    k people stay hidden, the smallest ones first. `wholes` are computed before hiding.
    `subtotal`: the keys of the finest 小计; what a coarser one gives away is hidden in it.
    """
    shown = list(layer.values)
    counts = [combined.place(part) for part in plan.people]
    layer.values[HIDDEN] = _flag(_is_small([*counts, *_remainders(plan, combined)], least))
    layer.values[PEOPLE] = _fewest(counts)
    layer = push(layer, "counted", stages, "每组人数")
    margins = [subtotal] if subtotal else _margins(plan)
    for margin in margins if layer.keys else ():
        layer.values[HIDDEN] = _flag(_covered(layer, margin, least))
        layer = push(layer, "covered", stages, "防止由合计倒推")
    hidden = exp.EQ(this=column(HIDDEN), expression=number(1))
    for name in shown:
        kept = exp.Case(ifs=[exp.If(this=hidden.copy(), true=exp.Null())], default=column(name))
        layer.values[name] = kept
    layer.values.update(wholes)
    layer.values[SUPPRESSED] = column(HIDDEN)
    del layer.values[HIDDEN], layer.values[PEOPLE]
    return push(layer, "protected", stages, "人数过少的组不显示数值")


def _remainders(plan: Plan, combined: Combined) -> list[exp.Expression]:
    """Those whom a filter leaves out of a whole that is shown by its share."""
    own = {(part.branch, part.column): part for part in plan.people}
    found: list[exp.Expression] = []
    for part in plan.people:
        filtered = own.get((part.branch.replace(UNFILTERED, "", 1), part.column))
        if UNFILTERED in part.branch and filtered is not None:
            sides = [coalesce(combined.place(side), number(0)) for side in (part, filtered)]
            found.append(exp.Paren(this=exp.Sub(this=sides[0], expression=sides[1])))
    return found


def _is_small(counts: list[exp.Expression], least: int) -> exp.Expression:
    small = any_of(
        exp.Between(this=count.copy(), low=number(1), high=number(least - 1)) for count in counts
    )
    assert small is not None
    return small


def _flag(condition: exp.Expression) -> exp.Case:
    return exp.Case(ifs=[exp.If(this=condition, true=number(1))], default=number(0))


def _fewest(counts: list[exp.Expression]) -> exp.Expression:
    """The smallest number above zero."""
    present = [exp.Nullif(this=count.copy(), expression=number(0)) for count in counts]
    return present[0] if len(present) == 1 else exp.Least(this=present[0], expressions=present[1:])


def _margins(plan: Plan) -> list[tuple[str, ...]]:
    """Keys of the sums that are shown, from the whole to its parts; each lies in the one before."""
    time = (plan.time_column,) if plan.time_column else ()
    parents = max((measure.whole_groups for measure in plan.measures), key=len, default=())
    names = tuple(group.rpartition(".")[2] for group in parents)
    return list(dict.fromkeys([(), time, (*time, *names)]))


def _covered(layer: Layer, margin: tuple[str, ...], least: int) -> exp.Expression:
    """Whether a row is hidden for its own sake or to cover another one of its margin."""
    within = [layer.key(name) for name in margin]
    own = exp.EQ(this=column(HIDDEN), expression=number(1))
    some = exp.EQ(
        this=exp.Window(this=exp.Max(this=column(HIDDEN)), partition_by=_copies(within)),
        expression=number(1),
    )
    place = exp.Window(
        this=exp.RowNumber(), partition_by=_copies(within), order=_smallest_first(layer)
    )
    before = exp.Coalesce(
        this=exp.Window(
            this=exp.Sum(this=column(PEOPLE)),
            partition_by=_copies(within),
            order=_smallest_first(layer),
            spec=_preceding(),
        ),
        expressions=[number(0)],
    )
    lonely = any_of(
        [
            exp.LTE(this=place, expression=number(2)),
            exp.LT(this=before, expression=number(least)),
        ]
    )
    counted = exp.Not(this=exp.Is(this=column(PEOPLE), expression=exp.Null()))
    cover = all_of([some, counted, *([lonely] if lonely else [])])
    return exp.Or(this=own, expression=exp.Paren(this=cover))


def _smallest_first(layer: Layer) -> exp.Order:
    keys = [exp.Ordered(this=layer.key(key), nulls_first=False) for key in layer.keys]
    hidden = exp.Ordered(this=column(HIDDEN), desc=True, nulls_first=False)
    people = exp.Ordered(this=column(PEOPLE), nulls_first=False)
    return exp.Order(expressions=[hidden, people, *keys])


def _preceding() -> exp.WindowSpec:
    return exp.WindowSpec(
        kind="ROWS",
        start="UNBOUNDED",
        start_side="PRECEDING",
        end=number(1),
        end_side="PRECEDING",
    )


def _copies(nodes: list[exp.Column]) -> list[exp.Expression]:
    return [node.copy() for node in nodes]
