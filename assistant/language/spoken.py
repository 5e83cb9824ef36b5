"""Metrics asked for with a verb: 上个月各分行卖了多少理财, 理财卖出去多少, 赔了多少."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.language.catalogue import Catalogue
from assistant.language.lexicon import Asked, Lexicon
from assistant.language.normalise import normalise_name
from assistant.language.number import ComparatorToken
from assistant.language.tokens import (
    Meaning,
    MetricName,
    Rank,
    SpokenMetric,
    SpokenNoun,
    SpokenVerb,
    Token,
    ValueName,
    plain,
)
from assistant.language.words import Word
from metrics.phrases import AMOUNT, DONE

FINISHED = re.compile(r"(?:出去|出来|进来|出|掉|进|成|到)?[了过]|出去|得(?=最|更|好|多|少|怎|如何)")
ASKED = re.compile(AMOUNT)
PAST = re.compile(DONE)
COUNTED: Mapping[str, str] = {
    "户": "户人个", "人": "户人", "位": "户人", "名": "户人", "个": "户人个", "笔": "笔",
    "件": "件单", "张": "张", "次": "次笔", "家": "家", "单": "件单笔", "起": "件起",
    "宗": "件宗笔", "场": "场次个",
}  # fmt: skip
OBJECT = "单"
"""What is counted and done at once: who 出了多少单 出单."""
AGAIN = re.compile(r"[,、和及与]|以及")
NO_OBJECT = re.compile("单[均笔位件价]")
ASKING = frozenset({"ask", "extreme", "sort", "focus", "trend", "share", "delta", "base"})
RATE = "率"
COUNTING = re.compile("有?(?:最多|最少|多少|几)")
MONEY = frozenset("钱元万亿")
RECEIVED = frozenset({"收", "收取"})
EARNED = re.compile("(?:费|收入|佣金?|利息|税)$")
"""申购费这个季度收了多少: what is named is what was received."""
MORE = ("bare_extreme", "compare_extreme")


class Found(NamedTuple):
    """A verb, or what it is done to, at a place of the text."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


def find_spoken(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Verbs of the catalogue's phrases where they ask or are done, and their nouns."""
    nouns: dict[str, None] = {}
    for verb, said in lexicon.spoken.items():
        if verb not in text:
            continue
        counted = OBJECT in {a.counter for asked in said.values() for a in asked}
        heard = list(_verbs(text, verb, (*said, OBJECT) if counted else tuple(said)))
        yield from heard
        yield from _asked_again(text, verb, heard)
        if heard:
            nouns.update(dict.fromkeys(filter(None, said)))
    for noun in nouns:
        for match in re.finditer(re.escape(noun), text):
            yield Found(match.start(), match.end(), (SpokenNoun(noun),))


def _verbs(text: str, verb: str, nouns: Sequence[str]) -> Iterator[Found]:
    for match in re.finditer(f"新?{re.escape(verb)}", text):
        done = FINISHED.match(text, match.end())
        past = PAST.match(text, match.end())
        after = past.end() if past else match.end()
        asks = ASKED.match(text, after) is not None
        if done or asks or any(noun and text.startswith(noun, after) for noun in nouns):
            end = after if asks else done.end() if done else match.end()
            if OBJECT in nouns and text.startswith(OBJECT, end) and not NO_OBJECT.match(text, end):
                end += 1
            yield Found(match.start(), end, (SpokenVerb(verb),))


def _asked_again(text: str, verb: str, heard: Sequence[Found]) -> Iterator[Found]:
    """理财卖了多少笔,多少钱: the second question is of what the verb is said of, too."""
    for found in heard:
        first = ASKED.match(text, found.end)
        joint = AGAIN.match(text, first.end()) if first else None
        second = ASKED.match(text, joint.end()) if joint else None
        if second and not text.startswith("的", second.end()):
            yield Found(second.start(), second.end(), (SpokenVerb(verb),))


class Fit(NamedTuple):
    """The metrics that a verb asks for together, and what is said of them."""

    metrics: tuple[str, ...]
    label: str
    sure: bool = True
    """False: the words leave out what tells this metric from others."""


def fits(at: int, tokens: Sequence[Token], verb: str, catalogue: Catalogue) -> tuple[Fit, ...]:
    """What the verb at that token may ask for, by the nouns and the counter of the question."""
    said = catalogue.lexicon.spoken[verb]
    named = [
        noun
        for noun in said
        if noun and (
            _holds_its_object(at, tokens, verb + noun, catalogue)
            or any(_is_said_of(t, noun, catalogue) for t in tokens)
        )
    ]  # fmt: skip
    if not named and _has_another_object(at, tokens, tuple(said), catalogue):
        return ()
    bare = [noun for noun in said if not noun]
    groups = [_counted(at, tokens, said[noun], catalogue) for noun in named or bare or said]
    apart = tuple(_said_apart(at, tokens, verb, named, catalogue))
    if apart:
        groups.append(apart)
    elif named and all(len(group) == 1 for group in groups):
        metrics = tuple(dict.fromkeys(group[0] for group in groups))
        return (Fit(metrics, "、".join(catalogue.metric(m).label for m in metrics)),)
    found = dict.fromkeys(metric for group in groups for metric in group)
    return tuple(Fit((m,), catalogue.metric(m).label, bool(named or bare)) for m in found)


def _holds_its_object(at: int, tokens: Sequence[Token], whole: str, catalogue: Catalogue) -> bool:
    """下单最多; 撤单最高 may be the rate that is called so."""
    if tokens[at].text != whole:
        return False
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return f"{whole}{RATE}" not in catalogue.lexicon.names or COUNTING.match(following) is not None


def _said_apart(
    at: int, tokens: Sequence[Token], verb: str, nouns: Sequence[str], catalogue: Catalogue
) -> Iterator[str]:
    """营销花了多少钱,带来多少新客: 营销 is said elsewhere, and who 营销带来 may be meant."""
    for longer, said in catalogue.lexicon.spoken.items():
        subject = longer.removesuffix(verb)
        if not subject or subject == longer:
            continue
        begins = at == 0 and len(subject) > 1
        if begins or any(subject in token.text for token in tokens[: max(at - 1, 0)]):
            for noun in nouns:
                yield from _counted(at, tokens, said.get(noun, ()), catalogue)


def _counted(
    at: int, tokens: Sequence[Token], asked: Sequence[Asked], catalogue: Catalogue
) -> tuple[str, ...]:
    """卖了多少笔 leaves what is counted in 笔; a bare 多少 prefers what needs no counter."""
    own = tokens[at : at + 1] if ASKED.fullmatch(tokens[at].text) else ()
    said = [t.text for t in (*own, *tokens[at + 1 :], *tokens[:at]) if t.word("ask")]
    last = said[0].rstrip("呢了")[-1] if said else ""
    units = {"CNY"} if last in MONEY else set(COUNTED.get(last, ""))
    if units:
        kept = [a.metric for a in asked if catalogue.metric(a.metric).unit in units]
    else:
        kept = [a.metric for a in asked if not a.counter] or [a.metric for a in asked]
    return tuple(dict.fromkeys(kept))


def _names(token: Token, noun: str, catalogue: Catalogue) -> bool:
    """Whether a token is the noun, or another word for the same member."""
    if token.text == noun or any(m == SpokenNoun(noun) for m in token.meanings):
        return True
    members = {(n.dimension, n.value) for n in _members(noun, catalogue)}
    return any(isinstance(n, ValueName) and (n.dimension, n.value) in members for n in token.names)


def _is_said_of(token: Token, noun: str, catalogue: Catalogue) -> bool:
    return any(is_it(token, noun, catalogue) for is_it in (_names, _is_kind_of, _is_one_of))


def _is_one_of(token: Token, noun: str, catalogue: Catalogue) -> bool:
    """货币宝, a member of 产品, is sold like any 产品, and stays a condition."""
    found = (catalogue.manifest.dimensions[plain(n.dimension)] for n in token.names
             if isinstance(n, ValueName))  # fmt: skip
    called = (normalise_name(w) for d in found for w in (d.label, *d.field.synonyms))
    return any(word.startswith(noun) for word in called)


def _is_kind_of(token: Token, noun: str, catalogue: Catalogue) -> bool:
    """指数基金 and 房贷, 个人住房贷款, are sold like any 基金 and 贷款, and stay conditions."""
    members = [name for name in token.names if isinstance(name, ValueName)]
    called = (normalise_name(catalogue.value_label(name)) for name in members)
    return bool(members) and any(word.endswith(noun) for word in (token.text, *called))


def _members(noun: str, catalogue: Catalogue) -> list[ValueName]:
    names = catalogue.lexicon.names.get(noun, ())
    return [name for name in names if isinstance(name, ValueName)]


def _has_another_object(
    at: int, tokens: Sequence[Token], nouns: Sequence[str], catalogue: Catalogue
) -> bool:
    """卖了多少存款: something of the same kind that this verb is not said of."""
    kinds = {n.dimension for noun in nouns if noun for n in _members(noun, catalogue)}
    for place, token in enumerate(tokens):
        if any(isinstance(n, ValueName) and n.dimension in kinds for n in token.names):
            return True
        is_object = any(isinstance(n, MetricName) for n in token.names)
        if is_object and place > at and tokens[place - 1].word("ask"):
            return True
    return False


def names_its_kind(tokens: Sequence[Token], verb: str, catalogue: Catalogue) -> bool:
    """续期保费收了多少: the flow that is named is of the kind that this verb is said of."""
    named = [(t.text, n.metric) for t in tokens for n in t.names if isinstance(n, MetricName)]
    if len(named) != 1 or not asks_amount(tokens):
        return False
    text, metric = named[0]
    unit = catalogue.metric(metric).unit
    if verb in RECEIVED and EARNED.search(text) and unit == "CNY":
        return not catalogue.is_stock(metric)
    return not catalogue.is_stock(metric) and any(
        noun and text != noun and text.endswith(noun) and catalogue.metric(a.metric).unit == unit
        for noun, asked in catalogue.lexicon.spoken[verb].items()
        for a in asked
    )


def asks_amount(tokens: Sequence[Token]) -> bool:
    """Whether the question wants a number: 卖了理财 says that it happened, and asks nothing."""
    return _asks_who_did_more(tokens) or any(
        isinstance(meaning, Rank | ComparatorToken)
        or (isinstance(meaning, Word) and meaning.role in ASKING)
        for token in tokens
        for meaning in token.meanings
    )


def _asks_who_did_more(tokens: Sequence[Token]) -> bool:
    """蚂蚁和天天谁卖得多: right behind the verb a bare adjective compares."""
    return any(
        token.text.endswith("得")
        and any(isinstance(m, SpokenVerb | SpokenMetric) for m in token.meanings)
        and any(following.word(role) for role in MORE)
        for token, following in itertools.pairwise(tokens)
    )


def metric_of_noun(token: Token, tokens: Sequence[Token], catalogue: Catalogue) -> str | None:
    """理财和基金卖了多少: with several nouns each names the metric of its own."""
    for at, other in enumerate(tokens):
        verb = next((m for m in other.meanings if isinstance(m, SpokenVerb)), None)
        if verb is None or token is other or not asks_amount(tokens):
            continue
        for fit in fits(at, tokens, verb.verb, catalogue):
            own = [m for m in fit.metrics if is_noun_of(token, m, catalogue)]
            if len(fit.metrics) > 1 and len(own) == 1:
                return own[0]
    return None


def spoken_by(token: Token) -> SpokenMetric | None:
    """The metrics that a token asks for with a verb."""
    return next((m for m in token.meanings if isinstance(m, SpokenMetric)), None)


def is_noun_of(token: Token, metric: str, catalogue: Catalogue) -> bool:
    """Whether a token is what a phrase of the metric is said of."""
    nouns = catalogue.lexicon.nouns_of(metric)
    return any(_names(token, noun, catalogue) for noun in nouns)
