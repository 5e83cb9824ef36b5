"""Overlapping windows read the different ones of each day, not every row of theirs."""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.aggregates import definition
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import column, identifier, table
from semantic_layer.plan.nodes import Branch


def distinct_before_windows(
    select: exp.Select, branch: Branch, scan: Scan, stages: Stages
) -> exp.Select | None:
    """The same counts of different ones over far fewer rows; None where that is not certain."""
    joins: list[exp.Join] = select.args.get("joins") or []
    if branch.keying != "windows" or branch.lists_counted or scan.late or not joins:
        return None
    if any(definition(part).agg != "distinct" for part in branch.parts):
        return None
    windows = {join.this.name for join in joins}
    where, shown = select.args.get("where"), [*select.expressions, *joins]
    read = [*scan.steps, *([where] if where is not None else [])]
    if any(c.table in windows for node in read for c in node.find_all(exp.Column)):
        return None
    used = [c for node in shown for c in node.find_all(exp.Column) if c.table not in windows]
    kept = sorted({(c.name, c.table) for c in used})
    if len({name for name, _ in kept}) < len(kept) or any(n.find(exp.Subquery) for n in shown):
        return None
    once = exp.Select(expressions=[column(name, alias) for name, alias in kept])
    once.set("from_", select.args["from_"])
    once.set("joins", list(scan.steps))
    once.set("where", where)
    once.set("distinct", exp.Distinct())
    stage = stages.add(f"{branch.name}_once", once, "同一天里各数一次")
    own = scan.aliases[()]
    for found in used:
        found.set("table", identifier(own))
    counted = exp.Select(expressions=select.expressions)
    counted.set("from_", exp.From(this=table(stage, own)))
    counted.set("joins", joins)
    counted.set("group", select.args["group"])
    return counted
