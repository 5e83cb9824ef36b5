"""Why somebody belongs to a set, in Chinese: 近30天没有交易, AUM较年初增加超过10万元, 存款前10%."""

from __future__ import annotations

from assistant.language.amounts_text import NUMBER_WORDS, amount_text
from assistant.language.names_text import BASE_WORDS, PER_WORDS, metric_name
from assistant.language.time import describe
from semantic_layer.model import Aggregate, Manifest
from semantic_layer.query import (
    ChangeCondition,
    EventCondition,
    FunnelCondition,
    MetricCondition,
    Period,
    Predicate,
    Relative,
    TopMembership,
)
from semantic_layer.resolve.behaviour_events import known_events

_ROW_WORDS = {"date": "天", "week": "周", "month": "个月", "quarter": "个季度", "year": "年"}
_EACH_WORDS = {"date": "每天", "week": "每周", "month": "每月", "quarter": "每季度", "year": "每年"}
_MOVES = {"gt": "增加超过", "ge": "增加不少于", "lt": "减少超过", "le": "减少不少于"}
_RATES = {"gt": "增长超过", "ge": "增长不低于", "lt": "下降超过", "le": "下降不低于"}
_COUNTS = ("笔数", "次数", "件数", "量", "数")


def metric_text(where: MetricCondition, manifest: Manifest) -> str:
    """AUM大于100万元, 有个人贷款余额, 近3个月每月交易金额都大于1万元."""
    metric = manifest.metrics.get(where.metric)
    name = (
        f"{PER_WORDS.get(where.per, '') if where.per else ''}{metric_name(where.metric, manifest)}"
    )
    when, row = _run(where.in_a_row, where.row_unit, where.period)
    if metric is not None and metric.is_stock and (where.op, where.value) == ("gt", 0) and not row:
        return f"{when}有{name}"
    if (
        metric is not None
        and metric.unit == "户"
        and (where.op, where.value) == ("ge", 1)
        and not row
    ):
        return f"{when}为{name.removesuffix('数')}"
    every = "都" if row.startswith("每") else ""
    value = amount_text(where.value, metric.unit if metric else None)
    return f"{when}{row}{name}{every}{NUMBER_WORDS[where.op]}{value}"


def lacking(child: Predicate, manifest: Manifest) -> str | None:
    """The opposite of having a balance: 没有个人贷款余额."""
    if not isinstance(child, MetricCondition) or child.in_a_row or child.per:
        return None
    metric = manifest.metrics.get(child.metric)
    if metric is None or not metric.is_stock or (child.op, child.value) != ("gt", 0):
        return None
    return f"{_when(child.period)}没有{metric_name(child.metric, manifest)}"


def change_text(where: ChangeCondition, manifest: Manifest) -> str:
    """个人存款余额环比下降超过20%, 零售AUM较年初增加不少于10万元."""
    metric = manifest.metrics.get(where.metric)
    name = f"{_when(where.period)}{metric_name(where.metric, manifest)}"
    base = f"比{describe(where.span)}" if where.span else BASE_WORDS[where.base]
    rises = where.op in ("gt", "ge")
    if where.op not in _MOVES or (where.value < 0 if rises else where.value > 0):
        shown = {"rate": "增速", "pp": "变化"}.get(where.show, "增减额")
        unit = "percent" if where.show in ("rate", "pp") else metric.unit if metric else None
        return f"{name}{base}{shown}{NUMBER_WORDS[where.op]}{amount_text(where.value, unit)}"
    if where.value == 0 and where.op in ("gt", "lt"):
        return f"{name}{base}{'增加' if rises else '减少'}"
    size = abs(where.value)
    if where.show == "pp":
        return f"{name}{base}{_RATES[where.op]}{size * 100:.10g}个百分点"
    if where.show == "rate":
        return f"{name}{base}{_RATES[where.op]}{amount_text(size, 'percent')}"
    return f"{name}{base}{_MOVES[where.op]}{amount_text(size, metric.unit if metric else None)}"


def top_text(where: TopMembership, manifest: Manifest) -> str:
    """零售AUM前10%, 个人存款余额最低的3名."""
    name = f"{_when(where.period)}{metric_name(where.metric, manifest)}"
    size = f"{where.count}名" if where.count else f"{where.percent}%"
    return f"{name}前{size}" if where.descending else f"{name}最低的{size}"


def event_text(where: EventCondition, rows: str, manifest: Manifest) -> str:
    """近30天没有交易, 从未购买理财, 连续3个月有交易."""
    always = where.within is None and not where.in_a_row and where.after is None
    did = "有" if where.did else "从未有" if always else "没有"
    did = f"{did}过" if always else did
    times = f"至少{where.at_least}次" if where.at_least > 1 else ""
    when, run = _run(where.in_a_row, where.row_unit, where.within)
    run = f"{run}都" if run.startswith("每") else run
    start = event_name(where.after, manifest) if where.after else ""
    after = f"首次{start}后{where.after_days}天内" if start else ""
    return f"{when}{after}{run}{did}{event_name(where.event, manifest)}{rows}{times}"


def _run(count: int | None, unit: str, period: Period | None) -> tuple[str, str]:
    """When, and 连续3个月 or 每月; of a longer period its last ones are meant."""
    if count is None:
        return _when(period), ""
    several = f"连续{count}{_ROW_WORDS[unit]}"
    if period is None:
        return "", several
    span = period.spans[0]
    own = "day" if unit == "date" else unit
    if isinstance(span, Relative) and (span.span, span.unit, span.within) == (count, own, ()):
        return _when(period), _EACH_WORDS[unit]
    return f"到{_when(period)}为止的最后", several


def funnel_text(where: FunnelCondition, steps: tuple[str, ...]) -> str:
    """9月开户后30天内没有首次购买; of several steps those in between are told as well."""
    when, within = _when(where.period), f"{where.window_days}天内" if where.window_days else ""
    done = "→".join(steps[: where.reached])
    if where.missed is None:
        return f"{when}{within}依次{done}" if where.reached > 1 else f"{when}有{done}"
    left = "→".join(steps[where.reached : where.missed])
    return f"{when}{done}后{within}没有{left}"


def event_name(event: str, manifest: Manifest) -> str:
    """交易 for the rows of 交易笔数, 理财购买 for 理财购买成功."""
    metric = manifest.metrics.get(event)
    if metric is None:
        events = known_events(manifest)
        known = (e.step.label for e in events if event in (e.step.event, *e.spellings))
        return next(known, event).removesuffix("成功")
    counts = isinstance(metric.definition, Aggregate) and metric.definition.agg == "count"
    for tail in _COUNTS if counts else ():
        if metric.label.endswith(tail) and len(metric.label) > len(tail) + 1:
            return metric.label.removesuffix(tail)
    return metric.label


def _when(period: Period | None) -> str:
    return "、".join(describe(span) for span in period.spans) if period else ""
