"""One word, one meaning: labels, synonyms, values and ambiguous words do not collide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unicodedata import normalize

from metrics.finding import Finding
from metrics.nearest import nearest
from semantic_layer.model import Dimension, Field, Location, Manifest


class Name(NamedTuple):
    """A word that stands for a metric or a dimension."""

    word: str
    owner: str
    label: str
    at: Location | None


def one_word_two_metrics(manifest: Manifest) -> Iterator[Finding]:
    """Labels and synonyms are unique among metrics."""
    yield from _collisions("M206", "指标", names_of_metrics(manifest))


def one_word_two_dimensions(manifest: Manifest) -> Iterator[Finding]:
    """Labels and synonyms are unique among dimensions."""
    yield from _collisions("M207", "维度", names_of_dimensions(manifest))


def one_word_metric_and_dimension(manifest: Manifest) -> Iterator[Finding]:
    """A metric and a dimension share no word."""
    dimensions = {key_of(n.word): n for n in names_of_dimensions(manifest)}
    for name in names_of_metrics(manifest):
        other = dimensions.get(key_of(name.word))
        if other is not None:
            yield Finding(
                "M208",
                name.at,
                f"“{name.word}”既是指标“{name.label}”又是维度“{other.label}”的叫法。",
                "请给其中一个换个叫法。",
            )


def ambiguous_word_as_name(manifest: Manifest) -> Iterator[Finding]:
    """A word declared ambiguous names nothing but its declared default."""
    words = {key_of(word): entry for word, entry in manifest.ambiguous.items()}
    for name in (*names_of_metrics(manifest), *names_of_dimensions(manifest)):
        entry = words.get(key_of(name.word))
        if entry is not None and entry.default != name.owner:
            yield Finding(
                "M209",
                name.at,
                f"“{name.word}”是歧义词({entry.at}),不能又是“{name.label}”的叫法。",
                "请从 label、synonyms 里去掉,或在 ambiguous 里把它设为 default。",
            )


def value_as_dimension_name(manifest: Manifest) -> Iterator[Finding]:
    """A value is no name of a dimension: 线上 filters, it does not group."""
    values = {key_of(word): dimension for word, dimension in words_of_values(manifest)}
    for name in names_of_dimensions(manifest):
        home = values.get(key_of(name.word))
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
        own = {key_of(w) for w in (metric.label, *metric.synonyms)}
        for word in metric.near_misses:
            if key_of(word) in own:
                yield Finding(
                    "M211",
                    metric.at,
                    f"“{word}”既是指标“{metric.label}”的叫法,又写在 near_misses 里。",
                    "是同义词就留在 synonyms,只是相近就留在 near_misses。",
                )


def near_miss_of_another(manifest: Manifest) -> Iterator[Finding]:
    """What one metric says it is not, another is called only with its owner's knowledge."""
    names: dict[str, Name] = {}
    for name in names_of_metrics(manifest):
        names.setdefault(key_of(name.word), name)
    for metric in manifest.metrics.values():
        for word in metric.near_misses:
            other = names.get(key_of(word))
            if other is not None and other.owner != metric.name:
                yield Finding(
                    "M235",
                    other.at,
                    f"指标“{other.label}”的叫法“{word}”写在“{metric.label}”的 near_misses 里。",
                    "确有这个指标就从 near_misses 里去掉,问到时才不会两说;不是一回事就去掉叫法。",
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


def _collisions(code: str, what: str, names: Iterable[Name]) -> Iterator[Finding]:
    first: dict[str, Name] = {}
    for name in names:
        other = first.setdefault(key_of(name.word), name)
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


def names_of_metrics(manifest: Manifest) -> tuple[Name, ...]:
    """Every label and synonym of a metric."""
    return tuple(
        Name(word, m.name, m.label, m.at)
        for m in manifest.metrics.values()
        for word in (m.label, *m.synonyms)
    )


def names_of_dimensions(manifest: Manifest) -> tuple[Name, ...]:
    """Every label and synonym of a dimension."""
    return tuple(
        Name(word, d.name, d.label, d.field.at)
        for d in manifest.dimensions.values()
        for word in (d.label, *d.field.synonyms)
    )


def words_of_values(manifest: Manifest) -> Iterator[tuple[str, Dimension]]:
    """Every spoken word of a governed member or band, with its dimension."""
    for dimension in manifest.dimensions.values():
        if dimension.field.sensitivity != "pii":
            for word in _value_words(dimension.field):
                yield word, dimension


def _value_words(field: Field) -> Iterator[str]:
    for value in field.values:
        if value.label is None and isinstance(value.value, str):
            yield value.value
        yield from (word for word in (value.label, *value.synonyms) if word)
    yield from field.band.labels if field.band else ()


def key_of(word: str) -> str:
    """How words are compared: without case, width or spaces."""
    return normalize("NFKC", word).casefold().replace(" ", "")
