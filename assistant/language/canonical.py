"""A query in canonical Chinese: symbolic times, governed names in 「」, one fixed order.

The same query always gives the same text, whatever words asked for it.
"""

from __future__ import annotations

from assistant.language.lists_text import list_text
from assistant.language.names_text import BASE_WORDS, measure_name
from assistant.language.predicate_text import predicate_text
from assistant.language.reading_text import (
    days_text,
    group_text,
    having_text,
    order_text,
    share_text,
    window_text,
)
from assistant.language.time import describe
from semantic_layer.model import Manifest
from semantic_layer.query import Comparison, EntityQuery, MetricQuery, Query

_SHOWN = {
    "value": "基期值",
    "diff": "增减额",
    "rate": "增速",
    "pp": "百分点",
    "rank": "名次变化",
    "share": "占比变化",
}


def canonical(query: Query, manifest: Manifest) -> str | None:
    """The canonical text of a query; None for queries that have none yet."""
    if isinstance(query, EntityQuery):
        return ",".join(p for p in (_period(query), *list_text(query, manifest)) if p)
    if not isinstance(query, MetricQuery):
        return None
    where = query.scope.where
    parts = (
        _period(query),
        days_text(query),
        predicate_text(where, manifest) if where else "",
        "、".join(group_text(g, manifest) for g in query.group_by),
        "、".join(f"「{measure_name(m, manifest)}」" for m in query.measures),
        *(_comparison(c) for c in query.compare),
        share_text(query, manifest),
        window_text(query),
        "、".join(having_text(h, query, manifest) for h in query.having),
        order_text(query, manifest),
    )
    return ",".join(part for part in parts if part)


def _period(query: MetricQuery | EntityQuery) -> str:
    period = query.scope.period
    if period is None:
        return "默认期间"
    role = f"按{period.role}" if period.role else ""
    return "、".join(describe(span) for span in period.spans) + role


def _comparison(comparison: Comparison) -> str:
    base = f"比{describe(comparison.span)}" if comparison.span else BASE_WORDS[comparison.base]
    return f"{base}({'、'.join(_SHOWN[show] for show in comparison.show)})"
