"""Whether there are rows at all, told apart from who is asked for: members join as a filter."""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.aggregates import needs_rows
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.times import is_date, known_days, time_terms
from semantic_layer.compile.tokens import all_of, named, number, table
from semantic_layer.plan.nodes import Branch
from semantic_layer.resolve.units import Days

REPORTED = "reported"


def if_reported(
    columns: list[exp.Expression],
    branch: Branch,
    scan: Scan,
    terms: list[exp.Expression],
    stages: Stages,
) -> list[exp.Expression]:
    """The values of the parts, none where no row fulfils the terms."""
    if not any(needs_rows(part, branch) for part in branch.parts):
        return columns
    if _has_rows(branch, scan, terms):
        return columns
    rows = exp.Select(expressions=[named(number(1), REPORTED)])
    rows.set("from_", exp.From(this=scan.source()))
    rows.set("joins", [join.copy() for join in scan.steps])
    condition = all_of(term.copy() for term in terms)
    if condition is not None:
        rows.set("where", exp.Where(this=condition))
    rows.set("limit", exp.Limit(expression=number(1)))
    stage = stages.add(f"{branch.name}_{REPORTED}", rows, "有没有这一期的数据")
    return [
        _guarded_value(value, stage) if needs_rows(part, branch) else value
        for part, value in zip(branch.parts, columns, strict=True)
    ]


def _has_rows(branch: Branch, scan: Scan, terms: list[exp.Expression]) -> bool:
    """Whether that was seen beforehand: the days asked for, and nothing else, limit the rows."""
    if branch.time is None or not is_date(scan, branch.time):
        return False
    if any(step.side != "LEFT" for step in scan.steps):
        return False
    days = (Days(window.start, window.end) for window in branch.windows)
    known = any(known_days(scan, branch.time, asked) for asked in days)
    plain = branch.days is None and branch.snapshot is None and not branch.last_known
    return known and plain and terms == time_terms(branch, scan)


def _guarded_value(value: exp.Expression, stage: str) -> exp.Expression:
    count = exp.Select(expressions=[exp.Count(this=exp.Star())])
    count.set("from_", exp.From(this=table(stage)))
    some = exp.GT(this=exp.Subquery(this=count), expression=number(0))
    return named(exp.Case(ifs=[exp.If(this=some, true=value.unalias())]), value.alias)
