"""Everything that could be recognised in a text, overlapping: the edges of the lattice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.language.bands import Bands, find_bands
from assistant.language.coordinated import find_coordinated, find_done, find_parted
from assistant.language.counted_deltas import find_counted_deltas
from assistant.language.deeds import Deed, Run, find_deeds, rates, splits_a_deed
from assistant.language.inverted import find_inverted
from assistant.language.kinds_of import find_in_place, find_kinds_of
from assistant.language.lexicon import TAIL, Found, Lexicon
from assistant.language.number import ComparatorToken, NumberToken, find_comparators, find_numbers
from assistant.language.overlapping import find_overlapping
from assistant.language.own_members import find_own_members
from assistant.language.ranks import find_ranks
from assistant.language.same_unit import same_unit
from assistant.language.spoken import find_spoken
from assistant.language.time import GrainToken, TimeToken, find_grains, find_times, kind_of_days
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    Meaning,
    MetricName,
    NearMiss,
    Rank,
    SegmentName,
    SensitiveName,
    SpokenMetric,
    SpokenNoun,
    SpokenVerb,
    Token,
    ValueName,
)
from assistant.language.which_time import find_which_times
from assistant.language.words import Word, closed_words

WEIGHTS: dict[type[Meaning], float] = {
    SensitiveName: 4.2,
    AmbiguousName: 4.1,
    MetricName: 4.0,
    NearMiss: 4.0,
    SegmentName: 4.0,
    Deed: 3.8,
    Run: 3.4,
    Bands: 3.4,
    ValueName: 3.6,
    TimeToken: 3.4,
    DimensionName: 3.2,
    GrainToken: 3.2,
    ComparatorToken: 3.1,
    Rank: 3.0,
    SpokenVerb: 3.0,
    SpokenMetric: 3.0,
    SpokenNoun: 2.6,
    NumberToken: 2.2,
    Word: 2.0,
}
ROLE_WEIGHTS = {
    "filler": 1.2, "per": 3.8, "base": 3.4, "delta": 2.6, "trend": 2.6, "share": 2.6,
    "unsupported": 2.4, "meta": 2.4,
}  # fmt: skip
"""Words of shape must win against a shorter name inside them."""
OF_KIND = re.compile("类(?!型|别|似|目)")
LENGTH_POWER = 1.35
AND = tuple("和与及跟、")
PEOPLE = ("客户", "用户")
AMONG = re.compile("(?:平均|人均)(?!的|[每日月年季周天笔单户值数])")


@dataclass(frozen=True, slots=True)
class Edge:
    """A token that could stand here, with its weight in the lattice."""

    token: Token
    score: float


def scan(text: str, lexicon: Lexicon, as_of: date) -> tuple[Edge, ...]:
    """All recognisable tokens of a normalised text, one edge per stretch."""
    found: dict[tuple[int, int], dict[Meaning, None]] = {}
    for start, end, meanings in _meanings(text, lexicon, as_of):
        found.setdefault((start, end), {}).update(dict.fromkeys(meanings))
    for start, end, meanings in find_in_place(text, lexicon):
        found.setdefault((start, end), dict.fromkeys(meanings))
    _add_single_characters(text, lexicon, found)
    _add_tails(text, lexicon, found)
    for place, member in tuple(find_own_members(text, lexicon, found)):
        found.setdefault(place, {})[member] = None
    for place, member in tuple(find_overlapping(found)):
        found.setdefault(place, {})[member] = None
    _share_among_customers(text, found)
    _keep_times_whole(found)
    _keep_members_alike(text, found)
    for joined in (*find_coordinated(text, lexicon), *find_kinds_of(text, lexicon)):
        found[joined.start, joined.end] = dict.fromkeys(joined.names)
    return tuple(
        _edge(Token(start, end, text[start:end], tuple(meanings)))
        for (start, end), meanings in sorted(found.items())
    )


def _meanings(
    text: str, lexicon: Lexicon, as_of: date
) -> Iterator[tuple[int, int, tuple[Meaning, ...]]]:
    yield from _known(text, lexicon)
    for time in same_unit(find_times(text, as_of)):
        if not _is_each_feast(time, lexicon):
            yield time.start, time.end, (time,)
    for grain in find_grains(text):
        if not _is_each_feast(grain, lexicon):
            yield grain.start, grain.end, (grain,)
    numbers, comparators = find_numbers(text), find_comparators(text)
    for number in numbers:
        yield number.start, number.end, (number,)
    for comparator in comparators:
        yield comparator.start, comparator.end, (comparator,)
    deeds = tuple(find_deeds(text, lexicon.deeds, as_of, comparators, numbers))
    for deed in deeds:
        yield deed.start, deed.end, (deed.meaning,)
    for at in rates(text, deeds):
        yield at, at + 1, (Word("share", "part"),)
    yield from find_bands(text, comparators)
    for start, end, rank in find_ranks(text):
        yield start, end, (rank,)
    yield from find_which_times(text)
    yield from find_counted_deltas(text)
    for said in (*find_inverted(text, lexicon), *find_parted(text, lexicon)):
        if not splits_a_deed(said.start, text, deeds):
            yield said
    yield from find_done(text, lexicon)
    yield from find_spoken(text, lexicon)


def _known(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, tuple[Meaning, ...]]]:
    for known in lexicon.find(text):
        yield known.start, known.end, (*known.names, *known.words)
        if members := _of_kind(known, text):
            yield known.start, known.end + 1, members


def _of_kind(known: Found, text: str) -> tuple[Meaning, ...]:
    """信用类贷款 are those of the member 信用; 类型 and 类别 are other words."""
    if not OF_KIND.match(text, known.end):
        return ()
    long_enough = known.end - known.start > 1
    return tuple(n for n in known.names if isinstance(n, ValueName) and long_enough)


def _is_each_feast(time: TimeToken | GrainToken, lexicon: Lexicon) -> bool:
    """各节假日 are the feasts, where the catalogue knows them by name, not their days."""
    if time.days is None or time.grain != "date":
        return False
    names = lexicon.names.get(kind_of_days(time.text), ())
    return any(isinstance(name, DimensionName) for name in names)


def _add_single_characters(
    text: str, lexicon: Lexicon, found: dict[tuple[int, int], dict[Meaning, None]]
) -> None:
    """省, 市, 页 … name a dimension only directly after 各, 按, 每, 分, or behind its member."""
    ends = {
        end
        for (_, end), meanings in found.items()
        if any(isinstance(m, Word) and m.role == "group" for m in meanings)
    }
    for at in ends:
        if at < len(text) and (names := lexicon.single.get(text[at])):
            found.setdefault((at, at + 1), {}).update(dict.fromkeys(names))
    for (_, at), meanings in list(found.items()):
        of = _dimensions_of(meanings)
        own = [n for n in lexicon.single.get(text[at : at + 1], ()) if n.dimension in of]
        if own:
            found.setdefault((at, at + 1), {}).update(dict.fromkeys(own))


def _add_tails(
    text: str, lexicon: Lexicon, found: dict[tuple[int, int], dict[Meaning, None]]
) -> None:
    """投诉最多的5个原因: the end of a name behind a word of rank or group, the rest elsewhere.

    哪家银行: the rest may be left out where one dimension only ends so.
    """
    ends = {end for (_, end), meanings in found.items() if any(map(_wants_members, meanings))}
    ends |= {end + 1 for end in ends if text[end : end + 1] == "的"}
    for at in ends:
        ending = lexicon.tails.get(text[at : at + TAIL], ())
        only = len({name.dimension for _, name in ending}) == 1
        only = only and text[at : at + TAIL] not in closed_words()
        for head, name in ending:
            if only or head in text:
                found.setdefault((at, at + TAIL), {})[name] = None


def _wants_members(meaning: Meaning) -> bool:
    if isinstance(meaning, Word):
        return meaning.role in ("group", "which", "extreme")
    return isinstance(meaning, Rank)


def _share_among_customers(text: str, found: dict[tuple[int, int], dict[Meaning, None]]) -> None:
    """私行客户平均AUM, 贵宾客户人均存款: the customers just named are those it is divided by."""
    for (start, end), said in found.items():
        if text.endswith(PEOPLE, 0, start) and AMONG.match(text, start):
            whole = any(place[0] == start and place[1] > end for place in found)
            vague = any(isinstance(m, Word) and m.role in ("mean", "per_person") for m in said)
            if vague and not whole:
                found[start, end] = {Word("per", "customer"): None}


def _keep_times_whole(found: dict[tuple[int, int], dict[Meaning, None]]) -> None:
    """上个月活跃: no 月活 out of the last character of a time."""
    times = {place for place, said in found.items() if any(map(_is_period, said))}
    for place in [p for p, said in found.items() if any(isinstance(m, MetricName) for m in said)]:
        if any(start < place[0] == end - 1 and end < place[1] for start, end in times):
            kept: dict[Meaning, None] = {
                m: None for m in found[place] if not isinstance(m, MetricName)
            }
            if kept:
                found[place] = kept
            else:
                del found[place]


def _keep_members_alike(text: str, found: dict[tuple[int, int], dict[Meaning, None]]) -> None:
    """私行和贵宾客户的户均AUM: members side by side, no 贵宾客户数 behind the first one."""
    members = {place: _dimensions_of(said) for place, said in found.items()}
    for (left, right), dimensions in members.items():
        joint, noun = text[right : right + 1], ""
        for (start, end), others in members.items() if joint in AND else ():
            if start != right + 1 or not dimensions & others or left == right:
                continue
            noun = next((n for n in PEOPLE if text.startswith(f"{n}的", end)), "")
            if noun:
                _drop_metrics(found, (start, end + len(noun)))


def _drop_metrics(
    found: dict[tuple[int, int], dict[Meaning, None]], place: tuple[int, int]
) -> None:
    said = found.pop(place, {})
    kept: dict[Meaning, None] = {m: None for m in said if not isinstance(m, MetricName)}
    if kept:
        found[place] = kept


def _dimensions_of(said: dict[Meaning, None]) -> set[str]:
    return {m.dimension for m in said if isinstance(m, ValueName)}


def _is_period(meaning: Meaning) -> bool:
    return isinstance(meaning, TimeToken) and meaning.spans is not None


def _edge(token: Token) -> Edge:
    weight = max(_weight(meaning) for meaning in token.meanings)
    return Edge(token, weight * len(token.text) ** LENGTH_POWER)


def _weight(meaning: Meaning) -> float:
    if isinstance(meaning, Word):
        return ROLE_WEIGHTS.get(meaning.role, WEIGHTS[Word])
    return WEIGHTS[type(meaning)]
