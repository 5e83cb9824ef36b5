"""小计 by the first groups: which ones there are, and when they would say something wrong."""

from __future__ import annotations

from semantic_layer.problem import Problem
from semantic_layer.query import DimensionGroup, MetricQuery, SetGroup, TimeGroup
from semantic_layer.resolve.refused import RefusedError, refuse_unsupported
from semantic_layer.resolve.rest import has_rest_apart


def check_subtotals(query: MetricQuery, *, watches_people: bool) -> None:
    """Refuses 小计 of the last group, of shares of a parent and across sets that overlap."""
    if watches_people and has_rest_apart(query):
        instead = "由它们可以倒推出被隐去的数,请去掉“其他”"
        raise refuse_unsupported("按个人特征分组或筛选时各组、各期的“其他”", "limit", instead)
    if watches_people and query.subtotals and not _is_plain(query):
        instead = "由它们可以倒推出被隐去的数,请去掉小计,或不分期、不排名、不看占比"
        raise refuse_unsupported("按个人特征分组或筛选时这样的小计", "subtotals", instead)
    if not query.subtotals:
        return
    if any(not 0 <= at < len(query.group_by) - 1 for at in query.subtotals):
        raise _refused("小计要按前面的分组,例如“各分行各支行,按分行小计”。")
    if query.share is not None and query.share.of == "parent":
        raise _refused("占上级的比例没有小计:每个上级合起来就是100%。")
    for at in query.subtotals:
        dropped = query.group_by[at + 1 :]
        if any(isinstance(group, SetGroup) for group in dropped):
            raise _refused("客群可能互相重叠,各客群之上没有小计。")
        if not any(isinstance(group, TimeGroup) for group in dropped):
            continue
        if query.window is not None:
            raise _refused("累计和滚动的数在各期之上没有小计。")
        untimed = not any(isinstance(group, TimeGroup) for group in query.group_by[: at + 1])
        if untimed and query.scope.period is not None and len(query.scope.period.spans) > 1:
            raise _refused("几段时间并列时,各期之上没有小计;请只问一段时间,或去掉小计。")


def _is_plain(query: MetricQuery) -> bool:
    """Groups within groups and nothing else: what is hidden below is hidden above."""
    cut = query.having or query.limit or query.focus or query.share
    period = query.scope.period
    several = period is not None and len(period.spans) > 1
    dimensions = all(isinstance(group, DimensionGroup) for group in query.group_by)
    return not cut and not several and dimensions


def _refused(message: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, "subtotals"))
