"""Everything an answer says about its rows."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.explain.behaviour import behaviour_headline, chart_rows
from assistant.explain.card import DefinitionCard, definition_card
from assistant.explain.chart import ChartSpec, choose_chart
from assistant.explain.entities import list_headline
from assistant.explain.headline import headline
from assistant.explain.suggest import suggestions
from assistant.language.reading_text import reading
from semantic_layer.model import Manifest
from semantic_layer.query import EntityQuery, MetricQuery
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import ResultSet
from semantic_layer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words and the drawing around a result."""

    headline: str
    reading: str
    chart: ChartSpec | None
    definitions: tuple[DefinitionCard, ...]
    certified: bool
    """Every metric asked for is certified."""
    suggestions: tuple[str, ...]


def explain(
    resolved: ResolvedQuery, result: ResultSet, snapshot: Snapshot, chart_wish: str | None = None
) -> Explanation:
    """Sentences, chart and cards for a result; digits come from rows and periods only."""
    manifest = snapshot.manifest
    cards = tuple(
        definition_card(manifest.metrics[name], manifest)
        for name in resolved.metrics
        if name in manifest.metrics
    )
    asked = asked_metrics(resolved)
    return Explanation(
        headline=_headline(resolved, result, manifest),
        reading=reading(resolved, manifest),
        chart=_chart(resolved, result, chart_wish),
        definitions=cards,
        certified=bool(asked) and all(c.status == "certified" for c in cards if c.id in asked),
        suggestions=suggestions(resolved, manifest),
    )


def _chart(resolved: ResolvedQuery, result: ResultSet, wish: str | None) -> ChartSpec | None:
    """A list of customers is read, not drawn."""
    if resolved.listing is not None:
        return None
    return choose_chart(chart_rows(resolved, result), wish)


def _headline(resolved: ResolvedQuery, result: ResultSet, manifest: Manifest) -> str:
    if resolved.listing is not None:
        return list_headline(resolved, result, manifest)
    if resolved.behaviour is not None:
        return behaviour_headline(resolved, resolved.behaviour, result, manifest)
    return headline(resolved, result, manifest)


def asked_metrics(resolved: ResolvedQuery) -> frozenset[str]:
    """Ids of the metrics the question named, without the parts of ratios."""
    query = resolved.query
    if isinstance(query, EntityQuery):
        return frozenset(resolved.metrics)
    if not isinstance(query, MetricQuery):
        return frozenset()
    return frozenset(getattr(m, "metric", "") for m in query.measures) - {""}
