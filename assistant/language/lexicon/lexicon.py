"""`Lexicon`: immutable, built once per snapshot, asked in microseconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from assistant.language.deeds.table import Deeds, deeds_of
from assistant.language.lexicon.entries import entries
from assistant.language.lexicon.near import Near, NearIndex
from assistant.language.lexicon.own_members import OwnMember, own_members
from assistant.language.lexicon.pinyin import Sounds
from assistant.language.lexicon.separable import said_apart
from assistant.language.normalise import normalise_name
from assistant.language.stems import shares_named
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    MetricName,
    Name,
    NearMiss,
    SensitiveName,
    ValueName,
)
from assistant.language.words import Word, closed_words
from metrics.phrases import read_phrase
from semantic_layer.model import Manifest

NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})
PERSON = Word("noun", "entity")
PEOPLE = ("人", "户", "者", "员", "生")
TAIL = 2
"""Characters of a dimension's name that may stand for it beside the rest."""


class Found(NamedTuple):
    """A known word at a place of the text."""

    start: int
    end: int
    names: tuple[Name, ...]
    words: tuple[Word, ...]


class Asked(NamedTuple):
    """A metric that a verb asks for, maybe only with a counter: 卖了多少笔."""

    metric: str
    counter: str


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Names of metrics, dimensions, values and segments beside the closed-class words."""

    names: Mapping[str, tuple[Name, ...]]
    single: Mapping[str, tuple[DimensionName, ...]]
    """Dimension names of one character: they count only after 各, 按, 每, 分 …"""
    tails: Mapping[str, tuple[tuple[str, DimensionName], ...]]
    """Last two characters of a dimension's name → what stands before them, and the dimension."""
    patterns: tuple[str, ...]
    automaton: Any
    spoken: Mapping[str, Mapping[str, tuple[Asked, ...]]]
    """Verb → what it is said of ("" for nothing) → the metrics that are asked for so."""
    by_sound: Sounds
    near: NearIndex
    own_members: Mapping[str, tuple[OwnMember, ...]]
    """Members that are not found by their word alone."""
    deeds: Deeds
    """What can be held and done."""
    in_place: Mapping[str, Mapping[str, tuple[MetricName, ...]]]
    """Dimension → what follows its name in a metric's: 产品 → 销售额 → 产品销售额."""
    closed: Mapping[str, frozenset[str]]
    """Dimension → its members that are no more: merged outlets."""
    people: Mapping[str, tuple[Word, ...]]
    """What this company calls its people, said like 客户: 投保人, 会员."""
    roles: frozenset[str]
    """Those of them that are called so by one way to them only: 持有人."""
    figures: frozenset[str]
    """Words of share that are figures here: 份额 of a fund."""

    @classmethod
    def build(
        cls,
        manifest: Manifest,
        values: Mapping[str, tuple[str, ...]],
        closed: Mapping[str, tuple[str, ...]] = NONE,
    ) -> Lexicon:
        """The lexicon of these definitions and stored values (never of sensitive fields)."""
        from ahocorasick_rs import AhoCorasick

        names, single = _collect(manifest, values)
        people = _people(manifest)
        patterns = tuple(sorted({*names, *closed_words(), *people}))
        return cls(
            names=names,
            single=single,
            tails=_tails(names),
            patterns=patterns,
            automaton=AhoCorasick(list(patterns)),
            spoken=_spoken(manifest),
            by_sound=Sounds(sorted(names)),
            near=NearIndex.build(sorted(names)),
            own_members=own_members(manifest, names),
            deeds=deeds_of(manifest),
            in_place=_in_place(manifest, names),
            closed={dimension: frozenset(gone) for dimension, gone in closed.items()},
            people=people,
            roles=_roles(manifest) - set(names),
            figures=frozenset(shares_named(manifest)),
        )

    def find(self, text: str) -> Iterator[Found]:
        """Every known word in the text, overlapping ones included."""
        matches = self.automaton.find_matches_as_indexes(text, overlapping=True)
        words = closed_words()
        for number, start, end in matches:
            if _cuts_latin(text, start, end):
                continue
            pattern = self.patterns[number]
            said = words.get(pattern) or self.people.get(pattern, ())
            if pattern in self.figures:
                said = tuple(word for word in said if word.role != "share")
                if not said and pattern not in self.names:
                    continue
            yield Found(start, end, self.names.get(pattern, ()), said)

    def metrics(self, text: str) -> tuple[MetricName, ...]:
        """The metrics that have just this name."""
        return tuple(n for n in self.names.get(text, ()) if isinstance(n, MetricName))

    def nouns_of(self, metric: str) -> tuple[str, ...]:
        """What the phrases of a metric are said of."""
        said = (pair for nouns in self.spoken.values() for pair in nouns.items())
        named = (noun for noun, asked in said if noun and metric in {a.metric for a in asked})
        return tuple(dict.fromkeys(named))

    def may_hold(self, dimension: str, text: str) -> bool:
        """Whether a member's name may hold the text: yes where no member's name is known."""
        known = False
        for word, names in self.names.items():
            if any(isinstance(n, ValueName) and n.dimension == dimension for n in names):
                known = True
                if text in word:
                    return True
        return not known

    def sounding_like(self, text: str) -> tuple[str, ...]:
        """Known words that are pronounced like `text`."""
        return self.by_sound.like(text)

    def looking_like(self, text: str, *, least: float = 45.0) -> tuple[Near, ...]:
        """Known words that are spelled nearly like `text`, best first."""
        return self.near.nearest(text, least=least)


def _collect(
    manifest: Manifest, values: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[Name, ...]], dict[str, tuple[DimensionName, ...]]]:
    names: dict[str, list[Name]] = {}
    single: dict[str, list[DimensionName]] = {}
    for word, name in entries(manifest, values):
        if not word:
            continue
        if len(word) == 1 and isinstance(name, DimensionName):
            single.setdefault(word, []).append(name)
            continue
        names.setdefault(word, []).append(name)
    settled = {word: _settle(found) for word, found in names.items()}
    return settled, {word: tuple(found) for word, found in single.items()}


def _people(manifest: Manifest) -> dict[str, tuple[Word, ...]]:
    labels = {normalise_name(d.label) for d in manifest.datasets.values() if d.entity}
    found = {*labels, *_roles(manifest)}
    return {label: (PERSON,) for label in sorted(found) if label.endswith(PEOPLE)}


def _roles(manifest: Manifest) -> frozenset[str]:
    """What people are called by the way that leads to them, and nothing else is: 持有人."""
    joins = (join for dataset in manifest.datasets.values() for join in dataset.joins)
    of_people = (j for j in joins if (of := manifest.datasets.get(j.to)) is not None and of.entity)
    found = {normalise_name(join.label) for join in of_people if join.label}
    labels = {normalise_name(d.label) for d in manifest.datasets.values() if d.entity}
    return frozenset(word for word in found - labels if word.endswith(PEOPLE))


def _tails(
    names: Mapping[str, tuple[Name, ...]],
) -> dict[str, tuple[tuple[str, DimensionName], ...]]:
    """投诉原因 may be told as 原因 in a question about 投诉."""
    found: dict[str, list[tuple[str, DimensionName]]] = {}
    for word, meanings in names.items():
        head, tail = word[:-TAIL], word[-TAIL:]
        if len(head) >= TAIL and tail not in names and not word.isascii():
            found.setdefault(tail, []).extend(
                (head, DimensionName(name.dimension, "short"))
                for name in meanings
                if isinstance(name, DimensionName)
            )
    return {tail: tuple(said) for tail, said in found.items() if said}


def _in_place(
    manifest: Manifest, names: Mapping[str, tuple[Name, ...]]
) -> dict[str, dict[str, tuple[MetricName, ...]]]:
    """Endings of metrics' names that say nothing alone, by the dimension that they begin with."""
    called: dict[str, list[str]] = {}
    for dimension in manifest.dimensions.values():
        for word in (dimension.label, *dimension.field.synonyms):
            said = normalise_name(word)
            if len(said) >= TAIL:
                called.setdefault(said, []).extend(_with_coarser(dimension.name, manifest))
    found: dict[str, dict[str, tuple[MetricName, ...]]] = {}
    for full, meanings in names.items():
        metrics = tuple(n for n in meanings if isinstance(n, MetricName))
        for end in range(TAIL, len(full) - TAIL + 1) if len(metrics) == len(meanings) == 1 else ():
            rest = full[end:]
            if rest not in names and rest not in closed_words():
                for whose in called.get(full[:end], ()):
                    found.setdefault(whose, {})[rest] = metrics
    return found


def _with_coarser(dimension: str, manifest: Manifest) -> tuple[str, ...]:
    """产品 and its kinds: what is sold of a kind is sold of the products."""
    above = (
        level
        for hierarchy in manifest.hierarchies
        if dimension == hierarchy.levels[-1]
        for level in hierarchy.levels
    )
    return tuple(dict.fromkeys((dimension, *above)))


def _spoken(manifest: Manifest) -> dict[str, dict[str, tuple[Asked, ...]]]:
    found: dict[str, dict[str, tuple[Asked, ...]]] = {}
    for metric in manifest.metrics.values():
        for phrase in dict.fromkeys(map(read_phrase, metric.phrases)):
            if phrase is not None:
                nouns = found.setdefault(normalise_name(phrase.verb), {})
                noun = normalise_name(phrase.noun)
                nouns[noun] = (*nouns.get(noun, ()), Asked(metric.name, phrase.counter))
    for apart in dict.fromkeys(said_apart(manifest)):
        asked = Asked(apart.metric, apart.counter)
        declared = found.setdefault(apart.verb, {})
        if asked not in declared.get(apart.noun, ()):
            declared[apart.noun] = (*declared.get(apart.noun, ()), asked)
    return found


def _settle(found: Sequence[Name]) -> tuple[Name, ...]:
    """Governed ambiguity outranks names; a short form yields to a declared name."""
    if len(found) == 1:
        return (found[0],)
    unique = tuple(dict.fromkeys(found))
    unique = _without_repeats(unique)
    if any(isinstance(name, SensitiveName) for name in unique):
        return tuple(n for n in unique if isinstance(n, SensitiveName))
    if any(isinstance(name, AmbiguousName) for name in unique):
        return tuple(n for n in unique if isinstance(n, AmbiguousName))
    metrics = tuple(n for n in unique if isinstance(n, MetricName))
    if any(m.via != "short" for m in metrics):
        unique = tuple(n for n in unique if not isinstance(n, NearMiss))
        unique = tuple(n for n in unique if not (isinstance(n, MetricName) and n.via == "short"))
    elif any(isinstance(n, NearMiss) for n in unique):
        unique = tuple(n for n in unique if not isinstance(n, MetricName))
    return unique


def _without_repeats(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Each metric, dimension and value once, found the most direct way."""
    kept: dict[object, Name] = {}
    for name in names:
        key: object = name
        if isinstance(name, MetricName):
            key = ("metric", name.metric)
        elif isinstance(name, DimensionName):
            key = ("dimension", name.dimension)
        elif isinstance(name, ValueName):
            key = ("value", name.dimension, name.value)
        kept.setdefault(key, name)
    return tuple(kept.values())


def _cuts_latin(text: str, start: int, end: int) -> bool:
    """Whether a word would begin or end inside a run of letters or digits."""
    return (start > 0 and _same_run(text[start - 1], text[start])) or (
        end < len(text) and _same_run(text[end - 1], text[end])
    )


def _same_run(left: str, right: str) -> bool:
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())
