"""Questions to try, made from the project's own definitions and known to be answerable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.context import Context
from assistant.information import visible_dimensions
from assistant.language.central import central_metrics
from assistant.question import Question
from assistant.reply import Reply
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.resolve import resolve

MOST_TRIED = 4
"""Metrics that are tried for one sentence."""
SENTENCES = ("上个月{group}{metric}是多少", "{metric}近12个月的走势", "{metric}的口径是什么")
UNHELPED = ("permission", "prompt_injection", "thanks", "invalid_query", "internal")
"""Outcomes after which examples would be out of place."""


def with_examples(reply: Reply, context: Context) -> Reply:
    """A reply without numbers says what could be asked instead."""
    answer = reply.answer
    settled = answer.suggestions or answer.options or answer.outcome in ("answer", "error")
    if settled or answer.code in UNHELPED or answer.sql:
        return reply
    return reply._replace(answer=replace(answer, suggestions=answerable_examples(context)))


def answerable_examples(context: Context, count: int = 3) -> tuple[str, ...]:
    """Different sentences about different metrics, each of them answered when asked."""
    manifest = context.snapshot.manifest
    metrics = list(central_metrics(manifest))
    found: list[str] = []
    for sentence in (*SENTENCES, "上个月{metric}是多少")[:count]:
        group = _group(manifest) if "{group}" in sentence else ""
        candidates = (sentence.format(group=group, metric=m.label) for m in metrics)
        text = next(_answerable(candidates, context), None)
        if text is not None:
            found.append(text)
            metrics = [m for m in metrics if m.label not in text] or metrics
    return tuple(found)


def _answerable(texts: Iterator[str], context: Context) -> Iterator[str]:
    for _, text in zip(range(MOST_TRIED), texts, strict=False):
        if is_answerable(text, context):
            yield text


def is_answerable(text: str, context: Context) -> bool:
    """Whether the question is read without doubt and resolves for this asker."""
    snapshot = context.snapshot
    reading = context.reader.read(Question(text, snapshot.as_of, context.principal), snapshot)
    if reading.query is None:
        return reading.request == "definition"
    return not isinstance(resolve(reading.query, snapshot, context.principal), Problem)


def _group(manifest: Manifest) -> str:
    """各分行: the coarsest level of a hierarchy, else any dimension that is always listed."""
    spines = {d.name: d.label for d in visible_dimensions(manifest) if d.field.spine}
    levels = [h.levels[0] for h in manifest.hierarchies if h.levels[0] in spines]
    name = next(iter((*levels, *spines)), None)
    return f"各{spines[name]}" if name else ""
