"""Many rows are summed by their own keys first, and joined to what those keys stand for after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import exp

from semantic_layer.compile.aggregates import constant_divisor, definition
from semantic_layer.compile.buckets import is_start_of_unit
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import column, identifier, named, number, quotient, table
from semantic_layer.plan.nodes import Branch
from semantic_layer.plan.parts import ADDITIVE
from semantic_layer.resolve.paths import ENTITY

Code = tuple[str, str]
"""A column and the table it is of."""


def summed_before_joins(
    select: exp.Select, keys: int, branch: Branch, scan: Scan, stages: Stages
) -> exp.Select:
    """The same sums over far fewer joined rows; the same SELECT where that is not certain."""
    if not keys or not _can_sum_twice(branch, scan) or select.args.get("joins"):
        return select
    shown, where = select.expressions, select.args.get("where")
    groups, values = shown[:keys], shown[keys:]
    lists = _lists(scan, [*values, *([where] if where is not None else [])])
    late = [step for step in scan.steps if step.alias_or_name in lists]
    early = [step for step in scan.steps if step.alias_or_name not in lists]
    if not late or not (early or scan.dataset.grain == "event"):
        return select
    starts = [group for group in groups if is_start_of_unit(group.unalias())]
    outer = [group for group in groups if group not in starts]
    outer += [step.args["on"] for step in late]
    own, codes = scan.aliases[()], _codes(outer, lists)
    if not _are_apart([*(name for name, _ in codes), *(node.alias for node in [*starts, *values])]):
        return select  # a code called like a sum would be taken for it
    first = exp.Select(expressions=[column(name, alias) for name, alias in codes])
    first.expressions.extend([*starts, *(_undivided(value, branch) for value in values)])
    first.set("from_", select.args["from_"])
    first.set("joins", early)
    first.set("where", where)
    told = [*(number(at + 1) for at in range(len(codes))), *_moments(starts)]
    first.set("group", exp.Group(expressions=told))
    stage = stages.add(f"{branch.name}_by_code", first, "先按代码汇总,再取名称")
    for found in _columns(outer):
        if found.table not in lists:
            found.set("table", identifier(own))
    again = [column(group.alias, own) if group in starts else group for group in groups]
    second = exp.Select(expressions=[*again, *(_summed(value, branch, own) for value in values)])
    second.set("from_", exp.From(this=table(stage, own)))
    second.set("group", exp.Group(expressions=[number(at + 1) for at in range(keys)]))
    scan.steps[:] = late
    return second


def _can_sum_twice(branch: Branch, scan: Scan) -> bool:
    """Whether sums of sums are the sums, and people are no groups of their own."""
    adds_up = all(
        definition(part).agg in ADDITIVE and not part.counts_people for part in branch.parts
    )
    plain = branch.per is None and not scan.late and not scan.members
    return plain and adds_up and not any(group.startswith(ENTITY) for group in branch.groups)


def _lists(scan: Scan, needed: list[exp.Expression]) -> frozenset[str]:
    """The short lists that neither the rows chosen, nor their values, nor other joins need."""
    short = {
        scan.aliases[joins]
        for joins, target in scan.targets.items()
        if joins and target.entity is None and target.time is None
    }
    short -= {found.table for found in _columns(needed)}
    for step in reversed(scan.steps):
        if step.side != "LEFT":
            short.discard(step.alias_or_name)
        if step.alias_or_name not in short:
            short -= {c.table for c in _columns([step.args["on"]])} - {step.alias_or_name}
    return frozenset(short)


def _columns(nodes: Iterable[exp.Expression]) -> Iterator[exp.Column]:
    return (found for node in nodes for found in list(node.find_all(exp.Column)))


def _codes(outer: list[exp.Expression], lists: frozenset[str]) -> list[Code]:
    """The columns that stand for the lists and for the other groups."""
    return sorted({(c.name, c.table) for c in _columns(outer) if c.table not in lists})


def _are_apart(names: list[str]) -> bool:
    return len({name.lower() for name in names}) == len(names)


def _moments(starts: list[exp.Expression]) -> list[exp.Expression]:
    """What buckets of time are before they become days."""
    return [start.unalias().this.copy() for start in starts]


def _undivided(value: exp.Expression, branch: Branch) -> exp.Expression:
    """The sum that a mean is taken of."""
    if constant_divisor(branch) is None or not isinstance(value.unalias(), exp.Div):
        return value
    return named(value.unalias().this, value.alias)


def _summed(value: exp.Expression, branch: Branch, own: str) -> exp.Expression:
    total: exp.Expression = exp.Sum(this=column(value.alias, own))
    divisor = constant_divisor(branch)
    if divisor is not None and isinstance(value.unalias(), exp.Div):
        total = quotient(total, number(divisor))
    return named(total, value.alias)
