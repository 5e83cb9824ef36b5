"""A member's place in the whole: ,占全部交易笔数的37.63%, ,排第10."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.explain.numbers import display_of, is_number
from assistant.language.names_text import dimension_name
from assistant.language.periods_text import bucket_text
from assistant.language.predicate_text import predicate_text
from semantic_layer.model import Manifest
from semantic_layer.query import DimensionGroup, MetricQuery, MetricRef, Predicate, Share
from semantic_layer.resolve.closure import leaves
from semantic_layer.resolve.conditions import UNKNOWN, conditions_in, parts_of
from semantic_layer.resolve.defaults import asked_metrics
from semantic_layer.resolve.partial import partial_buckets
from semantic_layer.resolve.sets import is_unnamed_set
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell, Column, ResultSet

TOO_FEW = "分母不足"


def place_text(metric: Column, columns: Sequence[Column], row: Sequence[Cell], whole: str) -> str:
    """Share and rank of one row, where the result has them; empty otherwise."""
    texts = ""
    for column, value in zip(columns, row, strict=True):
        if column.id == f"{metric.id}.share" and is_number(value):
            texts += f",占{whole}{display_of(column, [value]).text(value)}"
        if column.id == f"{metric.id}.rank" and is_number(value):
            texts += f",排第{value}"
    return texts


def few_placed(result: ResultSet) -> str:
    """Why a ranking has no first one: most groups are over too few cases to be held together."""
    if result.placed_rows is None or len(result.rows) >= result.total_rows:
        return ""
    if not any(
        notice.code == "unranked" and TOO_FEW in notice.message for notice in result.warnings
    ):
        return ""
    if result.placed_rows >= 2 and result.placed_rows * 2 >= result.total_rows:
        return ""
    return f";多数组{TOO_FEW},样本不足,不能比出高低"


def placed_rows(
    resolved: ResolvedQuery, result: ResultSet, metric: int, manifest: Manifest
) -> list[tuple[Cell, ...]]:
    """The rows that may be called the highest or lowest of their kind."""
    apart = _apart(resolved, result, manifest)
    unfinished = _unfinished(resolved, result, manifest)
    column = result.columns[metric].id
    return [
        row
        for number, row in enumerate(result.rows)
        if is_number(row[metric])
        and (number, column) not in result.small
        and not any(row[at] in members for at, members in apart.items())
        and not any(_bucket(row[at], resolved) in buckets for at, buckets in unfinished.items())
    ]


def mean_text(result: ResultSet, group: int, metric: int, placed: Sequence[Sequence[Cell]]) -> str:
    """What the members are held against, and over how many: ,平均存款余额663.73万元(20个分行)."""
    own = f"{result.columns[metric].id}."
    nameless = sum(row[group] in (UNKNOWN, None) for row in result.rows)
    over = f"({len(placed) + nameless}个{result.columns[group].name})"
    for at, column in enumerate(result.columns):
        if column.id.startswith(own) and (column.base, column.show) == ("average", "value"):
            values = [row[at] for row in placed if is_number(row[at])]
            if values and not display_of(column, values).is_fraction:
                text = f",{column.name}{display_of(column, values[:1]).text(values[0])}"
                return text + (over if column.name.startswith("平均") else "")
    return ""


def kin_rows(
    resolved: ResolvedQuery, result: ResultSet, manifest: Manifest
) -> list[tuple[Cell, ...]]:
    """The rows that are of their kind, those over too few cases included."""
    apart = _apart(resolved, result, manifest)
    return [row for row in result.rows if not any(row[at] in found for at, found in apart.items())]


def _unfinished(
    resolved: ResolvedQuery, result: ResultSet, manifest: Manifest
) -> dict[int, frozenset[str]]:
    """Time column → the buckets of which only some days count."""
    query = resolved.query
    metrics = asked_metrics(query) if isinstance(query, MetricQuery) else ()
    stock = all(leaf.is_stock for name in metrics for leaf in leaves(manifest, name))
    partial = partial_buckets(resolved.spans, resolved.grain, stock=stock)
    names = frozenset(_bucket(bucket.whole.start, resolved) for bucket in partial)
    times = (at for at, column in enumerate(result.columns) if column.kind == "time")
    return dict.fromkeys(times, names) if names else {}


def _bucket(value: Cell, resolved: ResolvedQuery) -> str:
    return bucket_text(value, resolved.grain or "month")


def _apart(
    resolved: ResolvedQuery, result: ResultSet, manifest: Manifest
) -> dict[int, tuple[Cell, ...]]:
    """Column → the members that are listed but are not of its kind: 总行直属, 未知."""
    query = resolved.query
    groups = query.group_by if isinstance(query, MetricQuery) else ()
    names = {g.dimension.rpartition(".")[2] for g in groups if isinstance(g, DimensionGroup)}
    found: dict[int, tuple[Cell, ...]] = {}
    for at, column in enumerate(result.columns):
        name = column.id.rpartition(".")[2]
        if column.kind == "dimension" and name in names and name in manifest.dimensions:
            found[at] = (*manifest.dimensions[name].field.unranked, UNKNOWN, None)
    return found


def whole_text(resolved: ResolvedQuery, manifest: Manifest) -> str:
    """What a share is a share of: 合计的, 上级分行的, 全部客户数的."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or query.share is None:
        return ""
    share = query.share
    if share.of == "total":
        return "合计的"
    if share.of == "parent":
        return f"上级{dimension_name(share.dimension, manifest)}的" if share.dimension else "合计的"
    return _same_figure(query, share, manifest)


def _same_figure(query: MetricQuery, share: Share, manifest: Manifest) -> str:
    """全部客户数的, 该分行客户数的, 性别为女的客户数的: the figure without the condition."""
    measure = query.measures[0]
    if len(query.measures) > 1 or not isinstance(measure, MetricRef) or measure.per:
        return "合计的"
    label = manifest.metrics[measure.metric].label
    groups = [g.dimension for g in query.group_by if isinstance(g, DimensionGroup)]
    if query.group_by:
        return f"该{dimension_name(groups[0], manifest)}{label}的" if len(groups) == 1 else "本组的"
    kept = [p for p in parts_of(query.scope.where) if _stays(p, share)]
    said = "、".join(predicate_text(p, manifest) for p in kept)
    return f"{said}的{label}的" if said else f"全部{label}的"


def _stays(part: Predicate, share: Share) -> bool:
    """Whether the whole has this condition, too."""
    if share.entity is not None:
        return not is_unnamed_set(part, share.entity)
    if share.dimension is None:
        return False
    return {c.dimension for c in conditions_in(part)} != {share.dimension}


def total_label(columns: Sequence[Column]) -> str:
    """合计; 全期 over time, where balances and ratios have a whole but no sum."""
    groups = {c.kind for c in columns if c.kind in ("dimension", "time")}
    return "全期" if groups == {"time"} else "合计"
