"""A question as the model planner sees it: masked, cut into known pieces, with candidates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant.context import Context
from assistant.language.behaviour.events import Heard, find_events
from assistant.language.normalise import normalise
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    MetricName,
    NearMiss,
    Token,
    ValueName,
    plain,
)
from assistant.planners.grammar import GrammarPlanner
from assistant.privacy import PLACEHOLDER, Masked
from assistant.question import Question
from assistant.retrieve import Candidates, Index
from assistant.retrieve.scope import Allowed
from semantic_layer.model import Metric
from semantic_layer.query import Value
from semantic_layer.resolve.behaviour_events import known_events

MOST_METRICS = 40
"""That are looked up."""
MOST_NAMES = 300
"""A catalogue with no more is told in full: what is said otherwise is not looked up."""
MOST_DIMENSIONS = 120
MOST_OTHERS = 40
"""Of sets and of events."""
MOST_VALUES = 12
"""Of each dimension's members only those that the question may mean are told."""


@dataclass(frozen=True)
class Frame:
    """Everything about one question that drafting may look at."""

    question: Question
    context: Context
    planner: GrammarPlanner
    masked: Masked
    text: str
    """Normalised and masked: the words of a draft must stand in it."""
    tokens: tuple[Token, ...]
    found: Candidates
    allowed: Allowed

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """Ids that a draft may name, those said in the question first."""
        usable = [n for n in self.allowed.metrics if not self._all_metrics[n].hidden]
        ids = (*self._heard_metrics(), *(hit.id for hit in self.found.metrics))
        small = sorted(usable) if len(usable) <= MOST_NAMES else ()
        return tuple(n for n in dict.fromkeys((*ids, *small)) if n in usable)[:MOST_NAMES]

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Dimensions to group or filter by."""
        heard = (plain(n.dimension) for n in self._names() if isinstance(n, DimensionName))
        valued = (plain(n.dimension) for n in self._names() if isinstance(n, ValueName))
        found = (plain(hit.id) for hit in self.found.dimensions)
        members = (plain(hit.dimension) for hit in self.found.values if hit.public)
        usable = [name for name in self.allowed.dimensions if self._is_open(name)]
        small = sorted(usable) if len(usable) <= MOST_DIMENSIONS else ()
        ids = dict.fromkeys((*heard, *valued, *found, *members, *small))
        return tuple(name for name in ids if name in usable)[:MOST_DIMENSIONS]

    @cached_property
    def values(self) -> tuple[tuple[str, str], ...]:
        """(dimension, member) pairs of no personal attribute that the question may mean."""
        hits = (h for h in self.found.values if h.public and plain(h.dimension) in self.dimensions)
        pairs = ((plain(hit.dimension), hit.label) for hit in hits)
        return tuple(dict.fromkeys(pairs))[:MOST_VALUES]

    @cached_property
    def sets(self) -> tuple[str, ...]:
        """Governed sets of customers, those found first."""
        found = (hit.id for hit in self.found.segments)
        ids = dict.fromkeys((*found, *sorted(self.allowed.segments)))
        return tuple(name for name in ids if name in self.allowed.segments)[:MOST_OTHERS]

    @cached_property
    def events(self) -> tuple[str, ...]:
        """What people do, one after another, in funnels, retention and paths."""
        return tuple(n for n in self._event_labels if n in self.allowed.events)[:MOST_OTHERS]

    @cached_property
    def said_events(self) -> tuple[Heard, ...]:
        """Where the question names events, the longest first."""
        found = find_events(self.text, self.planner.manifest, self.planner.lexicon)
        return tuple(sorted(found, key=lambda heard: heard.start - heard.end))

    def event_at(self, token: Token) -> Heard | None:
        """The event of whose name the piece is a part."""
        within = (h for h in self.said_events if h.start <= token.start and token.end <= h.end)
        return next(within, None)

    @property
    def gaps(self) -> tuple[Token, ...]:
        """What the grammar knows nothing about."""
        gaps = (token for token in self.tokens if token.is_gap)
        return tuple(t for t in gaps if self.event_at(t) is None and not PLACEHOLDER.search(t.text))

    def label(self, name: str, member: str = "") -> str:
        """What people call a metric, a set, an event, a dimension or a member of one."""
        governed = self._all_metrics.get(name) or self.planner.manifest.segments.get(name)
        if member or governed is not None:
            return member or (governed.label if governed else "")
        return self._event_labels.get(name) or self.planner.catalogue.dimension_label(name)

    @cached_property
    def _event_labels(self) -> Mapping[str, str]:
        return {e.step.event: e.step.label for e in known_events(self.planner.manifest)}

    def is_member(self, dimension: str, word: str) -> bool:
        """Whether the word names a member of the dimension that the asker may see."""
        names = self.planner.lexicon.names.get(normalise(word).text, ())
        stored = {
            n.value for n in names if isinstance(n, ValueName) and plain(n.dimension) == dimension
        }
        return bool(stored - self._hidden_members(dimension))

    def _hidden_members(self, dimension: str) -> set[Value]:
        return set(self.context.sight.hidden(self.context.principal, dimension))

    @property
    def named_metrics(self) -> frozenset[str]:
        """Metrics whose names the question says."""
        return frozenset(n.metric for n in self._names() if isinstance(n, MetricName))

    def _heard_metrics(self) -> Iterator[str]:
        ambiguous = self.planner.manifest.ambiguous
        for name in self._names():
            if isinstance(name, MetricName):
                yield name.metric
            elif isinstance(name, NearMiss):
                yield from name.metrics
            elif isinstance(name, AmbiguousName) and name.word in ambiguous:
                known = self._all_metrics
                yield from (c for c in ambiguous[name.word].candidates if c in known)

    def _names(self) -> Iterator[object]:
        return (name for token in self.tokens for name in token.names)

    @property
    def _all_metrics(self) -> Mapping[str, Metric]:
        return self.planner.manifest.metrics

    def _is_open(self, dimension: str) -> bool:
        known = self.planner.manifest.dimensions.get(dimension)
        return known is not None and known.field.sensitivity != "pii"


def frame_of(question: Question, planner: GrammarPlanner, index: Index, context: Context) -> Frame:
    """The question without personal data, and what of the catalogue it may be about."""
    masked = index.masked(question.text, context.principal)
    text = normalise(masked.text).text
    found = index.search(question.text, context.principal, k=MOST_METRICS)
    heard = planner.heard(text, question.as_of)
    allowed = index.allowed(context.principal)
    return Frame(question, context, planner, masked, text, heard, found, allowed)
