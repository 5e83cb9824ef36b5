"""Whose conditions they are: 的客户, 的私行客户数, 的分行, 客户中."""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.time import TimeToken
from assistant.language.tokens import MetricName, ValueName, plain

INSIDE_ASKED = re.compile(r"(?:(?:里面|里|当中|中)有?|有)(?:多少|几)[户人个位名]?(?:客户)?$")
"""客户中有多少, 客户有多少 is one name of their number."""
BETWEEN = SOFT | {"link"}
"""有多少客户既有存款又有理财: words between those who are asked for and what they have."""
INSIDE = ("中", "里", "里面", "当中", "之中", "中间")
RATE = "率"
"""理财持有率 is the share of those who hold it."""
COUNTED = ("户", "人", "位", "名")
COUNTS = frozenset({"户", "人"})
ASKED = re.compile(r"(?:共|一共|总共)?有?(?:多少|几)[户个位名]?")


class Head(NamedTuple):
    """The noun that the conditions belong to."""

    at: int
    entity: str
    dimension: bool = False
    """Members of a dimension: 分行."""
    counts: bool = False
    """Nothing but their number is asked for."""


def head_after(sketch: Sketch, last: int) -> Head | None:
    """The noun right behind the conditions; members of other dimensions may stand between."""
    for at in range(last + 1, len(sketch.tokens)):
        if not sketch.is_free(at):
            continue
        if (dimension := sketch.dimension(at)) is not None:
            return _of_dimension(sketch, at, dimension)
        if (entity := _entity(sketch, at)) is not None:
            return Head(at, entity)
        if sketch.find(at, MetricName) is not None:
            return None
        if at == last + 1 and sketch.label(at) == RATE and _names_nobody(sketch):
            return Head(at, next(iter(sketch.catalogue.entities.values())), counts=True)
        if _asks_number(sketch, at) or _asks_of_members(sketch, at, last):
            return Head(at, next(iter(sketch.catalogue.entities.values())), counts=True)
    return None


def _names_nobody(sketch: Sketch) -> bool:
    """Whether the rate is of all of them: 私行客户理财持有率 is of those only."""
    named = any(isinstance(n, MetricName) for token in sketch.tokens for n in token.names)
    compared = any(sketch.has(role) for role in ("base", "delta", "against"))
    return bool(sketch.catalogue.entities) and not named and not compared


def _asks_of_members(sketch: Sketch, at: int, last: int) -> bool:
    """贵宾里有贷款的有多少: how many of a member's people are told by what they have."""
    if sketch.word(at, "ask") != "amount" or not sketch.catalogue.entities:
        return False
    if sketch.word(at - 1, "of") is None or at - 1 != last + 1:
        return False
    if any(sketch.tokens[i].word("noun") and sketch.metric(i) is None for i in range(1, last)):
        return sketch.after(at) >= len(sketch.tokens)  # 50岁以上女客户买过基金的有多少
    inside = next((i for i in range(1, last) if sketch.label(i) in INSIDE), 0)
    member = any(isinstance(name, ValueName) for name in sketch.tokens[inside - 1].names)
    return inside > 0 and member and sketch.after(at) >= len(sketch.tokens)


def names_people(sketch: Sketch, at: int) -> bool:
    """Whether those who are counted are named there: 客户, 私行客户."""
    member = any(isinstance(name, ValueName) for name in sketch.tokens[at].names)
    called = member and sketch.label(at).endswith(tuple(sketch.catalogue.entities))
    return called or sketch.tokens[at].word("noun") is not None or counts_people(sketch, at)


def counts_people(sketch: Sketch, at: int) -> bool:
    """Whether a number of people is named there."""
    names = [name for name in sketch.tokens[at].names if isinstance(name, MetricName)]
    return any(sketch.catalogue.metric(name.metric).unit in COUNTS for name in names)


def branches_before(sketch: Sketch, first: int) -> Head | None:
    """哪些分行近3个月每月新增客户数都大于1: they are asked for in front."""
    for at in range(1, first):
        dimension = sketch.dimension(at)
        if dimension is not None and sketch.word(at - 1, "which"):
            return _of_dimension(sketch, at, dimension)
    return None


def head_before(sketch: Sketch, first: int) -> Head | None:
    """客户中持有理财的有多少: the noun stands in front."""
    for at in range(first):
        following = at + 1
        inside = following < first and sketch.label(following) in INSIDE
        if inside or INSIDE_ASKED.search(sketch.label(at)):
            entity = _entity(sketch, at)
            if entity is not None:
                member = sketch.tokens[at].word("noun") is None and sketch.metric(at) is None
                return Head(at, entity, counts=member)
    return None


def head_asked(sketch: Sketch, first: int, last: int) -> Head | None:
    """有多少客户AUM超过50万, 几户贷款逾期: those who are counted are asked for in front."""
    own = _starts_with_entity(sketch, first)
    at = first if own else _passed_over(sketch, first - 1)
    beside = {*range(first), *range(last + 1, len(sketch.tokens))} - {at}
    if any(sketch.find(place, MetricName) for place in beside):
        return None
    if not own and _asks_number(sketch, at):
        return Head(at, next(iter(sketch.catalogue.entities.values())), counts=True)
    entity = own or (_entity(sketch, at) if at >= 0 and sketch.is_free(at) else None)
    asked = _passed_over(sketch, at - 1, members=True)
    if entity is None or not ASKED.fullmatch(sketch.label(asked) if asked >= 0 else ""):
        return None
    counted = not own and sketch.metric(at) is not None
    for place in (asked, *(() if own or counted else (at,))):
        sketch.own(place, "measures", "指标 客户数")
    return Head(at, entity, counts=not counted)


def _passed_over(sketch: Sketch, at: int, *, members: bool = False) -> int:
    """The place at or before that one which is no time and no soft word; -1 without one."""
    while at >= 0:
        soft = any(role in sketch.args[at] for role in BETWEEN) and not sketch.word(at, "ask")
        named = members and sketch.find(at, ValueName) is not None
        if not (soft or named or sketch.find(at, TimeToken)):
            break
        at -= 1
    return at


def _starts_with_entity(sketch: Sketch, at: int) -> str | None:
    """客户AUM is one name."""
    entities = sketch.catalogue.entities.items()
    return next((e for label, e in entities if sketch.label(at).startswith(label)), None)


def _of_dimension(sketch: Sketch, at: int, dimension: str) -> Head | None:
    field = sketch.catalogue.manifest.dimensions[plain(dimension)].field
    if field.type in ("number", "boolean"):
        return None
    return Head(at, dimension, dimension=True)


def _entity(sketch: Sketch, at: int) -> str | None:
    """The kind of thing that a token names: 客户, 私行客户数."""
    token, entities = sketch.tokens[at], sketch.catalogue.entities
    named = next((e for label, e in entities.items() if label in token.text), None)
    if named is not None and (token.names or token.word("noun")):
        return named
    if token.word("noun") and entities:
        return next(iter(entities.values()))
    metric = sketch.metric(at)
    if metric is not None and sketch.catalogue.metric(metric).unit in COUNTS and entities:
        return next(iter(entities.values()))
    return None


def _asks_number(sketch: Sketch, at: int) -> bool:
    if sketch.word(at, "ask") != "count" or not sketch.catalogue.entities:
        return False
    return sketch.label(at).rstrip("呢了").endswith(COUNTED)
