"""Who stops on the way: 开户后30天内没有购买, 到了立即申购没有申购成功, 在发起绑卡那一步流失."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from assistant.language.deeds.deed import Deed, Walk
from assistant.language.normalise import normalise_name
from assistant.language.ranks import count_of
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import Step

COUNT = r"(?:\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "个月": 30, "月": 30, "年": 365}
ARRIVED = re.compile(r"(?:已经|已)?(?:到达|走到|做到|进行到|到|完成|做完|做)了?")
CLOSED = re.compile(r"(?:成功|完成)?[了过]?")
AFTER = re.compile(r"(?:之后|以后|后)的?")
WITHIN = re.compile(rf"(?P<n>{COUNT})(?P<u>天|日|周|星期|个月|月|年)(?:之内|以内|内)的?")
TURN = re.compile(r",?(?:但是|但|却|而|可是|可)?(?:又|还|仍然|仍|一直|始终|迟迟|至今|都|就)*")
NOT = re.compile(
    r"(?:从来没有|从来没|从没有|从没|没有|没能|没|未能|尚未|从未|未曾|未|不再)"
    r"(?:再|继续)?(?:去|来)?(?:完成|进行|做|发生|走到|到达|到|进入)?过?(?:任何)?"
)
FIRST = re.compile(r"首次|第一次|首笔")
HERE = r"(?:(?:的|这|那)?一?个?(?:步骤|步|环节|阶段|节点)|页面?)"
LEFT = re.compile(
    rf"{HERE}?(?:就|上|中|里|时)?(?:中途)?(?:流失|掉队|放弃|中断|停下|停住|停止|卡住|止步)了?掉?"
)
STUCK = re.compile(r"(?:卡|停留|停|止步|断)在")
AT = re.compile(r"在")
ON = re.compile(HERE)
FUNNEL = re.compile(r"(?:转化)?漏斗(?:中|里|内)?的?")
UNDONE = re.compile(
    r"(?:中途)?(?:流失|放弃|掉队)了?|(?:没有|没|未)(?:能)?(?:走完|完成|走到底|走到最后|全部完成)"
)
SUCCESS = "成功"
STEP_SAID = "“{}”按走到这一步、没有走到下一步"
Names = tuple[tuple[Step, str], ...]


class Named(NamedTuple):
    """An event at a place of the text, by one of its names or by one that several have."""

    word: str
    names: Names
    end: int

    def chosen(self, others: frozenset[Step]) -> tuple[Step, str] | None:
        """The one that is meant: what is done, not what begins it; None: nobody knows."""
        left = tuple(n for n in self.names if n[0] not in others) or self.names
        done = tuple(n for n in left if n[1].removesuffix(SUCCESS) == self.word)
        found = left if len(left) == 1 else done
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Walks:
    """The events that people may walk through, by what they are called."""

    words: Mapping[str, Names]
    chains: Mapping[str, tuple[Step, ...]]
    """注册 → its steps from the first to the last."""
    longest: int

    def at(self, text: str, start: int) -> Iterator[Named]:
        """The events named there, the longest name first."""
        for length in range(min(self.longest, len(text) - start), 1, -1):
            names = self.words.get(text[start : start + length])
            if names is not None:
                yield Named(text[start : start + length], names, start + length)


NO_WALKS = Walks({}, {}, 0)


def walks_of(manifest: Manifest) -> Walks:
    """The governed events with the words for them, and the funnels that they make."""
    from assistant.language.behaviour.events import event_words
    from assistant.language.behaviour.subjects import known_chains

    words = {
        word: tuple((name.step, name.label) for name in names)
        for word, names in event_words(manifest).items()
    }
    chains = {
        normalise_name(subject): tuple(name.step for name in chain)
        for subject, chain in known_chains(manifest).items()
    }
    return Walks(words, chains, max(map(len, words), default=0))


def find_walks(text: str, walks: Walks) -> Iterator[tuple[int, int, Deed]]:
    """Every such stretch of the text."""
    for start in range(len(text)):
        yield from _not_after(text, start, walks)
        yield from _left_at(text, start, walks)
        yield from _left_a_funnel(text, start, walks)


def _not_after(text: str, start: int, walks: Walks) -> Iterator[tuple[int, int, Deed]]:
    """The second event does not follow the first; the words say which comes first."""
    arrived = ARRIVED.match(text, start)
    opened = arrived.end() if arrived else start
    for first in walks.at(text, opened):
        at = _past(CLOSED, text, first.end)
        here = ON.match(text, at) if arrived else None
        at = here.end() if here else at
        after = AFTER.match(text, at)
        if after is None and arrived is None:
            continue
        at = after.end() if after else at
        within = WITHIN.match(text, at)
        at = _past(TURN, text, within.end() if within else at)
        negated = NOT.match(text, at)
        if negated is None:
            continue
        second = _once(text, negated.end(), walks)
        if second is not None:
            end = _past(CLOSED, text, second.end)
            yield start, end, _walked(text[start:end], (first, second), within)


def _once(text: str, start: int, walks: Walks) -> Named | None:
    """首次购买 is an event; who did not trade for the first time did not trade."""
    places = (start, _past(FIRST, text, start))
    return next((named for at in places for named in walks.at(text, at)), None)


def _left_at(text: str, start: int, walks: Walks) -> Iterator[tuple[int, int, Deed]]:
    """One step of a funnel that is known by its events."""
    stuck, there = STUCK.match(text, start), AT.match(text, start)
    opening = stuck or there
    if opening is None:
        return
    for step in walks.at(text, opening.end()):
        left = LEFT.match(text, step.end)
        on = ON.match(text, step.end) if stuck else None
        end = left.end() if left else on.end() if on else step.end if stuck else None
        if end is not None:
            yield start, end, _stopped(text, text[start:end], step, walks)


def _left_a_funnel(text: str, start: int, walks: Walks) -> Iterator[tuple[int, int, Deed]]:
    """注册漏斗没有走完."""
    for subject, steps in walks.chains.items():
        if not text.startswith(subject, start):
            continue
        funnel = FUNNEL.match(text, start + len(subject))
        undone = UNDONE.match(text, funnel.end()) if funnel else None
        if undone is not None:
            said = f"“{text[start : undone.end()]}”按开始了、没有走完"
            yield start, undone.end(), Deed((), walk=Walk(steps, 1, len(steps), None, said))


def _walked(said: str, events: tuple[Named, Named], within: re.Match[str] | None) -> Deed:
    days = count_of(within["n"]) * DAYS[within["u"]] if within else None
    steps: list[Step] = []
    told: list[str] = [f"“{within[0]}”按{days}天计"] if within and DAYS[within["u"]] > 7 else []
    for named, other in zip(events, reversed(events), strict=True):
        sure = frozenset({other.names[0][0]}) if len(other.names) == 1 else frozenset()
        chosen = named.chosen(sure)
        if chosen is None:
            return _doubtful(said, named)
        steps.append(chosen[0])
        if len(named.names) > 1:
            told.append(f"“{named.word}”按事件“{chosen[1]}”")
    return Deed((), walk=Walk(tuple(steps), 1, 2, days, ",".join(told)))


def _doubtful(said: str, named: Named) -> Deed:
    labels = "、".join(label for _, label in named.names)
    message = f"“{named.word}”可以指{labels},请写全。"
    return Deed((), problem=Problem("ambiguous_phrase", message, subject=said))


def _stopped(text: str, said: str, named: Named, walks: Walks) -> Deed:
    """The step of the funnel that is named in the text, else of the only one that has it."""
    known = {step for step, _ in named.names}
    found = {s: steps for s, steps in walks.chains.items() if known & set(steps)}
    asked = {s: steps for s, steps in found.items() if f"{s}漏斗" in text}
    chains = list((asked or found).values())
    if len(chains) != 1:
        message = f"“{said}”说的是哪个漏斗不清楚,请写成“到了…没有…的客户”。"
        return Deed((), problem=Problem("ambiguous_phrase", message, subject=said))
    steps = chains[0]
    at = min(steps.index(step) for step in known if step in steps) + 1
    if at == len(steps):
        message = f"“{named.names[0][1]}”是最后一步,其后没有可以流失的步骤。"
        return Deed((), problem=Problem("invalid_query", message, subject=said))
    return Deed((), walk=Walk(steps, at, at + 1, None, STEP_SAID.format(said)))


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
