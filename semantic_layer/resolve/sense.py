"""Questions that have no answer by the meaning of the metric: a share of a rate."""

from __future__ import annotations

from semantic_layer.model import Aggregate, Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Arithmetic,
    DimensionGroup,
    Measure,
    MetricQuery,
    MetricRef,
    Period,
    TimeGroup,
)
from semantic_layer.resolve.availability import UNIT_LABELS
from semantic_layer.resolve.closure import adds_up, is_divided, leaves, measure_metrics
from semantic_layer.resolve.conditions import conditions_in, parts_of
from semantic_layer.resolve.frames import coarser_grains, finest_grain, unit_name
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.sets import is_unnamed_set, memberships
from semantic_layer.resolve.sources import Sources
from semantic_layer.resolve.spans import Anchors
from semantic_layer.resolve.units import serves
from semantic_layer.resolved import Assumption


def check_sense(query: MetricQuery, manifest: Manifest) -> None:
    """Refuses shares of what does not add up and running totals of stocks."""
    for position, measure in enumerate(query.measures):
        if query.share is not None and not adds_up(measure, manifest):
            raise _refused(
                f"“{_name(measure, manifest)}”不能相加,没有占比可言;可以改看它的分子或分母的占比。",
                f"measures.{position}",
            )
        if query.window is not None and _has_stock(measure, manifest):
            raise _refused(
                f"“{_name(measure, manifest)}”是时点数,不能累计或滚动;可以按月看每期末的数。",
                f"measures.{position}",
            )
        _currency(measure, manifest, f"measures.{position}")
    if len(set(query.measures)) < len(query.measures):
        raise _refused("同一个指标出现了两次,请只留一个。", "measures")
    if any(c.base == "average" for c in query.compare) and not query.group_by:
        raise _refused("与平均比要先分组,例如“各分行与平均比”。", "compare")
    _check_grains(query)
    _check_unfiltered(query, manifest)
    if query.window is not None and any(c.base == "range" for c in query.compare):
        raise _refused("累计和滚动的数不能与指定期间比;请用同比或环比。", "compare")
    groups = [g.dimension for g in query.group_by if isinstance(g, DimensionGroup)]
    if query.focus is not None and query.focus.dimension not in groups:
        raise _refused("看名次要按同一个维度分组,例如“按分行,上海分行排第几”。", "focus")
    bases = [comparison.base for comparison in query.compare]
    if len(set(bases)) < len(bases):
        raise _refused("同一种比较出现了两次,请只留一个。", "compare")


def _check_grains(query: MetricQuery) -> None:
    """A week lies in two months: only units that lie in one another stand side by side."""
    grains = [group.grain for group in query.group_by if isinstance(group, TimeGroup)]
    if len(grains) < 2:
        return
    finest = finest_grain(query.group_by)
    for grain in coarser_grains(query.group_by):
        if finest is not None and not serves(unit_name(finest), unit_name(grain)):
            fine, coarse = UNIT_LABELS[unit_name(finest)], UNIT_LABELS[unit_name(grain)]
            raise _refused(
                f"一{fine}可能跨两个{coarse},不能同时按{coarse}和{fine}分组。", "group_by"
            )
    if len(set(grains)) < len(grains):
        raise _refused("同一种时间粒度出现了两次,请只留一个。", "group_by")


def _check_unfiltered(query: MetricQuery, manifest: Manifest) -> None:
    """A condition can only be taken off when it stands alone, not as one side of an OR."""
    share = query.share
    if share is not None and share.entity is not None:
        _check_unset(query, share.entity)
    if share is None or share.of != "unfiltered" or share.dimension is None:
        return
    label = manifest.dimensions[share.dimension.rpartition(".")[2]].label
    parts = parts_of(query.scope.where)
    on = [{c.dimension for c in conditions_in(part)} for part in parts]
    if not any(share.dimension in names for names in on):
        raise _refused(f"没有按“{label}”筛选,没有“不限{label}”的分母。", "share")
    chosen = [any(True for _ in memberships(part)) for part in parts]
    if any(
        share.dimension in names and (len(names) > 1 or sets)
        for names, sets in zip(on, chosen, strict=True)
    ):
        raise _refused(f"“{label}”的条件和其他条件是“或”的关系,去不掉;请分开问。", "share")


def _check_unset(query: MetricQuery, entity: str) -> None:
    """Sets can only be taken off where there are some."""
    if not any(is_unnamed_set(part, entity) for part in parts_of(query.scope.where)):
        raise _refused("没有人群条件,没有“不限人群”的分母。", "share")


def check_days(period: Period, anchors: Anchors) -> None:
    """Kinds of days only tell apart what happened on days."""
    if period.days is None or (anchors.unit == "day" and not anchors.stock):
        return
    reason = "时点数" if anchors.stock else "没有按日数据的指标"
    raise _refused(
        f"{reason}不能只看某一类日子(工作日、周末、节假日、每周几)。", "scope.period.days"
    )


def check_timeless(
    query: MetricQuery, sources: Sources, manifest: Manifest
) -> tuple[Assumption, ...]:
    """A table without dates only knows today: said for a number, refused for a history."""
    found = []
    for leaf in sources.values():
        definition = leaf.definition
        assert isinstance(definition, Aggregate)
        if (
            definition.time
            or definition.semi_additive
            or manifest.datasets[definition.dataset].time
        ):
            continue
        if _asks_for_history(query):
            raise _refused(
                f"“{leaf.label}”没有日期,只有当前值,不能看历史或作比较。", "scope.period"
            )
        found.append(Assumption("period", f"“{leaf.label}”没有日期,取当前数据"))
    return tuple(found)


def _asks_for_history(query: MetricQuery) -> bool:
    period = query.scope.period
    several = period is not None and len(period.spans) > 1
    bucketed = any(isinstance(group, TimeGroup) for group in query.group_by)
    refs = [ref for measure in query.measures for ref in measure_metrics(measure)]
    means = any(ref.stat or (ref.per and not is_divided(ref)) for ref in refs)
    return several or bucketed or means or bool(query.compare) or query.window is not None


def _currency(measure: Measure, manifest: Manifest, at: str) -> str | None:
    """The currency of an amount; refuses sums and differences of two currencies."""
    if isinstance(measure, MetricRef):
        unit = manifest.metrics[measure.metric].unit
        return unit if unit and len(unit) == 3 and unit.isascii() and unit.isupper() else None
    if not isinstance(measure, Arithmetic):
        return None
    left, right = (_currency(m, manifest, at) for m in (measure.left, measure.right))
    if measure.op in ("*", "/"):
        return None
    if left and right and left != right:
        message = f"{left}和{right}是两种币种,不能直接相加减;请改用折算成同一币种的指标。"
        raise RefusedError(Problem("mixed_currency", message, at))
    return left or right


def _has_stock(measure: Measure, manifest: Manifest) -> bool:
    refs = measure_metrics(measure)
    return any(leaf.is_stock for ref in refs for leaf in leaves(manifest, ref.metric))


def _name(measure: Measure, manifest: Manifest) -> str:
    return "、".join(manifest.metrics[ref.metric].label for ref in measure_metrics(measure))


def _refused(message: str, at: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, at))
