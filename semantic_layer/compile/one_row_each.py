"""Groups of one row each need no grouping: the declared key says so."""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.aggregates import constant_divisor, definition
from semantic_layer.compile.keyed import Keyed
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.times import is_date
from semantic_layer.plan.nodes import Branch, Part
from semantic_layer.resolve.availability import grain_unit
from semantic_layer.resolve.frames import unit_name
from semantic_layer.resolve.units import unit_of


def is_one_row_each(
    branch: Branch, keyed: Keyed, columns: list[exp.Expression], scan: Scan
) -> bool:
    """Whether the groups hold the key of the table within one unit of its time."""
    if branch.per is not None or branch.lists_counted or not keyed.groups:
        return False
    if constant_divisor(branch) is not None or not all(map(_is_plain, branch.parts)):
        return False
    values = [value.unalias() for value in columns[: len(keyed.groups)]]
    told = {value.name for value in values if isinstance(value, exp.Column)}
    own = {_stored(name, scan) for name in scan.dataset.key}
    if branch.time is not None and _is_told_by_unit(branch, scan):
        told.add(_stored(branch.time, scan))
    return bool(own) and own <= told and not _joins(branch, scan)


def _is_plain(part: Part) -> bool:
    """Whether the value of one row is that of its group."""
    own = definition(part)
    return own.agg == "sum" and own.average_over is None and not part.counts_people


def _stored(name: str, scan: Scan) -> str:
    value = scan.field((), name)
    return value.name if isinstance(value, exp.Column) else ""


def _is_told_by_unit(branch: Branch, scan: Scan) -> bool:
    """Whether a group has rows of one native unit only."""
    unit = grain_unit(scan.dataset)
    if scan.dataset.grain == "event" or not is_date(scan, branch.time or ""):
        return False
    if branch.keying == "bucket":
        return branch.bucket is not None and unit_name(branch.bucket) == unit
    windows = branch.windows
    one = branch.keying == "one" and len(windows) == 1
    return one and unit_of(unit, windows[0].start) == unit_of(unit, windows[0].end)


def _joins(branch: Branch, scan: Scan) -> bool:
    """Whether other tables are read along, now that all columns are asked for."""
    for part in branch.parts:
        for text in (definition(part).expr, definition(part).filter, part.above_zero):
            if text is not None:
                scan.expression(text)
    return bool(scan.steps or scan.late)
