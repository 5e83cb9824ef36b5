"""Members told by the row itself: its table has one row of each entity in each of its periods.

AUM超过50万的客户数: the row that is counted is all there is of its customer in that month, so
the condition stands in the row and no figure by customer need be made and joined.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from semantic_layer.compile.figures import HOLDS, OPERATORS, is_flow
from semantic_layer.compile.precision import RATE_DIGITS, rounded
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.times import in_range, is_date
from semantic_layer.compile.tokens import (
    all_of,
    any_of,
    coalesce,
    column,
    guarded,
    named,
    number,
    quotient,
    table,
)
from semantic_layer.model import Aggregate, Dataset
from semantic_layer.model.expression import parse_scalar
from semantic_layer.plan.build import build_plan
from semantic_layer.plan.nodes import Branch, PartRef, Window
from semantic_layer.query import (
    And,
    ChangeCondition,
    MetricCondition,
    MetricRef,
    Not,
    Or,
    Predicate,
)
from semantic_layer.resolve.availability import grain_unit
from semantic_layer.resolve.units import Days, unit_of
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

Leaf = MetricCondition | ChangeCondition
Figures = dict[Leaf, ResolvedQuery]
"""Conditions on a metric → its query over the days that it is judged over."""
BASE = "base_value"


def only_figures(predicate: Predicate) -> tuple[Leaf, ...]:
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
        case ChangeCondition():
            return (predicate,) if predicate.show == "rate" else ()
    return ()


def told_by_row(
    predicate: Predicate,
    figures: Figures,
    key: exp.Expression,
    branch: Branch,
    scan: Scan,
    stages: Stages,
) -> exp.Expression | None:
    """The predicate over a row of the branch; None where other rows may have a say.

    What a change is measured from is the row of the same entity in the base's period.
    """
    if not is_all_there_is(branch, key, scan):
        return None
    bases: dict[Leaf, Window] = {}
    for leaf, asked in figures.items():
        windows = _windows(leaf, asked, branch.windows[0], scan.dataset, scan.snapshot)
        if windows is None:
            return None
        bases.update((leaf, base) for base in windows[1:])
    joined = {leaf: _joined_base(leaf, window, key, scan, stages) for leaf, window in bases.items()}
    return _sql(predicate, scan, joined)


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


def _windows(
    leaf: Leaf, asked: ResolvedQuery, window: Window, own: Dataset, snapshot: Snapshot
) -> tuple[Window, ...] | None:
    """The days of the figure and of its base, each one row of an entity; None: not certain."""
    if asked.where is not None or asked.grain is not None:
        return None
    plan = build_plan(asked, snapshot)
    wanted = 1 if isinstance(leaf, MetricCondition) else 2
    if len(plan.branches) != wanted or len(plan.measures) != 1 or plan.people or plan.spines:
        return None
    measure = plan.measures[0]
    formulas = (measure.formula, *(compared.formula for compared in measure.compared))
    if len(formulas) != wanted:
        return None
    pairs = zip(plan.branches, formulas, strict=True)
    if not all(_is_plain(branch, formula, own, snapshot) for branch, formula in pairs):
        return None
    over = plan.branches[0].windows[0]
    whole = over.start <= window.start and window.end <= over.end
    return tuple(branch.windows[0] for branch in plan.branches) if whole else None


def _is_plain(branch: Branch, formula: object, own: Dataset, snapshot: Snapshot) -> bool:
    """Whether it is a sum over the rows of the same table in one of its periods."""
    plain = Branch(
        name=branch.name,
        dataset=own.name,
        role=branch.role,
        time=own.time,
        windows=branch.windows,
        keying="one",
        bucket=None,
        groups=branch.groups,
        where=None,
        parts=branch.parts,
        lists_counted=branch.lists_counted,
        comment=branch.comment,
    )
    if branch != plain or len(branch.windows) != 1 or len(branch.parts) != 1:
        return False
    part, over, unit = branch.parts[0], branch.windows[0], grain_unit(own)
    one_unit = unit_of(unit, over.start) == unit_of(unit, over.end)
    told = isinstance(formula, PartRef) and (formula.branch, formula.column) == (
        branch.name,
        part.column,
    )
    counted = part.above_zero is None and not part.counts_people and over.divisor is None
    return one_unit and told and counted and _is_own_sum(part.metric.definition, own, snapshot)


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


def _joined_base(
    leaf: Leaf, window: Window, key: exp.Expression, scan: Scan, stages: Stages
) -> exp.Expression:
    """The value at the base, joined to the row of the same entity."""
    shared = ("base row", leaf.metric, scan.dataset.name, window.start, window.end)
    other = scan.opened(scan.dataset.name)
    if shared not in stages.shared:
        select = other.select()
        value = coalesce(_counted(leaf, other), number(0))
        select.set("expressions", [column(key.name, other.aliases[()]), named(value, BASE)])
        terms = [select.args["where"].this] if select.args.get("where") else []
        time = other.dataset.time or ""
        terms.append(in_range(other.field((), time), Days(window.start, window.end), other, time))
        select.set("where", exp.Where(this=all_of(terms)))
        other.attach_joins(select)
        scan.sources |= other.sources
        name = f"{scan.dataset.name}_base"
        stages.shared[shared] = stages.add(name, select, "比较期的行")
    stage = stages.shared[shared]
    if (stage,) not in scan.aliases:
        scan.aliases[(stage,)] = stage
        same = exp.EQ(this=key.copy(), expression=column(key.name, stage))
        scan.late.append(exp.Join(this=table(stage), side="LEFT", on=same))
    return column(BASE, stage)


def _sql(predicate: Predicate, scan: Scan, bases: dict[Leaf, exp.Expression]) -> exp.Expression:
    match predicate:
        case And():
            joined = all_of(guarded(_sql(child, scan, bases)) for child in predicate.children)
        case Or():
            joined = any_of(_sql(child, scan, bases) for child in predicate.children)
        case Not():
            inner = _sql(predicate.child, scan, bases)
            joined = exp.Not(this=coalesce(inner, exp.false()))
        case ChangeCondition():
            return _changed(predicate, scan, bases[predicate])
        case _:
            assert isinstance(predicate, MetricCondition)
            return _compared(predicate, scan)
    assert joined is not None
    return joined


def _changed(leaf: ChangeCondition, scan: Scan, base: exp.Expression) -> exp.Expression:
    """The growth over what there was; without it there is none."""
    change = exp.Sub(this=coalesce(_counted(leaf, scan), number(0)), expression=base)
    positive = exp.GT(this=base.copy(), expression=number(0))
    rate = exp.Case(ifs=[exp.If(this=positive, true=quotient(change, base.copy()))])
    compared = rounded(rate, RATE_DIGITS)
    return OPERATORS[leaf.op](this=compared, expression=number(leaf.value))


def _counted(leaf: Leaf, scan: Scan) -> exp.Expression:
    """What the row adds to the metric; missing where its filter drops the row."""
    summed = scan.snapshot.manifest.metrics[leaf.metric].definition
    assert isinstance(summed, Aggregate)
    value = scan.expression(summed.expr or "1")
    if summed.filter is None:
        return value
    return exp.Case(ifs=[exp.If(this=guarded(scan.expression(summed.filter)), true=value)])


def _compared(leaf: MetricCondition, scan: Scan) -> exp.Expression:
    """A flow that the row has none of is 0; a balance that it has none of fulfils nothing."""
    summed = scan.snapshot.manifest.metrics[leaf.metric].definition
    assert isinstance(summed, Aggregate)
    compare, limit = OPERATORS[leaf.op], number(leaf.value)
    dropped = summed.filter is None or is_flow(MetricRef(leaf.metric), scan.snapshot)
    value = _counted(leaf, scan) if dropped else scan.expression(summed.expr or "1")
    if HOLDS[leaf.op](0, leaf.value):
        value = coalesce(value, number(0))
    fulfils = compare(this=value, expression=limit)
    if dropped or summed.filter is None:
        return fulfils
    return exp.And(this=guarded(scan.expression(summed.filter)), expression=fulfils)
