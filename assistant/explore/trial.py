"""Changes tried before they are offered: by the rights, data dates and definitions of now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.came_later import came_later
from assistant.context import Context
from assistant.explore.choice import Choice
from assistant.language.periods_text import span_text
from semantic_layer.compile import compile_query
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Change,
    EntityQuery,
    InvalidQueryError,
    Patch,
    Query,
    apply_patch,
)
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery


@dataclass(frozen=True, slots=True)
class Trial:
    """A query, and the world that its changes are tried in."""

    query: Query
    context: Context

    @property
    def manifest(self) -> Manifest:
        """The definitions in force."""
        return self.context.snapshot.manifest

    def changed(self, change: Patch | Query) -> Query | None:
        """The query after the change; None when the change does not fit."""
        if not isinstance(change, Patch):
            return change
        try:
            return apply_patch(self.query, change)
        except InvalidQueryError:
            return None

    def resolved(self, query: Query) -> ResolvedQuery | None:
        """The query as it would be run for this asker; None when it would be refused."""
        resolved = resolve(query, self.context.snapshot, self.context.principal)
        if isinstance(resolved, Problem):
            return None
        if came_later(resolved, self.manifest) is not None:
            return None
        if any(self.context.sight.foreign_in(resolved.where, self.context.principal)):
            return None
        return resolved if self._can_be_compiled(resolved) else None

    def _can_be_compiled(self, resolved: ResolvedQuery) -> bool:
        """Only what is judged anew for every period may turn out too long for a statement."""
        is_judged = resolved.leaves or resolved.groupings
        if not is_judged or self._is_judged_alike(resolved.query):
            return True
        return not isinstance(compile_query(resolved, self.context.snapshot), Problem)

    def _is_judged_alike(self, query: Query) -> bool:
        """Another column, order or length of the list that was answered."""
        now = self.query
        if not isinstance(query, EntityQuery) or not isinstance(now, EntityQuery):
            return False
        return (query.set, query.scope) == (now.set, now.scope) and query != now

    def offer(
        self, label: str, *changes: Change, step: str = "", detail: str = ""
    ) -> Iterator[Choice]:
        """The choice, if it can be run."""
        patch = Patch(changes)
        query = self.changed(patch)
        if query is not None and self.resolved(query) is not None:
            chosen = query == self.query
            yield Choice(label, patch, step or label, detail, chosen)

    def offer_query(self, label: str, query: Query, step: str = "") -> Iterator[Choice]:
        """Another whole query, if it can be run."""
        if self.resolved(query) is not None:
            yield Choice(label, query, step or label, chosen=query == self.query)


def dates_of(resolved: ResolvedQuery) -> str:
    """The days that a query covers, in words."""
    return "、".join(map(span_text, resolved.spans))


def actual(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Those that change something."""
    return tuple(choice for choice in choices if not choice.chosen)
