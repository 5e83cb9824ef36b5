"""Questions about behaviour that these definitions can answer, nearest to a refused one first."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.behaviour.events import NEWCOMER, event_words
from assistant.language.behaviour.path import opening_of
from assistant.language.behaviour.subjects import known_chains
from semantic_layer.model import Manifest

FIRST = "首次"


def nearest_questions(text: str, manifest: Manifest) -> tuple[str, ...]:
    """One of each kind, the kind that the text speaks of first."""
    asked = ("留存" in text, "路径" in text, "多久" in text or "天" in text)
    found = dict(_questions(manifest))
    order = ("retention", "path", "interval", "funnel")
    kinds = sorted(found, key=lambda kind: not (dict(zip(order, asked, strict=False)).get(kind)))
    return tuple(found[kind] for kind in kinds)


def _questions(manifest: Manifest) -> Iterator[tuple[str, str]]:
    opened, newcomers = opening_of(manifest), event_words(manifest).get(NEWCOMER, ())
    if chains := known_chains(manifest):
        yield "funnel", f"上个月{next(iter(chains))}漏斗各步转化率"
    if opened and newcomers:
        yield "retention", "新客的次月留存率"
    if opened:
        yield "path", f"上个月从{opened[0].label}出发最常见的5条路径"
    labels = (names[0].label for names in event_words(manifest).values())
    first = next((label for label in labels if label.startswith(FIRST)), None)
    if newcomers and first:
        yield "interval", f"今年从{newcomers[0].label}到{first}平均多少天"
