"""What the reader wants to know about the definitions, worked out once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.language.lexicon import Lexicon
from assistant.language.names_text import dimension_name
from assistant.language.normalise import normalise_name
from assistant.language.stems import stems_of
from assistant.language.tokens import DimensionName, MetricName, Name, SegmentName, ValueName, plain
from assistant.language.words import closed_words
from semantic_layer.model import Aggregate, Derived, Manifest, Metric, Ratio
from semantic_layer.query import Per

IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
RATE_UNITS = frozenset({"percent", "permyriad"})


@dataclass(frozen=True)
class Catalogue:
    """Definitions and lexicon together."""

    manifest: Manifest
    lexicon: Lexicon

    def metric(self, name: str) -> Metric:
        """The metric of that id."""
        return self.manifest.metrics[name]

    def is_stock(self, name: str) -> bool:
        """Whether the metric is a value at a point in time, ratios of such values included."""
        return name in self._stocks

    def is_rate(self, name: str) -> bool:
        """Whether changes of the metric are told in percentage points."""
        return self.metric(name).unit in RATE_UNITS

    def parts(self, metric: Metric) -> tuple[str, ...]:
        """The metrics that a ratio or derived metric is made of."""
        definition = metric.definition
        if isinstance(definition, Ratio):
            text = f"{definition.of} {definition.to}"
        elif isinstance(definition, Derived):
            text = definition.expr
        else:
            return ()
        found = (m for m in IDENTIFIER.findall(text) if m in self.manifest.metrics)
        return tuple(dict.fromkeys(found))

    def leaves(self, name: str) -> tuple[Metric, ...]:
        """The metrics over one table that a metric is made of, itself if it is one."""
        metric = self.metric(name)
        if isinstance(metric.definition, Aggregate):
            return (metric,)
        return tuple(leaf for part in self.parts(metric) for leaf in self.leaves(part))

    def looks_ahead(self, name: str) -> bool:
        """Whether the metric knows periods to come: 到期金额."""
        found = [leaf.definition for leaf in self.leaves(name)]
        return bool(found) and all(isinstance(d, Aggregate) and d.future for d in found)

    def has_of_its_own(self, metric: str, dimension: str) -> bool:
        """Whether the metric's own table declares the members of the dimension: 终端."""
        found = self.manifest.dimensions[plain(dimension)]
        tables = {
            d.dataset for m in self.leaves(metric) if isinstance(d := m.definition, Aggregate)
        }
        return bool(found.field.values) and tables == {found.home}

    def name_label(self, name: Name) -> str:
        """What a name stands for, in Chinese."""
        manifest = self.manifest
        if isinstance(name, MetricName):
            return manifest.metrics[name.metric].label
        if isinstance(name, DimensionName):
            return self.dimension_label(name.dimension)
        if isinstance(name, SegmentName):
            return manifest.segments[name.segment].label
        return self.value_label(name) if isinstance(name, ValueName) else ""

    def value_label(self, name: ValueName) -> str:
        """What people call the stored value."""
        governed = self.manifest.dimensions[plain(name.dimension)].field.values
        labels = (v.label for v in governed if v.value == name.value and v.label)
        return next(labels, str(name.value))

    def dimension_label(self, name: str) -> str:
        """The dimension's Chinese name, with the role that was named: 注册渠道的渠道."""
        return dimension_name(name, self.manifest)

    def averaged(self, per: str, metric: str) -> str | None:
        """The governed metric that is this average already: 日均 + 存款余额 → 日均存款."""
        return self._averaged.get((per, metric))

    @cached_property
    def entities(self) -> dict[str, str]:
        """What people call the entities → entity: 客户 → customer."""
        found: dict[str, str] = {}
        for dataset in self.manifest.datasets.values():
            if dataset.entity and dataset.key and len(dataset.key) == 1:
                found.setdefault(dataset.label, dataset.entity)
        return found

    @cached_property
    def stems(self) -> dict[str, tuple[str, ...]]:
        """What figures are called in short, where nothing else is called so: 投诉."""
        return stems_of(self.manifest, self.lexicon.names)

    @cached_property
    def spines(self) -> tuple[str, ...]:
        """Dimensions that are shown in full, the levels of places first: 分行, 支行."""
        shown = [d.name for d in self.manifest.dimensions.values() if d.field.spine]
        levels = [
            [level for level in hierarchy.levels if level in shown]
            for hierarchy in self.manifest.hierarchies
        ]
        places = [level for found in levels if len(found) > 1 for level in found]
        return tuple(dict.fromkeys((*places, *shown)))

    @cached_property
    def topics(self) -> dict[str, tuple[str, ...]]:
        """What the definition of each visible metric speaks about."""
        return {
            metric.name: tuple(
                normalise_name(text)
                for text in (metric.label, metric.domain, metric.description, *metric.synonyms)
            )
            for metric in self.manifest.metrics.values()
            if not metric.hidden
        }

    @cached_property
    def _stocks(self) -> frozenset[str]:
        return frozenset(n for n, m in self.manifest.metrics.items() if self._holds_stock(m))

    def _holds_stock(self, metric: Metric, depth: int = 0) -> bool:
        if isinstance(metric.definition, Aggregate):
            return metric.is_stock
        parts = self.parts(metric)
        return (
            depth < 8
            and bool(parts)
            and all(self._holds_stock(self.metric(part), depth + 1) for part in parts)
        )

    @cached_property
    def _averaged(self) -> dict[tuple[str, str], str]:
        averages = {w: word.arg for w, words in closed_words().items()
                    for word in words if word.role == "per"}  # fmt: skip
        found: dict[tuple[str, str], str] = {}
        for text, names in self.lexicon.names.items():
            for name in names:
                if isinstance(name, MetricName):
                    self._note_average(text, name.metric, averages, found)
        return found

    def _note_average(
        self, text: str, average: str, per_words: dict[str, str],
        found: dict[tuple[str, str], str],
    ) -> None:  # fmt: skip
        for word, per in per_words.items():
            if text.startswith(word):
                rest = text[len(word) :]
            elif text.endswith(word):
                rest = text[: -len(word)]
            else:
                continue
            for base in self.lexicon.names.get(rest, ()):
                if isinstance(base, MetricName) and base.metric != average:
                    found.setdefault((per, base.metric), average)


PER_NAMES: dict[Per, str] = {
    "day": "日均", "trading_day": "交易日均", "month": "月均", "quarter": "季均",
    "year": "年均", "customer": "户均", "holder": "持有户均", "txn": "笔均",
}  # fmt: skip
