"""The question cut into events, words of sequence and all that limits them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.language.assemble.sketch import Owner
from assistant.language.behaviour.events import Heard, find_actors, find_events
from assistant.language.behaviour.nth import find_nth
from assistant.language.behaviour.windows import find_windows
from assistant.language.behaviour.words import find_words
from assistant.language.catalogue import Catalogue
from assistant.language.deeds import Deed
from assistant.language.lattice import best_cuts
from assistant.language.scan import LENGTH_POWER, Edge, scan
from assistant.language.time import TimeToken
from assistant.language.tokens import (
    AmbiguousName,
    BehaviourWord,
    EventName,
    Meaning,
    MetricName,
    NearMiss,
    Token,
)
from assistant.language.words import Word

EVENT_WEIGHT = 4.05
WEIGHTS = {
    "nth": 4.6, "nth_or_month": 4.6, "window": 4.2, "set_window": 4.4, "first": 2.6, "again": 1.4,
    "from": 1.3, "to": 1.5, "before": 2.1, "after": 2.1, "share": 2.4, "cohort": 4.6, "top": 3.2,
    "length": 3.2, "rate_of": 2.0, "actor": 4.6,
}  # fmt: skip
CUE_WEIGHT = 4.1
ASKING = frozenset({
    "funnel", "every", "rate", "share", "dropped", "back", "retention", "curve", "path", "walked",
    "gap", "lasting", "rate_of", "kept",
})  # fmt: skip
"""Roles that say what is asked; a governed name around one is looked at on its own."""
ALONE = frozenset({"funnel", "every", "retention", "curve", "kept", "path"})
BUCKETS = {"月": "month", "周": "week", "日": "day"}
Named = MetricName | AmbiguousName | NearMiss


@dataclass(slots=True)
class Line:
    """The tokens of a question and which of them a behaviour query has taken."""

    tokens: tuple[Token, ...]
    catalogue: Catalogue
    as_of: date
    governed: tuple[tuple[int, int], ...] = ()
    """Stretches in which a governed metric's name holds a word that asks."""
    owners: dict[int, Owner] = field(default_factory=dict)

    def role(self, at: int, *roles: str) -> BehaviourWord | None:
        """The word of sequence of one of these roles at that place."""
        if not 0 <= at < len(self.tokens):
            return None
        words = (m for m in self.tokens[at].meanings if isinstance(m, BehaviourWord))
        return next((word for word in words if word.role in roles), None)

    def places(self, *roles: str) -> list[int]:
        """Where words of these roles stand."""
        return [at for at in range(len(self.tokens)) if self.role(at, *roles)]

    def events(self, at: int) -> tuple[EventName, ...]:
        """The events that the token there may name; a page only where nothing else is called so."""
        if not 0 <= at < len(self.tokens):
            return ()
        names = tuple(m for m in self.tokens[at].meanings if isinstance(m, EventName))
        return tuple(name for name in names if name.step.where is None) or names

    def is_word(self, at: int, *roles: str) -> bool:
        """Whether a closed-class word of one of these roles stands there."""
        return 0 <= at < len(self.tokens) and any(self.tokens[at].word(role) for role in roles)

    def has_time(self) -> bool:
        """Whether any part of the question, itself no word of sequence, tells a time."""
        return any(
            isinstance(meaning, TimeToken)
            for at, token in enumerate(self.tokens)
            if at not in self.owners
            for meaning in token.meanings
        )

    def own(self, at: int, meaning: str = "") -> None:
        """Take a token."""
        self.owners.setdefault(at, Owner("behaviour", meaning))

    def left(self) -> tuple[Token, ...]:
        """The tokens with what was taken emptied of other meanings, the rest of events."""
        return tuple(
            replace(token, meanings=(Word("break", "behaviour"),))
            if at in self.owners
            else replace(token, meanings=tuple(m for m in token.meanings if not _is_ours(m)))
            for at, token in enumerate(self.tokens)
        )


def cut_line(text: str, catalogue: Catalogue, as_of: date) -> Line | None:
    """The best cut with events in it; None: nothing that was done is named or asked for."""
    heard = tuple(find_events(text, catalogue.manifest, catalogue.lexicon))
    found: dict[tuple[int, int], tuple[float, dict[Meaning, None]]] = {}
    for start, end, names in heard:
        _add(found, start, end, EVENT_WEIGHT, names)
    for start, end, word in (*_words(text, heard), *find_actors(text, catalogue.manifest)):
        _add(found, start, end, WEIGHTS.get(word.role, CUE_WEIGHT), (word,))
    for start, end, names in _cohorts(text, heard):
        cohort = BehaviourWord("cohort", arg=BUCKETS[text[end - 1]])
        _add(found, start, end, WEIGHTS["cohort"], (cohort, *names))
    asking = [
        place
        for place, (_, said) in found.items()
        if any(isinstance(m, BehaviourWord) and m.role in ASKING for m in said)
    ]
    if not asking or not _may_ask(text, heard, [found[place][1] for place in asking], found):
        return None
    edges = scan(text, catalogue.lexicon, as_of)
    for edge in edges:
        if _stands(edge, asking, heard):
            place = (edge.token.start, edge.token.end)
            weight = edge.score / len(edge.token.text) ** LENGTH_POWER
            _add(found, *place, weight, edge.token.meanings)
    ours = tuple(
        Edge(
            Token(start, end, text[start:end], tuple(said)), weight * (end - start) ** LENGTH_POWER
        )
        for (start, end), (weight, said) in sorted(found.items())
    )
    plain = best_cuts(text, edges, most=1)[0]
    governed = tuple(
        (token.start, token.end)
        for token in plain.tokens
        if any(isinstance(n, MetricName) for n in token.names)
        and any(token.start <= start and end <= token.end for start, end in asking)
    )
    return Line(best_cuts(text, ours, most=1)[0].tokens, catalogue, as_of, governed)


def _may_ask(
    text: str, heard: Sequence[Heard], asking: Sequence[Iterable[Meaning]],
    found: Mapping[tuple[int, int], tuple[float, Iterable[Meaning]]],
) -> bool:  # fmt: skip
    """占比, 多久 and the like need two events, or one and a word like 到 or 次月."""
    if any(map(_speaks_for_itself, asking)):
        return True
    ends = {end for _, end, names in heard if not names[0].bare}
    beginnings = {start for start, _, _ in heard}
    if min(len(ends), len(beginnings)) > 1:
        return True
    roles = {m.role for _, said in found.values() for m in said if isinstance(m, BehaviourWord)}
    return bool(heard) and ("到" in text or "→" in text or "nth" in roles)


def _speaks_for_itself(said: Iterable[Meaning]) -> bool:
    """漏斗, 留存, 路径 without any event are asked back; 比例 and 多久 are about other things."""
    return any(isinstance(m, BehaviourWord) and m.role in ALONE for m in said)


def _add(
    found: dict[tuple[int, int], tuple[float, dict[Meaning, None]]],
    start: int, end: int, weight: float, meanings: Sequence[Meaning],
) -> None:  # fmt: skip
    known, said = found.get((start, end), (0.0, {}))
    found[start, end] = max(known, weight), said | dict.fromkeys(meanings)


def _words(text: str, heard: Sequence[Heard]) -> Iterator[tuple[int, int, BehaviourWord]]:
    yield from find_words(text)
    yield from find_windows(text)
    yield from find_nth(text)
    for _, end, _ in heard:
        if text.startswith("率", end):
            yield end, end + 1, BehaviourWord("rate_of")


def _cohorts(text: str, heard: Sequence[Heard]) -> Iterator[Heard]:
    """按开户月: when they started tells who belongs together."""
    for start, end, names in heard:
        if start and text[start - 1] == "按" and text[end : end + 1] in BUCKETS:
            yield Heard(start - 1, end + 1, names)


def _stands(edge: Edge, asking: Sequence[tuple[int, int]], heard: Sequence[Heard]) -> bool:
    """A metric's name does not hide the word that asks, nor a set of people a step."""
    token = edge.token
    if any(isinstance(name, Named) for name in token.names):
        return not _are_people(token) and not any(
            start < token.end and token.start < end for start, end in asking
        )
    if any(isinstance(meaning, Deed) for meaning in token.meanings):
        first = min((start for start, _, names in heard if not names[0].bare), default=token.end)
        return token.start <= first
    return True


def _are_people(token: Token) -> bool:
    """私行客户 are those whom it is about, not how many they are."""
    return token.text.endswith(("客户", "用户")) and any(
        isinstance(name, MetricName) and name.via != "name" for name in token.names
    )


def _is_ours(meaning: Meaning) -> bool:
    return isinstance(meaning, EventName | BehaviourWord)
