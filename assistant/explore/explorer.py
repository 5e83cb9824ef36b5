"""One answered query, and everything that its reader can do with it by clicking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from assistant.context import Context
from assistant.explore.choice import Chip, ChipKind, Choice, Section
from assistant.explore.comparing import base_name, compare_sections, toggles, with_usual
from assistant.explore.drill import angles, drill_sections, rollups
from assistant.explore.dropouts import dropout_angles, dropout_sections
from assistant.explore.filters import (
    condition_name,
    filter_dimensions,
    members,
    narrowed,
    removal,
)
from assistant.explore.groups import Grouped, conjuncts, group_sections
from assistant.explore.lists import (
    column_sections,
    list_chips,
    list_order_sections,
    size_sections,
)
from assistant.explore.metrics import metric_sections
from assistant.explore.ordering import order_sections
from assistant.explore.periods import between, period_sections
from assistant.explore.trial import Trial, dates_of
from assistant.language.names_text import measure_name
from assistant.language.predicate_text import value_text
from assistant.language.reading_text import (
    group_text,
    having_text,
    order_text,
    share_text,
    window_text,
)
from semantic_layer.query import (
    Change,
    Condition,
    EntityQuery,
    FunnelQuery,
    MetricQuery,
    PathQuery,
    Query,
)
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell

OF_FIGURES: Mapping[ChipKind, Callable[[MetricQuery, Trial], Iterator[Section]]] = {
    "metric": metric_sections,
    "compare": compare_sections,
    "order": order_sections,
}
OF_LISTS: Mapping[ChipKind, Callable[[EntityQuery, Trial], Iterator[Section]]] = {
    "columns": column_sections,
    "order": list_order_sections,
    "limit": size_sections,
}


@dataclass(frozen=True, slots=True)
class Explorer:
    """Chips of a query and the choices behind each; all choices have been tried."""

    trial: Trial

    @classmethod
    def of(cls, query: Query, context: Context) -> Explorer:
        """For a query as its asker may see it."""
        return cls(Trial(query, context))

    @property
    def query(self) -> Query:
        """What was answered."""
        return self.trial.query

    def chips(self) -> tuple[Chip, ...]:
        """The reading in parts; empty when the query cannot be run any more."""
        resolved = self.trial.resolved(self.query)
        if resolved is None:
            return ()
        time = Chip("time", "时间", dates_of(resolved))
        if isinstance(self.query, MetricQuery):
            return tuple(self._metric_chips(self.query, time, resolved))
        if isinstance(self.query, EntityQuery):  # its members have times of their own
            return (*list_chips(self.query, self.trial.manifest), *self._filter_chips())
        return (time, *self._group_chips(), *self._filter_chips())

    def sections(self, chip: Chip) -> tuple[Section, ...]:
        """The choices behind a chip, by heading; no heading without choices."""
        return tuple(section for section in self._sections(chip) if section.choices)

    def toggles(self) -> tuple[Choice, ...]:
        """同比, 环比, 较年初: those that are on, and those that may be put on."""
        query = self.query
        return tuple(toggles(query, self.trial)) if isinstance(query, MetricQuery) else ()

    def with_usual(self) -> MetricQuery | None:
        """The same number with the usual comparisons beside it; None where there are none."""
        query = self.query
        if not isinstance(query, MetricQuery) or query.group_by:
            return None
        return with_usual(query, self.trial)

    def drills(self, row: Mapping[str, Cell]) -> tuple[Section, ...]:
        """What a click on one row may lead to; `row`: its groups by column id."""
        query = self.query
        found: Iterator[Section] = iter(())
        if isinstance(query, MetricQuery):
            found = drill_sections(query, row, self.trial)
        elif isinstance(query, FunnelQuery):
            found = dropout_sections(query, row, self.trial)
        return tuple(section for section in found if section.choices)

    def angles(self, row: Mapping[str, Cell]) -> tuple[Choice, ...]:
        """By what else one row may be split."""
        query = self.query
        if isinstance(query, FunnelQuery):
            return tuple(dropout_angles(query, row, self.trial))
        return tuple(angles(query, row, self.trial)) if isinstance(query, MetricQuery) else ()

    def rollups(self) -> tuple[Choice, ...]:
        """The level above what is shown."""
        query = self.query
        return tuple(rollups(query, self.trial)) if isinstance(query, MetricQuery) else ()

    def between(self, start: date, end: date) -> Choice | None:
        """Days that the reader picked; None when there is no answer for them."""
        return between(start, end, self.query, self.trial)

    def filter_dimensions(self) -> tuple[tuple[str, str], ...]:
        """(dimension, label) of what more the figure can be narrowed by."""
        return filter_dimensions(self.query, self.trial)

    def members(self, dimension: str) -> tuple[str, ...]:
        """Members with a figure under the other conditions, as far as the asker may see them."""
        return members(dimension, self.trial)

    def narrowed(self, dimension: str, values: tuple[str, ...]) -> Choice | None:
        """Only these members; None when there is no answer for them."""
        return narrowed(dimension, values, self.trial)

    def held(self, chip: Chip) -> tuple[str, tuple[str, ...]] | None:
        """(dimension, members) of a filter chip; None where no members can be chosen."""
        if chip.kind != "filter":
            return None
        found = conjuncts(self.query.scope.where)[chip.position]
        if not isinstance(found, Condition) or found.op != "in":
            return None
        name, manifest = found.dimension, self.trial.manifest
        return name, tuple(value_text(name, value, manifest) for value in found.values)

    def _metric_chips(
        self, query: MetricQuery, time: Chip, resolved: ResolvedQuery
    ) -> Iterator[Chip]:
        manifest = self.trial.manifest
        yield Chip("metric", "指标", "、".join(measure_name(m, manifest) for m in query.measures))
        yield time
        yield from self._group_chips()
        yield from self._filter_chips()
        compared = "、".join(base_name(c.base, resolved) for c in query.compare)
        yield Chip("compare", "比较", compared)
        if query.group_by:
            yield Chip("order", "排序", order_text(query, manifest))
        for at, (_, name, text) in enumerate(self._extras(query)):
            yield Chip("more", name, text, at)

    def _group_chips(self) -> Iterator[Chip]:
        if isinstance(self.query, Grouped):
            groups = (group_text(g, self.trial.manifest) for g in self.query.group_by)
            yield Chip("group", "分组", "、".join(groups))

    def _filter_chips(self) -> Iterator[Chip]:
        for at, condition in enumerate(conjuncts(self.query.scope.where)):
            name, text = condition_name(condition, self.trial)
            yield Chip("filter", name, text, at)
        if not isinstance(self.query, PathQuery):
            yield Chip("narrow", "筛选", "")

    def _extras(self, query: MetricQuery) -> Iterator[tuple[Change, str, str]]:
        """What has no editor of its own: it can be read, and taken away."""
        manifest = self.trial.manifest
        for having in query.having:
            yield Change("drop", "having", having), "条件", having_text(having, query, manifest)
        if query.share is not None:
            yield Change("clear", "share"), "占比", share_text(query, manifest)
        if query.window is not None:
            yield Change("clear", "window"), "累计", window_text(query)
        if query.focus is not None:
            yield Change("clear", "focus"), "名次", query.focus.value

    def _sections(self, chip: Chip) -> Iterator[Section]:
        query, trial = self.query, self.trial
        if chip.kind == "time":
            yield from period_sections(query, trial, point=self._is_point())
        elif chip.kind == "filter":
            condition = conjuncts(query.scope.where)[chip.position]
            yield Section("", tuple(removal(condition, trial)))
        elif chip.kind == "group" and isinstance(query, Grouped):
            yield from group_sections(query, trial)
        elif isinstance(query, MetricQuery):
            yield from self._metric_sections(chip, query)
        elif isinstance(query, EntityQuery) and chip.kind in OF_LISTS:
            yield from OF_LISTS[chip.kind](query, trial)

    def _metric_sections(self, chip: Chip, query: MetricQuery) -> Iterator[Section]:
        if chip.kind == "more":
            change, name, _ = tuple(self._extras(query))[chip.position]
            yield Section("", tuple(self.trial.offer(f"去掉{name}", change)))
        elif chip.kind in OF_FIGURES:
            yield from OF_FIGURES[chip.kind](query, self.trial)

    def _is_point(self) -> bool:
        resolved = self.trial.resolved(self.query)
        return resolved is not None and resolved.grain is None and any(
            span.is_point for span in resolved.spans
        )  # fmt: skip
