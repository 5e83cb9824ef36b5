"""A member's place in the whole: ,占全部渠道的37.63%, ,排第10."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.explain.numbers import display_of, is_number
from assistant.language.names_text import dimension_name
from semantic_layer.model import Manifest
from semantic_layer.query import MetricQuery
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell, Column


def place_text(metric: Column, columns: Sequence[Column], row: Sequence[Cell], whole: str) -> str:
    """Share and rank of one row, where the result has them; empty otherwise."""
    texts = ""
    for column, value in zip(columns, row, strict=True):
        if column.id == f"{metric.id}.share" and is_number(value):
            texts += f",占{whole}{display_of(column, [value]).text(value)}"
        if column.id == f"{metric.id}.rank" and is_number(value):
            texts += f",排第{value}"
    return texts


def whole_text(resolved: ResolvedQuery, manifest: Manifest) -> str:
    """What a share is a share of: 全部渠道的, 合计的."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or query.share is None:
        return ""
    if query.share.of == "total" or not query.share.dimension:
        return "合计的"
    name = dimension_name(query.share.dimension, manifest)
    return f"上级{name}的" if query.share.of == "parent" else f"全部{name}的"


def total_label(columns: Sequence[Column]) -> str:
    """合计; 全期 over time, where balances and ratios have a whole but no sum."""
    groups = {c.kind for c in columns if c.kind in ("dimension", "time")}
    return "全期" if groups == {"time"} else "合计"
