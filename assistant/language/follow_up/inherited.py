"""What a follow-up took over from the question before it, in words."""

from __future__ import annotations

from assistant.language.names_text import measure_name
from assistant.language.predicate_text import predicate_text
from assistant.language.reading_text import group_text
from assistant.language.time import describe
from semantic_layer.model import Manifest
from semantic_layer.query import MetricQuery


def inherited(
    changed: MetricQuery, previous: MetricQuery, manifest: Manifest, *, kind: str = ""
) -> str:
    """沿用上一问:新增客户数、2026年10月、按分行; empty when nothing stayed.

    After a funnel its kind is told in place of the metric that stands for it.
    """
    parts = [kind] if kind else []
    if not kind and changed.measures == previous.measures:
        parts.append("、".join(measure_name(m, manifest) for m in changed.measures))
    period = changed.scope.period
    if period is not None and period == previous.scope.period:
        parts.append("、".join(describe(span) for span in period.spans))
    where = changed.scope.where
    if where is not None and where == previous.scope.where:
        parts.append(predicate_text(where, manifest))
    kept = [group for group in changed.group_by if group in previous.group_by]
    parts += [group_text(group, manifest) for group in kept]
    return f"沿用上一问:{','.join(parts)}" if parts else ""
