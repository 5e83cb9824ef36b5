"""The sentence above a funnel, retention, path or interval. Every digit stands in a cell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.explain.headline import scope_text
from assistant.explain.numbers import display_of, is_number
from assistant.language.behaviour_text import days_text
from assistant.language.periods_text import span_text
from semantic_layer.model import Manifest
from semantic_layer.plan.formulas import least_cases
from semantic_layer.query import FunnelQuery, IntervalQuery, PathQuery, RetentionQuery
from semantic_layer.resolved import ResolvedBehaviour, ResolvedQuery
from semantic_layer.result import Cell, Column, ResultSet, Suppressed

Row = Sequence[Cell]


def behaviour_headline(
    resolved: ResolvedQuery, behaviour: ResolvedBehaviour, result: ResultSet, manifest: Manifest
) -> str:
    """What happened to those who started in the period."""
    period = "、".join(span_text(span) for span in resolved.spans)
    scope = scope_text(behaviour.where, resolved, manifest)
    opening = f"{period}{days_text(resolved.query)}{scope}"
    match resolved.query:
        case FunnelQuery(group_by=()) if len(resolved.spans) == 1:
            told = _funnel(result)
        case FunnelQuery():
            told = _ends(behaviour, result, least_cases(manifest))
        case RetentionQuery():
            told = _retention(behaviour, result)
        case PathQuery():
            told = _paths(behaviour, result)
        case IntervalQuery():
            told = _intervals(behaviour, result)
        case _:
            told = None
    return f"{opening}{told or _nothing(resolved, result)}。"


def _nothing(resolved: ResolvedQuery, result: ResultSet) -> str:
    """Hidden is not the same as none."""
    hidden = any(isinstance(cell, Suppressed) for row in result.rows for cell in row)
    if hidden or (not result.rows and "suppressed" in dict(resolved.warnings)):
        return "涉及个人特征,人数够多、可以显示的一个也没有"
    return "没有符合条件的数据"


def _cell(result: ResultSet, row: Row, name: str) -> Cell:
    at = next((i for i, c in enumerate(result.columns) if c.id == name), None)
    return None if at is None else row[at]


def _column(result: ResultSet, name: str) -> Column:
    return next(column for column in result.columns if column.id == name)


def _text(result: ResultSet, name: str, value: Cell) -> str:
    return display_of(_column(result, name), [value]).text(value)


def _funnel(result: ResultSet) -> str | None:
    first, last = result.rows[0], result.rows[-1]
    begun, ended = (_cell(result, row, "entities") for row in (first, last))
    if not is_number(begun) or begun == 0:
        return None
    labels = [str(_cell(result, row, "step")).partition(". ")[2] for row in result.rows]
    told = f"{labels[0]}{_text(result, 'entities', begun)}"
    told += f",最终{labels[-1]}{_text(result, 'entities', ended)}"
    whole = _cell(result, last, "conversion")
    if not is_number(whole):
        return told
    told += f",总转化率{_text(result, 'conversion', whole)}"
    steps = [
        (_number(rate), label)
        for row, label in zip(result.rows[1:], labels[1:], strict=True)
        if is_number(rate := _cell(result, row, "step_conversion"))
    ]
    if len(steps) < 2:
        return told
    rate, label = min(steps, key=lambda pair: pair[0])
    return f"{told};较上一步转化率最低的是{label}({_text(result, 'step_conversion', rate)})"


def _number(value: Cell) -> Decimal:
    return Decimal(str(value))


def _is_step(result: ResultSet, row: Row, place: int) -> bool:
    return str(_cell(result, row, "step")).startswith(f"{place}. ")


def _members(result: ResultSet, row: Row) -> str:
    groups = [i for i, c in enumerate(result.columns) if c.kind in ("dimension", "time")]
    own = [i for i in groups if result.columns[i].id != "step"]
    return " ".join("未知" if row[i] is None else str(row[i]) for i in own)


def _ends(behaviour: ResolvedBehaviour, result: ResultSet, least: float) -> str | None:
    """The groups with the highest and the lowest conversion, of those with enough cases."""
    name = "conversion" if any(c.id == "conversion" for c in result.columns) else "entities"
    size = {
        _members(result, row): _cell(result, row, "entities")
        for row in result.rows
        if _is_step(result, row, 1)
    }
    last = [row for row in result.rows if _is_step(result, row, len(behaviour.steps))]
    known = [row for row in last if is_number(_cell(result, row, name))]
    placed = [row for row in known if _at_least(size[_members(result, row)], least)]
    if not known:
        return None
    label, groups = _column(result, name).name, len(size)
    if len(placed) < 2:
        return f"{behaviour.steps[-1].label}共{groups}组,{label}见表"
    ranked = sorted(placed, key=lambda row: _number(_cell(result, row, name)))
    low, high = (
        f"{_members(result, row)}({_text(result, name, _cell(result, row, name))})"
        for row in (ranked[0], ranked[-1])
    )
    few = f"(起始不足{least:g}的不比)" if len(placed) < groups else ""
    return f"{groups}组中{label}最高为{high},最低为{low}{few}"


def _at_least(size: Cell, least: float) -> bool:
    return is_number(size) and _number(size) >= Decimal(least)


def _retention(behaviour: ResolvedBehaviour, result: ResultSet) -> str | None:
    if not result.rows:
        return None
    start, size = behaviour.steps[0].label, result.totals.get("entities")
    rates = [column for column in result.columns if column.unit == "percent"]
    known = [(c, v) for c in rates if is_number(v := result.totals.get(c.id))]
    if not is_number(size):
        return f"首次{start}的各群留存率如下"
    told = f"首次{start}的{behaviour.actor_label}共{_text(result, 'entities', size)}"
    if not known:
        return f"{told},观察期都未满,还不能算留存率"
    texts = [f"{column.name}为{_text(result, column.id, value)}" for column, value in known[:3]]
    return f"{told};{'、'.join(texts)}(只含观察期已满的)"


def _paths(behaviour: ResolvedBehaviour, result: ResultSet) -> str | None:
    if not result.rows:
        return None
    first, whole = result.rows[0], result.totals.get("sessions")
    count, share = (_cell(result, first, name) for name in ("sessions", "share"))
    told = f"最常见的路径是“{_cell(result, first, 'path')}”({_text(result, 'sessions', count)}"
    told += f",占{_text(result, 'share', share)})" if is_number(share) else ")"
    if not is_number(whole):
        return told
    label = behaviour.steps[0].label
    return f"遇到{label}的会话共{_text(result, 'sessions', whole)};{told}"


def _intervals(behaviour: ResolvedBehaviour, result: ResultSet) -> str | None:
    if not result.rows:
        return None
    start, end = (step.label for step in behaviour.steps)
    ids = [column.id for column in result.columns]
    grouped = any(column.kind in ("dimension", "time") for column in result.columns)
    if grouped and not result.totals:
        return f"{start}到其后{end}的间隔见表"
    whole = result.totals or dict(zip(ids, result.rows[0], strict=True))
    count = whole.get("entities")
    if not is_number(count) or (count == 0 and len(result.rows) == 1):
        return f"没有{start}之后{end}的" if count == 0 else None
    stats = [
        f"{column.name}为{_text(result, column.id, value)}"
        for column in result.columns
        if column.id in ("mean", "median", "p25", "p75")
        and is_number(value := whole.get(column.id))
    ]
    told = f"{start}之后{end}的{behaviour.actor_label}{_text(result, 'entities', count)}"
    return f"{told},{'、'.join(stats)}" if stats else told
