"""One word, one meaning: labels, synonyms, values and ambiguous words do not collide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from metrics.finding import Finding
from metrics.nearest import nearest
from semantic_layer.model import Field, Location, Manifest


class _Name(NamedTuple):
    """A word that stands for a metric or a dimension."""

    word: str
    owner: str
    label: str
    at: Location | None


def one_word_two_metrics(manifest: Manifest) -> Iterator[Finding]:
    """Labels and synonyms are unique among metrics."""
    yield from _collisions("M206", "指标", _metric_names(manifest))


def one_word_two_dimensions(manifest: Manifest) -> Iterator[Finding]:
    """Labels and synonyms are unique among dimensions."""
    yield from _collisions("M207", "维度", _dimension_names(manifest))


def one_word_metric_and_dimension(manifest: Manifest) -> Iterator[Finding]:
    """A metric and a dimension share no word."""
    dimensions = {_key(n.word): n for n in _dimension_names(manifest)}
    for name in _metric_names(manifest):
        other = dimensions.get(_key(name.word))
        if other is not None:
            yield Finding(
                "M208",
                name.at,
                f"“{name.word}”既是指标“{name.label}”又是维度“{other.label}”的叫法。",
                "请给其中一个换个叫法。",
            )


def ambiguous_word_as_name(manifest: Manifest) -> Iterator[Finding]:
    """A word declared ambiguous names nothing but its declared default."""
    words = {_key(word): entry for word, entry in manifest.ambiguous.items()}
    for name in (*_metric_names(manifest), *_dimension_names(manifest)):
        entry = words.get(_key(name.word))
        if entry is not None and entry.default != name.owner:
            yield Finding(
                "M209",
                name.at,
                f"“{name.word}”是歧义词({entry.at}),不能又是“{name.label}”的叫法。",
                "请从 label、synonyms 里去掉,或在 ambiguous 里把它设为 default。",
            )


def value_as_dimension_name(manifest: Manifest) -> Iterator[Finding]:
    """A value is no name of a dimension: 线上 filters, it does not group."""
    values = {
        _key(word): dimension
        for dimension in manifest.dimensions.values()
        if dimension.field.searchable
        for word in _value_words(dimension.field)
    }
    for name in _dimension_names(manifest):
        home = values.get(_key(name.word))
        if home is not None:
            yield Finding(
                "M210",
                name.at,
                f"维度“{name.label}”的叫法“{name.word}”是“{home.label}”的一个取值。",
                "请从 synonyms 里去掉;取值写在 values 里。",
            )


def near_miss_is_own_name(manifest: Manifest) -> Iterator[Finding]:
    """A near miss is not at the same time a name of the metric."""
    for metric in manifest.metrics.values():
        own = {_key(w) for w in (metric.label, *metric.synonyms)}
        for word in metric.near_misses:
            if _key(word) in own:
                yield Finding(
                    "M211",
                    metric.at,
                    f"“{word}”既是指标“{metric.label}”的叫法,又写在 near_misses 里。",
                    "是同义词就留在 synonyms,只是相近就留在 near_misses。",
                )


def lone_field(manifest: Manifest) -> Iterator[Finding]:
    """A field without a label is meant to conform to a dimension; a typing slip does not."""
    for dataset in manifest.datasets.values():
        for field in dataset.fields:
            if field.conforms or field.name in manifest.dimensions:
                continue
            near = nearest(field.name, manifest.dimensions)
            if near:
                yield Finding(
                    "M212",
                    field.at,
                    f"字段 {field.name} 没有 label,也没有同名的维度。",
                    f"您是不是想写 {'、'.join(near)}?是新维度就补上 label。",
                )


def _collisions(code: str, what: str, names: Iterable[_Name]) -> Iterator[Finding]:
    first: dict[str, _Name] = {}
    for name in names:
        other = first.setdefault(_key(name.word), name)
        if other is name:
            continue
        if other.owner == name.owner:
            message = f"{what}“{name.label}”的叫法“{name.word}”写了两次。"
            yield Finding(code, name.at, message, "请去掉重复的一处。")
        else:
            yield Finding(
                code,
                name.at,
                f"“{name.word}”同时是{what}“{other.label}”({other.at})和“{name.label}”的叫法。",
                "请只留在一处;确有两种意思就写进 ambiguous 让助手反问。",
            )


def _metric_names(manifest: Manifest) -> tuple[_Name, ...]:
    return tuple(
        _Name(word, m.name, m.label, m.at)
        for m in manifest.metrics.values()
        for word in (m.label, *m.synonyms)
    )


def _dimension_names(manifest: Manifest) -> tuple[_Name, ...]:
    return tuple(
        _Name(word, d.name, d.label, d.field.at)
        for d in manifest.dimensions.values()
        for word in (d.label, *d.field.synonyms)
    )


def _value_words(field: Field) -> Iterator[str]:
    for value in field.values:
        if isinstance(value.value, str):
            yield value.value
        yield from (word for word in (value.label, *value.synonyms) if word)


def _key(word: str) -> str:
    return word.casefold().replace(" ", "")
