"""Which words name what: the definitions' own names and the values in the database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from assistant.language.lexicon.terms import term_words
from assistant.language.normalise import normalise_name
from assistant.language.time import find_times
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    MetricName,
    Name,
    NearMiss,
    SegmentName,
    SensitiveName,
    ValueName,
    Via,
)
from semantic_layer.compile.bands import band_labels
from semantic_layer.model import Dataset, Dimension, Field, Manifest, Metric

SOME_DAY = date(2026, 1, 1)
COUNTED_UNITS = frozenset({"户", "人", "个"})
PEOPLE = frozenset({"户", "人"})
HOLDS = "持有"
GENERIC_VALUES = frozenset({"其他", "其它", "未知", "合计", "无", "有", "是", "否", "正常", "全部"})
LONGEST_VALUE = 40
LONGEST_PLACE = 6
REGIONS = frozenset("省市区县")
"""宁波市 → 宁波, where the dimension's name holds that character."""
PARENTHESIS = re.compile(r"\([^()]*\)")


class Entry(NamedTuple):
    """A word in its normalised spelling and one thing that it names."""

    word: str
    name: Name


def entries(manifest: Manifest, values: Mapping[str, tuple[str, ...]]) -> Iterator[Entry]:
    """Every name of the catalogue; later ones never outrank earlier ones."""
    known: set[str] = set()
    for entry in _declared(manifest, values):
        known.add(entry.word)
        yield entry
    yield from (e for e in _without_their_place(manifest, values) if e.word not in known)
    yield from _whose(manifest)
    yield from _roles(manifest)
    yield from _segments(manifest)
    yield from _sensitive(manifest)


def _declared(manifest: Manifest, values: Mapping[str, tuple[str, ...]]) -> Iterator[Entry]:
    yield from _ambiguous(manifest)
    for metric in manifest.metrics.values():
        yield from _metric(metric)
    for dimension in manifest.dimensions.values():
        yield from _dimension(dimension, values.get(dimension.name, ()))


def _ambiguous(manifest: Manifest) -> Iterator[Entry]:
    for word in manifest.ambiguous:
        yield Entry(normalise_name(word), AmbiguousName(word))
    near: dict[str, list[str]] = {}
    for metric in manifest.metrics.values():
        for word in metric.near_misses:
            near.setdefault(normalise_name(word), []).append(metric.name)
    for word, metrics in near.items():
        yield Entry(word, NearMiss(tuple(metrics)))


def _metric(metric: Metric) -> Iterator[Entry]:
    if metric.hidden and find_times(normalise_name(metric.label), SOME_DAY):
        return  # 上月活跃客户数 is a part of a formula; a user who says so names a month
    yield Entry(normalise_name(metric.label), MetricName(metric.name))
    for synonym in metric.synonyms:
        yield Entry(normalise_name(synonym), MetricName(metric.name, "synonym"))
    for full in (metric.label, *metric.synonyms):
        for short in _shortened(normalise_name(full), metric.unit):
            yield Entry(short, MetricName(metric.name, "short"))


def _shortened(name: str, unit: str) -> Iterator[str]:
    """月活(全渠道) → 月活; 新增客户数 → 新增客户; 持有存款客户数 → 存款客户."""
    plain = PARENTHESIS.sub("", name)
    if plain != name and len(plain) >= 2:
        yield plain
    if unit in COUNTED_UNITS and plain.endswith("数") and len(plain) >= 5:
        yield plain[:-1]
    if unit in PEOPLE and re.fullmatch(f"{HOLDS}.+客户数", plain):
        yield from (plain.removeprefix(HOLDS), plain.removeprefix(HOLDS)[:-1])


def _dimension(dimension: Dimension, stored: tuple[str, ...]) -> Iterator[Entry]:
    field = dimension.field
    if field.sensitivity == "pii":
        return
    yield Entry(normalise_name(field.label), DimensionName(dimension.name))
    for synonym in field.synonyms:
        yield Entry(normalise_name(synonym), DimensionName(dimension.name, "synonym"))
    for governed in field.values if field.searchable else ():
        spoken = governed.label or str(governed.value)
        for index, word in enumerate((spoken, str(governed.value), *governed.synonyms)):
            via: Via = "name" if index < 2 else "synonym"
            yield from _value(dimension, word, governed.value, via)
    for label in band_labels(field.band) if field.band else ():
        yield from _value(dimension, label, label, "name")
    if field.searchable:
        for value in stored:
            yield from _value(dimension, value, value, "name")


def _value(
    dimension: Dimension, word: str, value: str | int | float | bool, via: Via
) -> Iterator[Entry]:
    spelled = normalise_name(word)
    if not _is_sayable(spelled):
        return
    weak = len(spelled) == 1 or spelled in GENERIC_VALUES
    yield Entry(spelled, ValueName(dimension.name, value, via, weak))
    for short in _value_shorts(spelled, dimension.field):
        yield Entry(short, ValueName(dimension.name, value, "short"))


def _is_sayable(word: str) -> bool:
    return (
        0 < len(word) <= LONGEST_VALUE
        and not word.replace(".", "").replace("-", "").isdigit()
        and not (len(word) == 1 and word.isascii())
    )


def _value_shorts(word: str, field: Field) -> Iterator[str]:
    """银川分行 → 银川 (less the dimension's name); 女 → 女性; 3年 → 3年期, 三年期."""
    labels = _labels((field.label, *field.synonyms))
    if len(word) == 1:
        label = normalise_name(field.label)
        yield from (word + char for char in label if not word.endswith(char))
        return
    yield from term_words(word)
    for label in labels:
        if word.endswith(label) and len(word) - len(label) >= 2:
            yield word[: -len(label)]
            return
    if len(word) >= 3 and word[-1] in REGIONS and any(word[-1] in label for label in labels):
        yield word[:-1]


@lru_cache(maxsize=64)
def _labels(names: tuple[str, ...]) -> tuple[str, ...]:
    """What the dimension is called, the longest first."""
    return tuple(sorted(map(normalise_name, names), key=len, reverse=True))


def _without_their_place(
    manifest: Manifest, values: Mapping[str, tuple[str, ...]]
) -> Iterator[Entry]:
    """杭州庆春路营业部 → 庆春路营业部, where 杭州 is a member of its own beside it."""
    for dimension in manifest.dimensions.values():
        field, stored = dimension.field, values.get(dimension.name, ())
        if field.sensitivity == "pii" or not (field.searchable and stored):
            continue
        places = _places_beside(dimension, manifest, values)
        labels = _labels((field.label, *field.synonyms))
        for value in stored if places else ():
            spelled = normalise_name(value)
            label = next((known for known in labels if spelled.endswith(known)), "")
            lengths = range(LONGEST_PLACE, 1, -1) if label else ()
            place = next((spelled[:n] for n in lengths if spelled[:n] in places), "")
            bare = spelled.removeprefix(place).removesuffix(label)
            if place and len(bare) >= 2:
                name = ValueName(dimension.name, value, "short")
                yield from (Entry(w, name) for w in (bare + label, bare) if len(w) > 2)


def _places_beside(
    dimension: Dimension, manifest: Manifest, values: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    """Short members of the other dimensions of its table: 杭州, 浙江."""
    found: set[str] = set()
    for other in manifest.dimensions.values():
        if other.home != dimension.home or other.name == dimension.name:
            continue
        for value in values.get(other.name, ()):
            spelled = normalise_name(value)
            found |= {spelled, *_value_shorts(spelled, other.field)}
    return frozenset(word for word in found if 2 <= len(word) <= LONGEST_PLACE)


def _whose(manifest: Manifest) -> Iterator[Entry]:
    """客户性别: an attribute with those in front whose it is."""
    for dimension in manifest.dimensions.values():
        home, field = manifest.datasets[dimension.home], dimension.field
        if home.entity is None or field.sensitivity == "pii":
            continue
        for label in (field.label, *field.synonyms):
            if not label.startswith(home.label):
                word = normalise_name(f"{home.label}{label}")
                yield Entry(word, DimensionName(dimension.name, "synonym"))


def _roles(manifest: Manifest) -> Iterator[Entry]:
    """注册渠道, 交易机构的分行: a dimension by the way that leads to it."""
    for dataset in manifest.datasets.values():
        for join in dataset.joins:
            if not join.label or join.to not in manifest.datasets:
                continue
            target = manifest.datasets[join.to]
            for dimension in manifest.dimensions.values():
                if target.name in dimension.carriers and dimension.field.sensitivity != "pii":
                    path = DimensionName(f"{join.name}.{dimension.name}", "synonym")
                    for word in _role_words(join.label, target.label, dimension.label):
                        yield Entry(normalise_name(word), path)
                    if join.label != target.label and _is_top(dimension, target, manifest):
                        whole = replace(path, role=True)
                        yield Entry(normalise_name(join.label), whole)


def _is_top(dimension: Dimension, table: Dataset, manifest: Manifest) -> bool:
    """分行, the first level of what the table is called after, and nothing is called so itself."""
    named = any(d.label == table.label for d in manifest.dimensions.values())
    return not named and any(
        hierarchy.label == table.label and hierarchy.levels[0] == dimension.name
        for hierarchy in manifest.hierarchies
    )


def _role_words(role: str, table: str, dimension: str) -> Iterator[str]:
    """The role alone where the table is named like the dimension, else both together."""
    if role == table:
        return
    if dimension == table:
        yield role
    yield f"{role}{dimension}"
    yield f"{role}的{dimension}"


def _segments(manifest: Manifest) -> Iterator[Entry]:
    for segment in manifest.segments.values():
        yield Entry(normalise_name(segment.label), SegmentName(segment.name))
        for synonym in segment.synonyms:
            yield Entry(normalise_name(synonym), SegmentName(segment.name, "synonym"))


def _sensitive(manifest: Manifest) -> Iterator[Entry]:
    for dataset in manifest.datasets.values():
        for field in dataset.fields:
            if field.sensitivity == "pii":
                for word in (field.label, *field.synonyms):
                    yield Entry(normalise_name(word), SensitiveName(field.label))
