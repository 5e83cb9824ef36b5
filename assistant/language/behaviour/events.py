"""The governed events by all that people call them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from assistant.language.lexicon import Lexicon
from assistant.language.normalise import normalise_name
from assistant.language.tokens import BehaviourWord, EventName, ValueName
from semantic_layer.model import Dataset, Manifest
from semantic_layer.query import Condition, Step
from semantic_layer.resolve.behaviour_events import KnownEvent, known_events

OPENED = re.compile(r"^(?:立即|发起|点击|提交|进入)(?=..)|(?<=..)成功$")
"""What may be left out of an event's name: 注册 for 注册成功."""
NEWCOMER = "新客"
NEWCOMERS = ("新客", "新客户", "新户", "新增客户", "新开户客户", "新开户", "新开客户")
LOOKED_AT = ("浏览", "浏览了", "浏览过", "访问", "查看", "进入", "打开")
ACTORS = re.compile(r"[了过]?的?(?:客户|用户)(?!数|经理|号|等级|类型|端)|[了过]?的人(?!数|均)")
"""首购客户 are those who did it."""
PAGES = ("页面", "页", "")


class Heard(NamedTuple):
    """An event at a place of the text."""

    start: int
    end: int
    names: tuple[EventName, ...]


def find_events(text: str, manifest: Manifest, lexicon: Lexicon) -> Iterator[Heard]:
    """Every name of an event in the text, overlapping ones included."""
    for word, names in event_words(manifest).items():
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            yield Heard(at, end, names)
            if who := ACTORS.match(text, end):
                yield Heard(at, who.end(), names)
            at = text.find(word, at + 1)
    for dataset in manifest.datasets.values():
        yield from _looked_at(text, dataset, lexicon)


def find_actors(text: str, manifest: Manifest) -> Iterator[tuple[int, int, BehaviourWord]]:
    """按贷款申请统计, 按客户号去重: whom the events are counted by."""
    for dataset in manifest.datasets.values():
        for actor in dataset.events.by if dataset.events is not None else ():
            counted = re.compile(
                rf"按{re.escape(actor.label)}号?(?:来)?(?:去重|统计|口径|计算?|算)"
            )
            for match in counted.finditer(text):
                yield match.start(), match.end(), BehaviourWord("actor", arg=actor.name)


@lru_cache(maxsize=16)
def event_words(manifest: Manifest) -> Mapping[str, tuple[EventName, ...]]:
    """Word → the events that are called so; a full name outranks a shortened one."""
    full: dict[str, list[EventName]] = {}
    short: dict[str, list[EventName]] = {}
    for known in known_events(manifest):
        step, label = Step(known.step.event), known.step.label
        for at, spelling in enumerate(known.spellings):
            name = EventName(step, label, "synonym" if at else "name")
            full.setdefault(normalise_name(spelling), []).append(name)
        for newcomer in NEWCOMERS if _makes_newcomers(known) else ():
            full.setdefault(newcomer, []).append(EventName(step, label, "synonym"))
        short.setdefault(core(label), []).append(EventName(step, label, "short"))
    return {word: _one_each(names) for word, names in (short | full).items() if len(word) > 1}


def core(label: str) -> str:
    """The deed that an event begins or ends: 立即申购 and 申购成功 are about 申购."""
    return OPENED.sub("", normalise_name(label))


def _makes_newcomers(known: KnownEvent) -> bool:
    return any(NEWCOMER in spelling for spelling in known.spellings)


def _one_each(names: list[EventName]) -> tuple[EventName, ...]:
    return tuple({name.step.event: name for name in reversed(names)}.values())[::-1]


def _looked_at(text: str, dataset: Dataset, lexicon: Lexicon) -> Iterator[Heard]:
    """浏览理财页, 首页: the event of looking at the details that the log keeps."""
    event = _looking(dataset)
    if event is None or dataset.events is None:
        return
    detail = dataset.events.detail
    for found in lexicon.find(text):
        for name in found.names:
            if isinstance(name, ValueName) and name.dimension == detail:
                yield from _around(text, found.start, found.end, name, event)


def _around(text: str, start: int, end: int, page: ValueName, event: str) -> Iterator[Heard]:
    step = Step(event, Condition(page.dimension, "in", (page.value,)))
    label = f"{event}·{page.value}"
    tail = next(end + len(word) for word in PAGES if text.startswith(word, end))
    verb = next((w for w in LOOKED_AT if text.endswith(w, 0, start)), "")
    named = (EventName(step, label, "synonym", bare=not verb),)
    yield Heard(start - len(verb), end, named)
    if tail > end:
        yield Heard(start - len(verb), tail, named)


def _looking(dataset: Dataset) -> str | None:
    """浏览页面: the event whose name ends in what the details are called."""
    log = dataset.events
    if log is None or log.field is None or log.detail is None:
        return None
    field, detail = dataset.field(log.field), dataset.field(log.detail)
    if field is None or detail is None:
        return None
    return next((str(v.value) for v in field.values if str(v.value).endswith(detail.label)), None)
