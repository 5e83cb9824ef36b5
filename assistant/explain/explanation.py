"""Everything an answer says about its rows."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.explain.behaviour import behaviour_headline
from assistant.explain.card import DefinitionCard, definition_card
from assistant.explain.chart import ChartSpec, choose_chart, unmet_wish
from assistant.explain.entities import list_headline
from assistant.explain.headline import headline
from assistant.explain.suggest import suggestions
from assistant.language.reading_text import reading
from semantic_layer.model import Manifest
from semantic_layer.query import EntityQuery, MetricQuery
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Notice, ResultSet
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
    notices: tuple[Notice, ...] = ()
    """Why the rows are not drawn as wished."""


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
    drawn = resolved.listing is None
    return Explanation(
        headline=_headline(resolved, result, manifest),
        reading=reading(resolved, manifest),
        chart=choose_chart(result, chart_wish, resolved.query) if drawn else None,
        definitions=cards,
        certified=bool(asked) and all(c.status == "certified" for c in cards if c.id in asked),
        suggestions=suggestions(resolved, manifest),
        notices=_unmet(resolved, result, chart_wish),
    )


def _unmet(resolved: ResolvedQuery, result: ResultSet, wish: str | None) -> tuple[Notice, ...]:
    """A list of customers is read, not drawn."""
    if wish is None or resolved.listing is not None:
        return ()
    notice = unmet_wish(result, wish, resolved.query)
    return (notice,) if notice else ()


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
