"""Members told by the row itself: its table has one row of each entity in each of its periods.

AUM超过50万的客户数: the row that is counted is all there is of its customer in that month, so
the condition stands in the row and no figure by customer need be made and joined.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from semantic_layer.compile.figures import OPERATORS, is_flow
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.times import is_date
from semantic_layer.compile.tokens import all_of, any_of, coalesce, guarded, number
from semantic_layer.model import Aggregate, Dataset
from semantic_layer.model.expression import parse_scalar
from semantic_layer.plan.build import build_plan
from semantic_layer.plan.nodes import Branch, PartRef, Window
from semantic_layer.query import And, MetricCondition, MetricRef, Not, Or, Predicate
from semantic_layer.resolve.availability import grain_unit
from semantic_layer.resolve.units import unit_of
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

Figures = dict[MetricCondition, ResolvedQuery]
"""Conditions on a metric → its query over the days that it is judged over."""


def only_figures(predicate: Predicate) -> tuple[MetricCondition, ...]:
    """The conditions on a metric that it consists of; none where there are others too."""
    match predicate:
        case And() | Or():
            found = [only_figures(child) for child in predicate.children]
            return tuple(leaf for leaves in found for leaf in leaves) if all(found) else ()
        case Not():
            return only_figures(predicate.child)
        case MetricCondition():
            plain = predicate.in_a_row is None and predicate.per is None
            return (predicate,) if plain else ()
    return ()


def told_by_row(
    predicate: Predicate, figures: Figures, key: exp.Expression, branch: Branch, scan: Scan
) -> exp.Expression | None:
    """The predicate over a row of the branch; None where other rows may have a say."""
    if not is_all_there_is(branch, key, scan):
        return None
    plain = all(
        _is_plain(asked, branch.windows[0], scan.dataset, scan.snapshot)
        for asked in figures.values()
    )
    return _sql(predicate, scan) if plain else None


def is_all_there_is(branch: Branch, key: exp.Expression, scan: Scan) -> bool:
    """Whether the rows of the branch are one for each entity, by the declared key."""
    time, own = branch.time, scan.dataset
    if time is None or own.time != time or own.grain == "event" or len(branch.windows) != 1:
        return False
    if not isinstance(key, exp.Column) or key.table != scan.aliases[()] or scan.members:
        return False
    told = {_stored(name, scan) for name in own.key}
    window = branch.windows[0]
    unit = grain_unit(own)
    one_unit = unit_of(unit, window.start) == unit_of(unit, window.end)
    moment = _stored(time, scan)
    return told == {key.name, moment} and one_unit and is_date(scan, time)


def _stored(name: str, scan: Scan) -> str:
    found = scan.dataset.field(name)
    return name if found is None or (found.expr is None and found.band is None) else ""


def _is_plain(asked: ResolvedQuery, window: Window, own: Dataset, snapshot: Snapshot) -> bool:
    """Whether the figure is a sum over rows of the same table, at least those of the window."""
    if asked.where is not None or asked.grain is not None:
        return False
    plan = build_plan(asked, snapshot)
    if len(plan.branches) != 1 or len(plan.measures) != 1 or plan.people or plan.spines:
        return False
    branch, formula = plan.branches[0], plan.measures[0].formula
    plain = Branch(
        name=branch.name,
        dataset=own.name,
        role="current",
        time=own.time,
        windows=branch.windows,
        keying="one",
        bucket=None,
        groups=branch.groups,
        where=None,
        parts=branch.parts,
        comment=branch.comment,
    )
    if branch != plain or len(branch.windows) != 1 or len(branch.parts) != 1:
        return False
    part, over = branch.parts[0], branch.windows[0]
    whole = over.divisor is None and over.start <= window.start and window.end <= over.end
    unit = grain_unit(own)
    one_unit = unit_of(unit, over.start) == unit_of(unit, over.end)
    itself = isinstance(formula, PartRef) and formula.column == part.column
    summed = part.metric.definition
    counted = part.above_zero is None and not part.counts_people
    return whole and one_unit and itself and counted and _is_own_sum(summed, own, snapshot)


def _is_own_sum(summed: object, own: Dataset, snapshot: Snapshot) -> bool:
    """Whether it is a sum of columns of the table, without other tables."""
    if not isinstance(summed, Aggregate) or summed.agg != "sum" or summed.average_over is not None:
        return False
    texts = [text for text in (summed.expr, summed.filter) if text is not None]
    return all(not any(_reaches_out(text, own, snapshot)) for text in texts)


def _reaches_out(text: str, own: Dataset, snapshot: Snapshot) -> Iterable[bool]:
    tree = parse_scalar(text, snapshot.manifest.parameters)
    for found in tree.find_all(exp.Column):
        field = own.field(found.name)
        yield bool(found.table) or (field is not None and field.expr is not None)


def _sql(predicate: Predicate, scan: Scan) -> exp.Expression:
    match predicate:
        case And():
            joined = all_of(guarded(_sql(child, scan)) for child in predicate.children)
        case Or():
            joined = any_of(_sql(child, scan) for child in predicate.children)
        case Not():
            joined = exp.Not(this=coalesce(_sql(predicate.child, scan), exp.false()))
        case _:
            assert isinstance(predicate, MetricCondition)
            return _compared(predicate, scan)
    assert joined is not None
    return joined


def _compared(leaf: MetricCondition, scan: Scan) -> exp.Expression:
    """A flow that the row has none of is 0; a balance that it has none of fulfils nothing."""
    metric = scan.snapshot.manifest.metrics[leaf.metric]
    summed = metric.definition
    assert isinstance(summed, Aggregate)
    value: exp.Expression = scan.expression(summed.expr or "1")
    counts = guarded(scan.expression(summed.filter)) if summed.filter is not None else None
    compare = OPERATORS[leaf.op]
    if counts is None:
        return compare(this=coalesce(value, number(0)), expression=number(leaf.value))
    if is_flow(MetricRef(leaf.metric), scan.snapshot):
        value = exp.Case(ifs=[exp.If(this=counts, true=value)])
        return compare(this=coalesce(value, number(0)), expression=number(leaf.value))
    fulfils = compare(this=coalesce(value, number(0)), expression=number(leaf.value))
    return exp.And(this=counts, expression=fulfils)
