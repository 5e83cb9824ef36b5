"""Lists of customers in words: who is listed, with what, in which order."""

from __future__ import annotations

from assistant.language.names_text import dimension_name, measure_name
from assistant.language.predicate_text import entity_name, predicate_text
from semantic_layer.model import Manifest
from semantic_layer.query import EntityQuery, SegmentCondition, Set


def set_name(set_: Set, manifest: Manifest) -> str:
    """A set by its name, or by its condition."""
    if set_.label:
        return set_.label
    if isinstance(set_.where, SegmentCondition) and set_.where.segment in manifest.segments:
        return manifest.segments[set_.where.segment].label
    return f"{predicate_text(set_.where, manifest)}的{entity_name(set_.entity, manifest)}"


def entity_unit(entity: str, manifest: Manifest) -> str:
    """户 for customers; what its events say; else 个."""
    own = next((d for d in manifest.datasets.values() if d.entity == entity), None)
    actor = own.events.actor(entity) if own is not None and own.events is not None else None
    if actor is not None:
        return actor.unit
    return "户" if entity == "customer" else "个"


def list_text(query: EntityQuery, manifest: Manifest) -> tuple[str, ...]:
    """Who, narrowed how, with which columns, in which order."""
    where = predicate_text(query.scope.where, manifest) if query.scope.where else ""
    names = [dimension_name(name, manifest) for name in query.attributes]
    names += [measure_name(measure, manifest) for measure in query.measures]
    columns = f"列出{'、'.join(names)}" if names else ""
    limit = f"前{query.limit}{entity_unit(query.set.entity, manifest)}" if query.limit else ""
    ordered = list_order_text(query, manifest)
    taken = f"{ordered}取{limit}" if limit else ordered
    return (where, f"{set_name(query.set, manifest)}的名单", columns, taken)


def list_order_text(query: EntityQuery, manifest: Manifest) -> str:
    """按AUM从高到低; nothing when no figure orders the list."""
    if not query.order:
        first = measure_name(query.measures[0], manifest) if query.measures else ""
        return f"按{first}从高到低" if first else ""
    order = query.order[0]
    if order.column.group is not None:
        name = dimension_name(query.attributes[order.column.group], manifest)
    else:
        name = measure_name(query.measures[order.column.measure or 0], manifest)
    if order.quality:
        return f"按{name}{'由好到差' if order.descending else '由差到好'}"
    return f"按{name}{'从高到低' if order.descending else '从低到高'}"
