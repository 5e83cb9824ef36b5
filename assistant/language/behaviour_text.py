"""How a funnel, retention, path or interval was read: 漏斗 进入注册页 → 注册成功 · 30天内."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.names_text import GRAIN_WORDS, dimension_name, metric_name
from assistant.language.periods_text import DAY_WORDS, OFF_DAYS
from assistant.language.predicate_text import predicate_text
from semantic_layer.model import Manifest
from semantic_layer.query import (
    BucketGroup,
    DimensionGroup,
    FunnelQuery,
    IntervalQuery,
    PathQuery,
    Query,
    RetentionQuery,
    SetGroup,
    TimeGroup,
)
from semantic_layer.resolved import ResolvedBehaviour, ResolvedQuery, ResolvedStep

NUMBERED = ("首次", "第")
UNITS = {"day": "日", "week": "周", "month": "月"}


def behaviour_parts(
    resolved: ResolvedQuery, behaviour: ResolvedBehaviour, manifest: Manifest
) -> Iterator[str]:
    """Scope, steps, rules and groups, in the order people read them."""
    query, where = resolved.query, behaviour.where
    if days := days_text(query):
        yield f"起始事件{days}"
    steps = [step_text(step, manifest) for step in behaviour.steps]
    if where is not None:
        yield f"起始事件{predicate_text(where, manifest)}"
    match query:
        case FunnelQuery():
            yield "漏斗:" + " → ".join(steps)
            yield f"{query.window_days}天内依次完成"
        case RetentionQuery():
            periods = "、".join(map(str, query.periods))
            yield f"留存:{_first(steps[0])}后第{periods}{UNITS[query.unit]}{steps[1]}"
            yield f"按起始{UNITS[query.cohort_unit]}分群"
        case PathQuery():
            way = "出发" if query.direction == "from" else "之前"
            yield f"路径:{steps[0]}{way},最多{query.length}站,前{query.top}条"
        case IntervalQuery():
            end = steps[1] if steps[1].startswith(NUMBERED) else f"第一次{steps[1]}"
            yield f"间隔:{_first(steps[0])}到其后{end}"
            if query.window_days is not None:
                yield f"{query.window_days}天内"
    if not isinstance(query, PathQuery):
        yield f"按{behaviour.actor_label}去重"
    yield from groups_text(resolved, manifest)


def _first(step: str) -> str:
    """首次打开APP; 首次购买 and 第二次购买 say it themselves."""
    return step if step.startswith(NUMBERED) else f"首次{step}"


def days_text(query: Query) -> str:
    """The kind of days that starts lie on: 只算工作日."""
    period = query.scope.period
    if period is None or period.days is None:
        return ""
    return f"只算{OFF_DAYS if period.days == 'holiday' else DAY_WORDS[period.days]}"


def groups_text(resolved: ResolvedQuery, manifest: Manifest) -> Iterator[str]:
    """按手机系统, 按月."""
    for group in getattr(resolved.query, "group_by", ()):
        if isinstance(group, DimensionGroup):
            yield f"按{dimension_name(group.dimension, manifest)}"
        if isinstance(group, TimeGroup):
            yield f"按{GRAIN_WORDS[group.grain]}"
        if isinstance(group, BucketGroup):
            named = metric_name if group.of in manifest.metrics else dimension_name
            yield f"按{named(group.of, manifest)}分档"
        if isinstance(group, SetGroup):
            yield "对比" + "、".join(set_.label or "人群" for set_ in group.sets)


def step_text(step: ResolvedStep, manifest: Manifest) -> str:
    """An event with the asker's condition on it."""
    if step.where is None:
        return step.label
    return f"{step.label}({predicate_text(step.where, manifest)})"
