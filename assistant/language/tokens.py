"""Pieces of a question and the things that each may stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.language.bands import Bands
from assistant.language.deeds.deed import Deed, Run
from assistant.language.number import ComparatorToken, NumberToken
from assistant.language.time import GrainToken, TimeToken
from assistant.language.words import Word
from semantic_layer.query import Step, Value

Via = Literal["name", "synonym", "short", "pinyin", "fuzzy"]
"""How a name was found; the later ones are shown as an assumption."""


@dataclass(frozen=True, slots=True)
class MetricName:
    """A name of a governed metric."""

    metric: str
    via: Via = "name"


@dataclass(frozen=True, slots=True)
class DimensionName:
    """A name of a dimension."""

    dimension: str
    via: Via = "name"
    role: bool = False
    """The role as a whole was named, 发卡机构, and stands for the levels below as well."""


@dataclass(frozen=True, slots=True)
class ValueName:
    """A name of a member of a dimension."""

    dimension: str
    value: Value
    via: Via = "name"
    weak: bool = False
    """Too short or too common to count without its dimension beside it (女, 其他)."""


@dataclass(frozen=True, slots=True)
class SegmentName:
    """A name of a governed set of entities."""

    segment: str
    via: Via = "name"


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """A governed word for several metrics or dimensions."""

    word: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A word close to metrics but not a name of them: the assistant asks."""

    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SensitiveName:
    """A name of a field that may not be shown."""

    label: str


@dataclass(frozen=True, slots=True)
class Rank:
    """前十, 后五名, 倒数第三, 第二名, 最高的三家."""

    arg: str
    """top | bottom | high | low | best | worst"""
    count: int | None = None
    percent: int | float | None = None
    nth: bool = False
    """Only the place itself: 第二名."""


@dataclass(frozen=True, slots=True)
class SpokenVerb:
    """A verb of the catalogue's phrases: 卖了."""

    verb: str


@dataclass(frozen=True, slots=True)
class SpokenNoun:
    """What such a verb is said of: 理财."""

    noun: str


@dataclass(frozen=True, slots=True)
class SpokenMetric:
    """A verb together with the metrics that it asks for in this question."""

    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventName:
    """A name of a governed event: 开户, 浏览理财页."""

    step: Step
    label: str
    via: Via = "name"
    bare: bool = False
    """Only what was looked at is named, 首页; an event beside words of sequence only."""


@dataclass(frozen=True, slots=True)
class BehaviourWord:
    """A word of what people did, in which order and how soon: 漏斗, 次月, 30天内."""

    role: str
    numbers: tuple[int, ...] = ()
    arg: str = ""
    """Unit or kind, where the role has several."""


Name: TypeAlias = (
    MetricName | DimensionName | ValueName | SegmentName | AmbiguousName | NearMiss | SensitiveName
)
Spoken: TypeAlias = SpokenVerb | SpokenNoun | SpokenMetric
Meaning: TypeAlias = (
    Name
    | Rank
    | TimeToken
    | GrainToken
    | NumberToken
    | ComparatorToken
    | Word
    | Spoken
    | Deed
    | Run
    | EventName
    | BehaviourWord
    | Bands
)


def plain(dimension: str) -> str:
    """The dimension without the role that leads to it: reg_channel.channel → channel."""
    return dimension.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the normalised question; without meanings it is a gap."""

    start: int
    end: int
    text: str
    meanings: tuple[Meaning, ...] = ()

    @property
    def is_gap(self) -> bool:
        """Whether nothing is known about it."""
        return not self.meanings

    @property
    def names(self) -> tuple[Name, ...]:
        """What it may name in the catalogue."""
        return tuple(m for m in self.meanings if isinstance(m, Name))

    def roles(self) -> dict[str, str]:
        """Its roles as a closed-class word, each with its kind."""
        return {m.role: m.arg for m in reversed(self.meanings) if isinstance(m, Word)}

    def word(self, role: str) -> str | None:
        """The kind of that role that it has as a closed-class word."""
        for meaning in self.meanings:
            if isinstance(meaning, Word) and meaning.role == role:
                return meaning.arg
        return None
