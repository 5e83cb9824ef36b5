"""其他 beside the first ones: when there is no such rest."""

from __future__ import annotations

from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery, SetGroup, TimeGroup
from semantic_layer.resolve.refused import RefusedError


def check_rest(query: MetricQuery) -> None:
    """Refuses the rest of periods alone, and of sets that overlap."""
    limit = query.limit
    if limit is None or not limit.others:
        return
    listed = [
        group
        for at, group in enumerate(query.group_by)
        if at not in limit.partition_by and not isinstance(group, TimeGroup)
    ]
    if any(isinstance(group, SetGroup) for group in listed):
        raise _refused("客群可能互相重叠,合不成“其他”;请去掉“其他”,各客群本来就不多,可以全部列出。")
    if query.group_by and not listed:
        raise _refused("没有可以归入“其他”的分组:时间和“每个……里”的分组都各自列出;请去掉“其他”。")


def has_rest_apart(query: MetricQuery) -> bool:
    """Whether there is a rest of every period or of every group with its own first ones."""
    limit, period = query.limit, query.scope.period
    if limit is None or not limit.others:
        return False
    timed = any(isinstance(group, TimeGroup) for group in query.group_by)
    several = period is not None and len(period.spans) > 1
    return bool(limit.partition_by) or timed or several


def _refused(message: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, "limit"))
