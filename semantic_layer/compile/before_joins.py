"""Many rows are summed by their own keys first, and joined to what those keys stand for after."""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.aggregates import constant_divisor, definition
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import column, named, number, table
from semantic_layer.plan.nodes import Branch
from semantic_layer.plan.parts import ADDITIVE


def summed_before_joins(
    select: exp.Select, keys: int, branch: Branch, scan: Scan, stages: Stages
) -> exp.Select:
    """The same sums over far fewer joined rows; the same SELECT where that is not certain."""
    if not _can_sum_twice(branch, scan) or not keys or select.args.get("joins"):
        return select
    own, joined = scan.aliases[()], {a for joins, a in scan.aliases.items() if joins}
    shown = select.expressions
    where = select.args.get("where")
    inner = [*shown[keys:], *([where] if where is not None else [])]
    if any(found.table in joined for node in inner for found in node.find_all(exp.Column)):
        return select
    outer = [*shown[:keys], *scan.steps]
    names = {c.name for node in outer for c in node.find_all(exp.Column) if c.table == own}
    if not {name.lower() for name in names}.isdisjoint(p.column.lower() for p in branch.parts):
        return select  # a code called like a sum would be taken for it
    first = exp.Select(expressions=[*(column(name, own) for name in sorted(names)), *shown[keys:]])
    first.set("from_", select.args["from_"])
    first.set("where", where)
    first.set("group", exp.Group(expressions=[number(at + 1) for at in range(len(names))]))
    stage = stages.add(f"{branch.name}_by_code", first, "先按代码汇总,再取名称")
    sums = [named(exp.Sum(this=column(part.column, own)), part.column) for part in branch.parts]
    second = exp.Select(expressions=[*shown[:keys], *sums])
    second.set("from_", exp.From(this=table(stage, own)))
    second.set("group", select.args["group"])
    return second


def _can_sum_twice(branch: Branch, scan: Scan) -> bool:
    """Whether sums of sums are the sums, and the keys are those of short lists."""
    plain = branch.per is None and not branch.keeps_empty and not branch.lists_counted
    plain = plain and not scan.late
    adds_up = all(
        definition(part).agg in ADDITIVE and not part.counts_people for part in branch.parts
    )
    short = all(
        target.entity is None and target.time is None
        for joins, target in scan.targets.items()
        if joins
    )
    left = bool(scan.steps) and all(step.side == "LEFT" for step in scan.steps)
    many = scan.dataset.grain == "event" and constant_divisor(branch) is None
    return plain and adds_up and short and left and many and not scan.members
