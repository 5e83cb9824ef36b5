"""How a dataset's rows are read as events, from its entry."""

from __future__ import annotations

from metrics.assemble.source import Place
from metrics.edge.dataset import EventsEntry
from semantic_layer.model import Actor, EventLog, NamedEvent


def build_events(entry: EventsEntry, place: Place) -> EventLog:
    """The actors, the moment and the events of a dataset."""
    return EventLog(
        by=tuple(
            Actor(a.name, a.field, a.label, a.unit, a.person, tuple(a.not_in)) for a in entry.by
        ),
        at=entry.at,
        field=entry.field,
        session=entry.session,
        detail=entry.detail,
        named=tuple(
            NamedEvent(
                name=event.name,
                label=event.label,
                at=event.at,
                filter=event.filter,
                synonyms=tuple(event.synonyms),
                description=event.description,
                location=(place / "named" / position).location,
            )
            for position, event in enumerate(entry.named)
        ),
    )
