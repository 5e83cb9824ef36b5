"""The sentence above a list of customers: 2026年10月末全行基金沉睡客户共1,234户,列出前20户."""

from __future__ import annotations

from assistant.explain.numbers import display_of
from assistant.language.lists_text import entity_unit, list_order_text, set_name
from assistant.language.periods_text import span_text
from semantic_layer.model import Manifest
from semantic_layer.query import EntityQuery, Set
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Column, ResultSet


def list_headline(resolved: ResolvedQuery, result: ResultSet, manifest: Manifest) -> str:
    """How many there are, and which of them are listed."""
    query = resolved.query
    assert isinstance(query, EntityQuery)
    period = "、".join(span_text(span) for span in resolved.spans) or "按最新数据,"
    rights = resolved.scope_text
    limited = rights not in ("", manifest.whole)
    scope = f"({rights},非{manifest.whole})" if limited else rights
    set_ = Set(query.set.entity, query.set.where, query.set.label)
    name, unit = set_name(set_, manifest), entity_unit(query.set.entity, manifest)
    if not result.total_rows:
        return f"{period}{scope}没有符合条件的{name}。"
    total = _count(result.total_rows, unit)
    if len(result.rows) >= result.total_rows:
        return f"{period}{scope}{name}共{total},全部列出。"
    order = list_order_text(query, manifest)
    return f"{period}{scope}{name}共{total},{order}列出前{_count(len(result.rows), unit)}。"


def _count(value: int, unit: str) -> str:
    return display_of(Column("members", "", "metric", unit), [value]).text(value)
