"""Parts of a branch as aggregate functions, each with its own filter."""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.scan import Scan
from semantic_layer.compile.tokens import (
    all_of,
    any_of,
    coalesce,
    finely,
    guarded,
    number,
    quotient,
    wrapped,
)
from semantic_layer.model import Aggregate
from semantic_layer.plan.nodes import Branch, Part
from semantic_layer.resolve.paths import ENTITY

ZERO_WITHOUT_ROWS = frozenset({"sum", "count", "distinct"})


def definition(part: Part) -> Aggregate:
    """The aggregate behind a part."""
    assert isinstance(part.metric.definition, Aggregate)
    return part.metric.definition


def counts_from_zero(part: Part) -> bool:
    """Whether no rows mean 0, as for flows; a stock without rows is not reported."""
    own = definition(part)
    return own.agg in ZERO_WITHOUT_ROWS and own.semi_additive is None


def common_filter(branch: Branch, scan: Scan) -> exp.Expression | None:
    """Rows that no part of the branch needs are left out before aggregating."""
    filters = {definition(part).filter for part in branch.parts}
    if branch.keeps_empty or branch.lists_counted or None in filters:
        return None
    return _either_filter(branch, scan)


def counted_rows(branch: Branch, scan: Scan) -> exp.Expression:
    """How many rows of a group any part of the branch counts."""
    where = exp.Where(this=_either_filter(branch, scan))
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=where)


def _either_filter(branch: Branch, scan: Scan) -> exp.Expression | None:
    texts = [f for f in dict.fromkeys(definition(part).filter for part in branch.parts) if f]
    terms = [guarded(scan.expression(text)) for text in texts]
    return any_of(terms) if len(terms) > 1 else terms[0]


def aggregate(
    part: Part, branch: Branch, scan: Scan, asked: exp.Expression | None, *, grouped: bool
) -> exp.Expression:
    """The value of a part. `asked`: the query's filter, when empty groups are kept."""
    own = definition(part)
    result = aggregate_sql(own, scan)
    counted = result.this.expressions[0] if isinstance(result.this, exp.Distinct) else None
    if counted is not None and _is_own_key(counted, branch, scan):
        result = exp.Count(this=counted)
    condition = _condition(part, branch, scan, asked)
    if condition is not None:
        result = exp.Filter(this=result, expression=exp.Where(this=condition))
    if own.agg == "sum":
        result = coalesce(result, number(0))
    divisor = constant_divisor(branch)
    if divisor is not None and branch.per is None and not part.counts_people:
        result = quotient(result, number(divisor))
    if grouped or not needs_rows(part, branch):
        return result
    reported = exp.GT(this=exp.Count(this=exp.Star()), expression=number(0))
    return exp.Case(ifs=[exp.If(this=reported, true=result)])


def _is_own_key(value: exp.Expression, branch: Branch, scan: Scan) -> bool:
    """Whether the rows are those of an entity's own table, each of them counted once.

    Elsewhere the different ones are counted: a row that was loaded twice is nobody else.
    """
    own = scan.dataset
    joins = (scan.targets[path[:-1]].join(path[-1]) for path in scan.targets if path)
    if own.entity is None or len(own.key) != 1 or value != scan.field((), own.key[0]):
        return False
    once = branch.keying != "windows" and not scan.members and not scan.late
    return once and all(join is None or join.validity is None for join in joins)


def single_value(
    part: Part, branch: Branch, scan: Scan, asked: exp.Expression | None
) -> exp.Expression:
    """The value of a sum where every group is one row."""
    result = scan.expression(definition(part).expr or "1")
    condition = _condition(part, branch, scan, asked)
    if condition is not None:
        result = exp.Case(ifs=[exp.If(this=condition, true=result)])
    return coalesce(result, number(0))


def _condition(
    part: Part, branch: Branch, scan: Scan, asked: exp.Expression | None
) -> exp.Expression | None:
    """Which rows of the branch the part counts; None: all."""
    own = definition(part)
    terms = [] if asked is None else [guarded(asked.copy())]
    kept = branch.keeps_empty or branch.lists_counted
    if own.filter is not None and (kept or _differs(branch)):
        terms.append(guarded(scan.expression(own.filter)))
    if part.above_zero is not None:
        terms.append(exp.GT(this=scan.expression(part.above_zero), expression=number(0)))
    return all_of(terms)


def needs_rows(part: Part, branch: Branch) -> bool:
    """Whether a whole without any rows has no value, although its aggregate would be 0."""
    return branch.keeps_empty and definition(part).agg in ZERO_WITHOUT_ROWS


def constant_divisor(branch: Branch) -> int | None:
    """What an average divides by, when it is the same for all rows."""
    return branch.windows[0].divisor if branch.keying == "one" and branch.windows else None


def _differs(branch: Branch) -> bool:
    return len({definition(part).filter for part in branch.parts}) > 1


def aggregate_sql(own: Aggregate, scan: Scan) -> exp.Expression:
    """An aggregate without its filter."""
    if own.agg == "count" and own.expr is None:
        return exp.Count(this=exp.Star())
    if own.expr is not None and own.expr.startswith(ENTITY):
        return exp.Count(this=exp.Distinct(expressions=[scan.dimension(own.expr)]))
    value = scan.expression(own.expr or "1")
    if own.average_over is not None:
        days = scan.field((), own.average_over.days)
        value = exp.Mul(this=wrapped(value), expression=days)
    match own.agg:
        case "sum":
            return exp.Sum(this=scan.part_of(value))
        case "count":
            return exp.Count(this=value)
        case "distinct":
            return exp.Count(this=exp.Distinct(expressions=[value]))
        case "avg":
            return exp.Avg(this=value)
        case "min":
            return exp.Min(this=value)
        case "max":
            return exp.Max(this=value)
        case "median":
            return exp.Median(this=finely(value))
        case "quantile":
            share = number(own.quantile if own.quantile is not None else 0.5)
            return exp.PercentileCont(this=finely(value), expression=share)
