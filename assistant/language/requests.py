"""Questions about definitions and data: what is it, who owns it, how fresh, what can you do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant.language.catalogue import Catalogue
from assistant.language.time import TimeToken
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    MetricName,
    Name,
    NearMiss,
    SegmentName,
    Token,
    ValueName,
    plain,
)
from assistant.reading import Request

HARMLESS = ("filler", "of", "break", "conj", "scope", "ask", "equals", "prep", "group")
ORDER: tuple[Request, ...] = (
    "difference", "list_dimensions", "list_metrics", "definition", "owner", "freshness",
    "about_data", "help",
)  # fmt: skip
NEEDS_SUBJECT = frozenset({"difference", "definition", "owner"})
ABOUT_ONE = frozenset({"definition", "owner", "list_dimensions"})
POINTING = frozenset({"指标", "这个指标", "该指标", "这个数", "它"})
"""They point at what was asked before."""
TAKES_TOPIC = frozenset({"list_metrics"})
ABOUT_TABLES = frozenset({"freshness", "about_data"})
HOW_MANY = ("数", "数量", "总数")
LOOSE_ENDS = "的数据表"


class Information(NamedTuple):
    """A request for information and what it is about."""

    request: Request
    subjects: tuple[str, ...]
    unknown: str = ""
    """A word in the subject's place that names nothing."""


def information(
    tokens: Sequence[Token], catalogue: Catalogue, implied: tuple[str, ...] = ()
) -> Information | None:
    """The request, when every word of the question belongs to it.

    `implied` are the metrics of the question before: 口径是什么 is about them.
    """
    kinds = {kind for token in tokens if (kind := token.word("meta"))}
    if social := _social(tokens):
        return Information(social, ())
    if members := _members(tokens):
        return Information("definition", members)
    for request in ORDER:
        if request in kinds:
            return _about(request, tokens, catalogue, implied)
    return None


def _social(tokens: Sequence[Token]) -> Request | None:
    """你好, 谢谢: only when nothing else is said."""
    if not all(t.word("meta") in ("greeting", "thanks") or _is_harmless(t) for t in tokens):
        return None
    kinds = [t.word("meta") for t in tokens]
    if "thanks" in kinds:
        return "thanks"
    return "greeting" if "greeting" in kinds else None


def _members(tokens: Sequence[Token]) -> tuple[str, ...]:
    """有哪些分行, 客户等级有哪几种: nothing but a dimension and the wish for its members."""
    named = [token for token in tokens if token.names]
    asked = [t for t in tokens if _asks_for_members(t)]
    rest = [t for t in tokens if t not in named and t not in asked and not _is_harmless(t)]
    if len(named) != 1 or not asked or rest or any(t.word("group") for t in tokens):
        return ()
    names = named[0].names
    found = [name.dimension for name in names if isinstance(name, DimensionName)]
    return tuple(map(plain, found[:1])) if len(found) == len(names) else ()


def _asks_for_members(token: Token) -> bool:
    """有哪些, 有哪几种, 有几个; 网点数量."""
    if token.text in HOW_MANY:
        return True
    listed = token.word("meta") == "members" or token.word("which") == "list"
    return listed or (token.word("ask") == "count" and token.text.endswith(("个", "家")))


def _tables(
    request: Request, rest: Sequence[Token], catalogue: Catalogue, implied: tuple[str, ...]
) -> Information | None:
    """交易数据更新到哪天: a metric, or whatever tables have the word in their name."""
    found: list[str] = []
    for token in rest:
        if subjects := _subjects(token.names, catalogue):
            found += subjects
            continue
        if token.meanings and all(isinstance(m, TimeToken) for m in token.meanings):
            continue
        topic = token.text.strip(LOOSE_ENDS)
        datasets = catalogue.manifest.datasets.values()
        named = [d.name for d in datasets if topic and topic in d.label]
        if not named and topic:
            return None
        found += named
    return Information(request, tuple(dict.fromkeys(found or implied)))


def _about(
    request: Request, tokens: Sequence[Token], catalogue: Catalogue, implied: tuple[str, ...]
) -> Information | None:
    rest = [t for t in tokens if not t.word("meta") and not _is_harmless(t)]
    if request in TAKES_TOPIC:
        return _list_metrics(rest, catalogue)
    if request in ABOUT_TABLES:
        return _tables(request, rest, catalogue, implied)
    subjects: list[str] = []
    for token in rest:
        found = _subjects(token.names, catalogue)
        if not found and token.meanings and all(isinstance(m, TimeToken) for m in token.meanings):
            continue
        if not found:
            return _unknown(request, rest) if request in NEEDS_SUBJECT else None
        subjects += found
    if request in ABOUT_ONE and not subjects:
        subjects = list(implied)
    if request in NEEDS_SUBJECT and not subjects:
        return None
    if request == "definition" and _tells_when(rest) and _only_dimensions(rest):
        return None
    if request == "difference" and len(set(subjects)) < 2:
        return None
    return Information(request, tuple(dict.fromkeys(subjects)))


def _tells_when(rest: Sequence[Token]) -> bool:
    return any(isinstance(m, TimeToken) for token in rest for m in token.meanings)


def _only_dimensions(rest: Sequence[Token]) -> bool:
    """三季度主要投诉原因是什么 wants what happened, not what there can be."""
    names = [name for token in rest for name in token.names]
    return bool(names) and all(isinstance(name, DimensionName) for name in names)


def _unknown(request: Request, rest: Sequence[Token]) -> Information | None:
    """不良资产证券化率的口径: nothing but an unknown name beside the request."""
    if all(token.is_gap or token.names for token in rest):
        return Information(request, (), "".join(token.text for token in rest))
    return None


def _list_metrics(rest: Sequence[Token], catalogue: Catalogue) -> Information | None:
    """有哪些跟流失有关的指标: the topic may be any word of the definitions."""
    topic = "".join(token.text for token in rest if not token.word("which"))
    if not topic:
        return Information("list_metrics", ())
    if any(not (token.is_gap or token.names or token.word("which")) for token in rest):
        return None
    found = tuple(
        name for name, texts in catalogue.topics.items() if any(topic in text for text in texts)
    )
    return Information("list_metrics", found, "" if found else topic)


def _subjects(names: Sequence[Name], catalogue: Catalogue) -> list[str]:
    found: list[str] = []
    for name in names:
        if isinstance(name, MetricName):
            found.append(name.metric)
        elif isinstance(name, DimensionName):
            found.append(plain(name.dimension))
        elif isinstance(name, SegmentName):
            found.append(name.segment)
        elif isinstance(name, AmbiguousName):
            found += catalogue.manifest.ambiguous[name.word].candidates
        elif isinstance(name, NearMiss):
            found += name.metrics
        elif isinstance(name, ValueName) and len(names) == 1:
            found.append(plain(name.dimension))
    return found


def _is_harmless(token: Token) -> bool:
    if token.text in POINTING:
        return True
    return not token.names and any(token.word(role) for role in HARMLESS)
