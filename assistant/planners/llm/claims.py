"""What a draft says that words of the question stand for, and how far that is proven.

Closed-class words (time, numbers, limits, negation) are never claimed: they stay in the question
and are read by the grammar. Governed names keep their meaning.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.language.normalise import normalise
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    MetricName,
    NearMiss,
    SegmentName,
    Token,
    ValueName,
    plain,
)
from assistant.language.words import Word
from assistant.planners.llm.draft import GRAINS, Draft
from assistant.planners.llm.frame import Frame

Slot = Literal["metrics", "groups", "filters", "sets", "events"]
Evidence = Literal["governed", "remembered", "guessed"]
"""A name of it; confirmed by the asker before; the model's word alone."""
OPEN_ROLES = frozenset({"filler", "of", "break", "ask", "head", "noun", "equals", "prep", "chart"})
"""Words that may stand inside of what is claimed; all others are the grammar's."""
NEGATIONS = frozenset("不非未没无除别免")


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch of the question and the governed name that it stands for."""

    slot: Slot
    id: str
    value: str
    """Of filters the member."""
    start: int
    end: int
    words: str
    evidence: Evidence
    label: str
    """What people call that name."""

    @property
    def choice(self) -> str:
        """As it is remembered when the asker confirms it."""
        return f"{self.id}={self.value}" if self.slot == "filters" else self.id

    @property
    def is_proven(self) -> bool:
        """Whether it may be answered without asking."""
        return self.evidence != "guessed"


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a draft cannot stand, written for the model."""

    text: str


def claims_of(draft: Draft, frame: Frame) -> tuple[Claim, ...] | Objection:
    """Every name of the draft with its place, or the first objection."""
    found: list[Claim] = []
    for slot, name, value, words in _said(draft):
        unknown = _unknown_id(slot, name, value, frame)
        if unknown:
            return Objection(unknown)
        if slot == "groups" and name in GRAINS:
            continue
        claim = _claim(slot, name, value, words or value, frame)
        if isinstance(claim, Objection):
            return claim
        if claim is not None:
            found.append(claim)
    return _apart(found)


def _said(draft: Draft) -> Iterator[tuple[Slot, str, str, str]]:
    for metric in draft.metrics:
        yield "metrics", metric.id, "", metric.words
    for group in draft.groups:
        yield "groups", group.id, "", group.words
    for held in draft.filters:
        yield "filters", held.dimension, held.value, held.words
    for customers in draft.sets:
        yield "sets", customers.id, "", customers.words
    for event in draft.events:
        yield "events", event.id, "", event.words


def _unknown_id(slot: Slot, name: str, value: str, frame: Frame) -> str:
    known = {
        "metrics": frame.metrics, "groups": (*frame.dimensions, *GRAINS),
        "filters": frame.dimensions, "sets": frame.sets, "events": frame.events,
    }[slot]  # fmt: skip
    if name not in known:
        return f"`{slot}` 里的 `{name}` 不在给出的名字里;只能用:{', '.join(known)}。"
    if slot == "filters" and not frame.is_member(name, value):
        return f"`{value}` 不是维度 `{name}` 的取值。只能用给出的取值,或问题里的原词。"
    return ""


def _claim(slot: Slot, name: str, value: str, words: str, frame: Frame) -> Claim | Objection | None:
    """None: no words of the question are claimed."""
    spoken = normalise(words).text
    if not spoken:
        return None
    at = _place(spoken, frame)
    if at is None:
        return Objection(f"“{words}”不是问题里的原话。`words` 要照抄问题里的字。")
    stretch = _trimmed(at, at + len(spoken), frame.tokens)
    if not stretch:
        return Objection(f"“{words}”是时间、数字或语法词,不能当作 `{name}` 的名字。")
    own = [t for t in stretch if _names(t, slot, name, value, frame)]
    inside = next((t for t in stretch if _is_closed(t) and t not in own), None)
    if inside is not None:
        return Objection(f"“{words}”里的“{inside.text}”要照原意读,不能并进 `{name}`。")
    evidence = _evidence(slot, name, value, stretch, frame)
    if evidence is None:
        return Objection(f"“{words}”是别的口径的名字,不能当作 `{name}`。")
    start, end = max(at, stretch[0].start), min(at + len(spoken), stretch[-1].end)
    label = frame.label(name, value)
    return Claim(slot, name, value, start, end, frame.text[start:end], evidence, label)


def _place(spoken: str, frame: Frame) -> int | None:
    """Where the words stand, best where the grammar knows nothing."""
    places = [i for i in range(len(frame.text)) if frame.text.startswith(spoken, i)]
    in_gaps = (
        p for p in places for gap in frame.gaps if p < gap.end and gap.start < p + len(spoken)
    )
    return next(in_gaps, places[0] if places else None)


def _trimmed(start: int, end: int, tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The pieces claimed, without words of grammar at both ends."""
    inside = [t for t in tokens if t.start < end and start < t.end]
    while inside and _is_grammar(inside[0]):
        inside.pop(0)
    while inside and _is_grammar(inside[-1]):
        inside.pop()
    return tuple(inside)


def _is_grammar(token: Token) -> bool:
    return not token.is_gap and not token.names


def _is_closed(token: Token) -> bool:
    """Time, number, limit, comparison, negation: anything with a fixed meaning of its own."""
    if token.is_gap:
        return any(sign in token.text for sign in NEGATIONS)
    if token.names:
        return False
    return not any(isinstance(m, Word) and m.role in OPEN_ROLES for m in token.meanings)


def _names(token: Token, slot: Slot, name: str, value: str, frame: Frame) -> bool:
    """Whether the piece is a governed name of just this."""
    if slot == "events":
        heard = frame.event_at(token)
        return heard is not None and any(n.step.event == name for n in heard.names)
    if slot == "sets":
        return any(isinstance(n, SegmentName) and n.segment == name for n in token.names)
    if slot == "metrics":
        return any(isinstance(n, MetricName) and n.metric == name for n in token.names)
    if slot == "groups":
        return any(isinstance(n, DimensionName) and plain(n.dimension) == name for n in token.names)
    return any(
        isinstance(n, ValueName) and plain(n.dimension) == name and _is_same(n, value, token)
        for n in token.names
    )


def _is_same(name: ValueName, value: str, token: Token) -> bool:
    said = normalise(value).text
    return said in (normalise(str(name.value)).text, token.text)


def _evidence(
    slot: Slot, name: str, value: str, stretch: Sequence[Token], frame: Frame
) -> Evidence | None:
    """None: the words are governed otherwise."""
    own = [t for t in stretch if _names(t, slot, name, value, frame)]
    if own:
        others = [t for t in stretch if t not in own]
        return "guessed" if any(t.is_gap or t.names for t in others) else "governed"
    if not any(token in frame.gaps for token in stretch):
        return "guessed" if _is_offered(slot, name, stretch) else None
    words = frame.text[stretch[0].start : stretch[-1].end]
    choice = f"{name}={value}" if slot == "filters" else name
    return "remembered" if (words, choice) in frame.question.choices else "guessed"


def _is_offered(slot: Slot, name: str, stretch: Sequence[Token]) -> bool:
    """A word for several metrics, this one among them: the grammar asks which."""
    near = {m for t in stretch for n in t.names if isinstance(n, NearMiss) for m in n.metrics}
    ambiguous = any(isinstance(n, AmbiguousName) for t in stretch for n in t.names)
    return slot == "metrics" and (ambiguous or name in near)


def _apart(found: list[Claim]) -> tuple[Claim, ...] | Objection:
    ordered = sorted(found, key=lambda claim: claim.start)
    for left, right in itertools.pairwise(ordered):
        if right.start < left.end and (left.start, left.end) != (right.start, right.end):
            return Objection(f"“{left.words}”和“{right.words}”重叠,请分开。")
    return tuple(ordered)
