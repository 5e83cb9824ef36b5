"""The sentence above the table: digits of cells and periods, and the gap of two members.

2026年10月全行新增客户数12,346户;20个分行中银川分行最多(1,203户),固原分行最少(187户)。
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.explain.change import changes_text
from assistant.explain.gap import gap_text
from assistant.explain.numbers import Display, display_of, is_change, is_number
from assistant.explain.place import (
    few_placed,
    kin_rows,
    mean_text,
    place_text,
    placed_rows,
    whole_text,
)
from assistant.explain.selected import selected_text
from assistant.language.amounts_text import amount_text
from assistant.language.periods_text import bucket_text, day_text, span_text
from assistant.language.predicate_text import paired, predicate_text, value_text
from assistant.language.reading_text import days_told
from semantic_layer.model import Manifest
from semantic_layer.query import And, BucketGroup, Condition, MetricQuery, Predicate, TimeGroup
from semantic_layer.resolved import ResolvedQuery, ResolvedSpan
from semantic_layer.result import Cell, Column, ResultSet, Suppressed


def headline(resolved: ResolvedQuery, result: ResultSet, manifest: Manifest) -> str:
    """One or two sentences that say what the numbers are."""
    opening = opening_text(resolved, manifest)
    result = _with_band_names(resolved, result, manifest)
    metrics = [i for i, c in enumerate(result.columns) if c.kind == "metric" and c.show == "value"]
    if not result.rows:
        few = few_placed(result) if metrics else ""
        lead = result.columns[metrics[0]] if few else None
        said = f"{lead.name}{_total(result, lead, resolved)}{few}" if lead else "没有符合条件的数据"
        return f"{opening}{said}。"
    groups = [i for i, c in enumerate(result.columns) if c.kind in ("dimension", "time")]
    if not groups:
        whole = whole_text(resolved, manifest)
        return f"{opening}{_single_row(resolved, result, metrics, whole)}。"
    if len(groups) == 1 and len(metrics) >= 1:
        placed = placed_rows(resolved, result, metrics[0], manifest)
        kept = selected_text(
            resolved, result, groups[0], metrics, kin_rows(resolved, result, manifest), placed
        )
        if kept is not None:
            lead = result.columns[metrics[0]]
            return f"{opening}{lead.name}{_total(result, lead, resolved)}{kept}。"
        whole = whole_text(resolved, manifest)
        return f"{opening}{_grouped(resolved, result, groups[0], metrics[0], placed, whole)}。"
    return f"{opening}{_several_groups(resolved, result, metrics, manifest)}。"


def _with_band_names(resolved: ResolvedQuery, result: ResultSet, manifest: Manifest) -> ResultSet:
    """Bands of one width are stored by where they begin; people name both ends."""
    query = resolved.query
    group = query.group_by[0] if isinstance(query, MetricQuery) and query.group_by else None
    if not isinstance(group, BucketGroup) or group.width is None:
        return result
    metric, width = manifest.metrics.get(group.of), group.width
    unit = metric.unit if metric else None

    def named(value: Cell) -> Cell:
        if not is_number(value):
            return value
        low = float(_as_decimal(value))
        return f"{amount_text(low, None)}—{amount_text(low + width, unit)}"

    return replace(result, rows=tuple((named(row[0]), *row[1:]) for row in result.rows))


def opening_text(resolved: ResolvedQuery, manifest: Manifest) -> str:
    """When and for whom: 2026年10月全行, 截至2026年10月31日,银川分行."""
    query = resolved.query
    where = query.scope.where if isinstance(query, MetricQuery) else None
    scope = scope_text(where, resolved, manifest)
    period = "、".join(span_text(s) for s in resolved.spans)
    if len(resolved.spans) == 1 and resolved.spans[0].is_point:
        return f"截至{day_text(resolved.spans[0].end)},{scope}"
    days = days_told(query) if isinstance(query, MetricQuery) else ""
    return f"{period}({days}){scope}" if days else f"{period}{scope}"


def scope_text(where: Predicate | None, resolved: ResolvedQuery, manifest: Manifest) -> str:
    """Whose numbers: 全行, 银川分行, 仅银川分行(分行为…)."""
    limited = resolved.scope_text not in ("", manifest.whole)
    rights = f"({resolved.scope_text},非{manifest.whole}合计)" if limited else ""
    if where is None:
        return rights or manifest.whole
    conditions = paired(where.children) if isinstance(where, And) else (where,)
    named = "、".join(_condition(c, manifest) for c in conditions)
    of = _ends_latin(named) or (conditions and isinstance(conditions[-1], And))
    return rights + (f"{named}的" if of else named)


def _condition(where: Predicate, manifest: Manifest) -> str:
    if isinstance(where, Condition) and _stands_alone(where, manifest):
        values = [value_text(where.dimension, v, manifest) for v in where.values]
        if all(len(v) > 1 and not v.isdigit() for v in values):
            return "、".join(values)
    text = predicate_text(where, manifest)
    return text if isinstance(where, And) else f"({text})"


def _stands_alone(where: Condition, manifest: Manifest) -> bool:
    """Whether the values say what they are values of: 银川分行, not 金卡 of last month."""
    known = manifest.dimensions.get(where.dimension.rpartition(".")[2])
    plain = "." not in where.dimension and (known is None or known.field.searchable)
    return where.op == "in" and len(where.values) <= 3 and plain


def _single_row(
    resolved: ResolvedQuery, result: ResultSet, metrics: Sequence[int], whole: str
) -> str:
    row = result.rows[0]
    texts = []
    for index in metrics:
        column = result.columns[index]
        value = value_in_sentence(column, row[index])
        if isinstance(row[index], Suppressed):
            texts.append(f"{column.name}{value}")
            continue
        place = place_text(column, result.columns, row, whole)
        changes = changes_text(column, result.columns, row, resolved)
        texts.append(f"{column.name}{value}{place}{changes}")
    return ";".join(texts)


def value_in_sentence(column: Column, value: Cell) -> str:
    """A metric's value in a sentence, or why there is none."""
    if value is None:
        return "无法计算(没有数据或分母为零)"
    text = display_of(column, [value]).text(value)
    if isinstance(value, Suppressed):
        return f"为{text}(人数过少,不显示)"
    return f"为{text}" if text.startswith("-") or _ends_latin(column.name) else text


def _ends_latin(name: str) -> bool:
    """EVA, 零售AUM: a number behind it would run into it."""
    return name[-1:].isascii() and name[-1:].isalnum()


def _grouped(
    resolved: ResolvedQuery,
    result: ResultSet,
    group: int,
    metric: int,
    placed: Sequence[Sequence[Cell]],
    whole: str,
) -> str:
    column = result.columns[metric]
    ranked = [r for r in result.rows if is_number(r[metric])]
    lead = f"{column.name}{_total(result, column, resolved)}"
    hidden = _hides(result, metric)
    if not ranked:
        why = "人数过少,不显示数值" if hidden else "无数值"
        return f"{lead};各组均{why}"
    lead += "(人数过少的组不显示)" if hidden else ""
    display = display_of(column, [r[metric] for r in ranked])
    if result.columns[group].kind == "time":
        moved = changes_text(column, result.columns, ranked[-1], resolved, dated=False)
        ends = _asked_ends(resolved, result, placed, group, metric)
        kept = () if ends else placed
        line = _trend(resolved, ranked, kept, group, metric, display, moved + ends)
        return lead + line + _beyond(resolved, result, kept, group, metric)
    if few := few_placed(result):
        return lead + few
    if len(ranked) == 1 or len(result.rows) < result.total_rows:
        return lead + _listed(resolved, result, ranked, group, metric, display, whole)
    changed = _ordered_by_change(resolved, result) or _place_alone(resolved, result, metric)
    if changed is not None:
        return lead + _changed_most(result, placed, group, changed)
    if len(placed) < len(ranked) and len({row[metric] for row in placed}) < 2:
        return lead
    mean = mean_text(result, group, metric, placed)
    both = [(member_text(row[group]), row[metric]) for row in ranked]
    gap = gap_text(resolved, column, both)
    return lead + _extremes(result, placed, group, metric, display, whole) + gap + mean


def _listed(
    resolved: ResolvedQuery,
    result: ResultSet,
    ranked: Sequence[Sequence[Cell]],
    group: int,
    metric: int,
    display: Display,
    whole: str,
) -> str:
    """The only member, or the first ones of a list cut by a limit."""
    column = result.columns[metric]
    texts = [
        f"{member_text(row[group])}{_legible(column, display, row[metric])}"
        f"{_ordered_change(resolved, result, row)}"
        for row in ranked[:3]
    ]
    if len(ranked) == 1:
        place = place_text(column, result.columns, ranked[0], whole)
        if not texts[0].endswith(")"):
            place += changes_text(column, result.columns, ranked[0], resolved)
        groups = result.total_rows if result.placed_rows is None else result.placed_rows
        among = f"(共{groups}个)" if "排第" in place and groups > 1 else ""
        return f";{texts[0]}{place}{among}"
    return f";各{result.columns[group].name}中依次为{'、'.join(texts)}{_more(ranked)}"


def _ordered_by_change(resolved: ResolvedQuery, result: ResultSet) -> int | None:
    """The column of the change that all groups are ordered by: 按同比增速排名."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or not query.order or query.order[0].column.base is None:
        return None
    wanted = query.order[0].column
    lead = query.measures[wanted.measure or 0]
    own = [c.id for c in result.columns if c.kind == "metric" and c.show == "value" and not c.base]
    name = f"{own[query.measures.index(lead)]}."
    return next(
        (
            at
            for at, c in enumerate(result.columns)
            if c.id.startswith(name) and (c.base, c.show) == (wanted.base, wanted.show)
        ),
        None,
    )


def _place_alone(resolved: ResolvedQuery, result: ResultSet, metric: int) -> int | None:
    """The column of the change of rank, when no other change was asked for."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or len(query.compare) != 1:
        return None
    if [show for show in query.compare[0].show if show != "value"] != ["rank"]:
        return None
    own = f"{result.columns[metric].id}."
    places = (at for at, c in enumerate(result.columns) if c.base and c.show == "rank")
    return next((at for at in places if result.columns[at].id.startswith(own)), None)


def _changed_most(
    result: ResultSet, rows: Sequence[Sequence[Cell]], group: int, changed: int
) -> str:
    """The two ends of the change that was asked for, never of the level."""
    known = [row for row in rows if is_number(row[changed])]
    if not known:
        return ""
    column, name = result.columns[changed], result.columns[group].name
    display = display_of(column, [row[changed] for row in known])
    values = [row[changed] for row in known]
    high, low = (pick(values, key=_as_decimal) for pick in (max, min))
    ends = (
        f"{word}的是{_members(known, group, changed, end)}"
        f"({display.number(end, signed=is_change(column))}{display.unit})"
        for end, word in (((high, "最高"), (low, "最低")) if high != low else ((high, "最高"),))
    )
    return f";各{name}中{column.name}{','.join(ends)}"


def _ordered_change(resolved: ResolvedQuery, result: ResultSet, row: Sequence[Cell]) -> str:
    """The change that the list is ordered by, in brackets: (+33.99%)."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or not query.order:
        return ""
    wanted = query.order[0].column
    for column, value in zip(result.columns, row, strict=True):
        if wanted.base and (column.base, column.show) == (wanted.base, wanted.show):
            display = display_of(column, [value])
            done = "完成" if (column.base, column.show) == ("target", "rate") else ""
            return f"({done}{display.number(value, signed=not done)}{display.unit})"
    return ""


def _total(result: ResultSet, column: Column, resolved: ResolvedQuery) -> str:
    total = result.totals.get(column.id)
    if not is_number(total) or _by_time(resolved):
        return ""
    return f"{value_in_sentence(column, total)}{_total_changes(result, column, resolved)}"


def _total_changes(result: ResultSet, column: Column, resolved: ResolvedQuery) -> str:
    row = [result.totals.get(c.id) for c in result.columns]
    has_any = any(result.totals.get(c.id) is not None for c in result.columns if c.base)
    return changes_text(column, result.columns, row, resolved) if has_any else ""


def _by_time(resolved: ResolvedQuery) -> bool:
    query = resolved.query
    return isinstance(query, MetricQuery) and any(isinstance(g, TimeGroup) for g in query.group_by)


def _extremes(
    result: ResultSet,
    ranked: Sequence[Sequence[Cell]],
    group: int,
    metric: int,
    display: Display,
    whole: str,
) -> str:
    """Highest and lowest member; of parts of each member's own whole, by the share."""
    rest = "其余" if _hides(result, metric) else "各"
    name = f"{rest}{result.columns[group].name}"
    column = result.columns[metric]
    by = _share_within(result, metric) if whole not in ("", "合计的") else metric
    values = [r[by] for r in ranked if is_number(r[by])]
    if not values:
        return ""
    high, low = (pick(values, key=_as_decimal) for pick in (max, min))
    if high == low and by == metric:
        return f";{name}均为{display.text(high)}"
    ends = []
    for end, word in ((high, "高"), (low, "低")):
        row = next(r for r in ranked if r[by] == end)
        said = _legible(column, display, row[metric])
        share = place_text(column, result.columns, row, whole)
        kind = "占比" if by != metric else ""
        ends.append(f"{_members(ranked, group, by, end)}{kind}最{word}({said}{share})")
    return f";{name}中{','.join(ends)}"


def _share_within(result: ResultSet, metric: int) -> int:
    """The column with the shares of a metric."""
    wanted = f"{result.columns[metric].id}.share"
    return next((at for at, c in enumerate(result.columns) if c.id == wanted), metric)


def _legible(column: Column, display: Display, value: Cell) -> str:
    """In the unit of its column; in its own where that would print it as nothing."""
    if is_number(value) and value != 0 and display.is_flat(value):
        return display_of(column, [value]).text(value)
    return display.text(value)


def _hides(result: ResultSet, metric: int) -> bool:
    """Whether some groups are not shown, so that nobody is the highest or lowest of all."""
    return any(isinstance(row[metric], Suppressed) for row in result.rows)


def _members(ranked: Sequence[Sequence[Cell]], group: int, metric: int, value: Cell) -> str:
    """The member with that value, or the first of several: 宁波分行等并列."""
    names = [member_text(r[group]) for r in ranked if r[metric] == value]
    return names[0] if len(names) == 1 else f"{names[0]}等并列"


def _as_decimal(value: Cell) -> Decimal:
    return Decimal(str(value))


def _more(ranked: Sequence[object]) -> str:
    return "等" if len(ranked) > 3 else ""


def _trend(
    resolved: ResolvedQuery,
    ranked: Sequence[Sequence[Cell]],
    placed: Sequence[Sequence[Cell]],
    group: int,
    metric: int,
    display: Display,
    moved: str,
) -> str:
    grain = resolved.grain or "month"
    first, last = ranked[0], ranked[-1]
    if len(ranked) == 1:
        return f":{bucket_text(first[group], grain)}{display.text(first[metric])}"
    start = f"从{bucket_text(first[group], grain)}的{display.text(first[metric])}"
    name = bucket_text(last[group], grain)
    end = f"到{name}的{display.text(last[metric])}"
    if moved:
        end += f",{name}{moved.removeprefix(',')}"
    if len(placed) < 2:
        return start + end
    high = max(placed, key=lambda r: r[metric])  # type: ignore[arg-type,return-value]
    low = min(placed, key=lambda r: r[metric])  # type: ignore[arg-type,return-value]
    if high[metric] == low[metric]:
        whole = len(placed) == len(ranked)
        return f"{start}{end}" + (f";各期均为{display.text(high[metric])}" if whole else "")
    peak = f"最高为{bucket_text(high[group], grain)}({display.text(high[metric])})"
    trough = f"最低为{bucket_text(low[group], grain)}({display.text(low[metric])})"
    return f"{start}{end};{peak},{trough}"


def _beyond(
    resolved: ResolvedQuery,
    result: ResultSet,
    placed: Sequence[Sequence[Cell]],
    group: int,
    metric: int,
) -> str:
    """Periods above the highest or below the lowest one that take no place, and why."""
    values = [_as_decimal(row[metric]) for row in placed]
    if len(set(values)) < 2:
        return ""
    apart: dict[str, list[str]] = {}
    for number, row in enumerate(result.rows):
        beyond = is_number(row[metric]) and row not in placed
        if beyond and not min(values) <= _as_decimal(row[metric]) <= max(values):
            few = (number, result.columns[metric].id) in result.small
            name = bucket_text(row[group], resolved.grain or "month")
            apart.setdefault("样本不足" if few else "未满", []).append(name)
    said = ",".join(f"{'、'.join(names)}{why}" for why, names in apart.items())
    return f";{said},不比高低" if said else ""


def _asked_ends(
    resolved: ResolvedQuery,
    result: ResultSet,
    placed: Sequence[Sequence[Cell]],
    group: int,
    metric: int,
) -> str:
    """The two ends of the one change that was asked for by name: 同比增速走势, 每月净增."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or len(query.compare) != 1:
        return ""
    asked = [show for show in query.compare[0].show if show != "value"]
    own = f"{result.columns[metric].id}."
    found = [
        at
        for at, column in enumerate(result.columns)
        if column.id.startswith(own) and column.base and [column.show] == asked
    ]
    known = [row for row in placed if found and is_number(row[found[0]])]
    if len(known) < 2 or asked[0] not in CHANGES:
        return ""
    at, grain = found[0], resolved.grain or "month"
    display = display_of(result.columns[at], [row[at] for row in known])
    ends = ((max, "最高"), (min, "最低"))
    said = ",".join(
        f"{word}为{bucket_text(row[group], grain)}"
        f"({display.number(row[at], signed=True)}{display.unit})"
        for pick, word in ends
        if (row := pick(known, key=lambda r: _as_decimal(r[at])))
    )
    return f";{CHANGES[asked[0]]}{said}"


CHANGES: dict[str, str] = {"diff": "增减额", "rate": "增速"}
MOST_TOTALS = 3


def _several_groups(
    resolved: ResolvedQuery, result: ResultSet, metrics: Sequence[int], manifest: Manifest
) -> str:
    """Every metric with its whole: amounts add up to it, rates and stocks of many dates do not."""
    texts = []
    for column in (result.columns[i] for i in metrics[:MOST_TOTALS]):
        total = result.totals.get(column.id)
        if not is_number(total):
            texts.append(column.name)
            continue
        display = display_of(column, [total])
        known = manifest.metrics.get(column.id)
        is_last = known is not None and known.is_stock and _by_time(resolved)
        word = "期末" if is_last else "整体" if display.is_fraction else "合计"
        texts.append(f"{column.name}{word}{display.text(total)}")
    more = "等" if len(metrics) > MOST_TOTALS else ""
    return f"{'、'.join(texts)}{more},共{result.total_rows or len(result.rows)}组"


def member_text(value: Cell) -> str:
    """A group member's name; 未知 when it has none."""
    return "未知" if value is None else str(value)


def periods_of(spans: Sequence[ResolvedSpan]) -> list[dict[str, object]]:
    """The `periods` list of the answer."""
    return [
        {
            "role": s.role,
            "start": s.start.isoformat(),
            "end": s.end.isoformat(),
            "complete": s.complete,
        }
        for s in spans
    ]
