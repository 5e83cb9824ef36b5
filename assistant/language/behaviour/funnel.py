"""注册漏斗各步转化, 从开户到首购的转化率, 首购后30天内复购的比例."""

from __future__ import annotations

from typing import Literal

from assistant.language.behaviour.interval import intervals
from assistant.language.behaviour.line import Line
from assistant.language.behaviour.plan import Plan, Shape, labels
from assistant.language.behaviour.sequence import (
    DEFAULT_WINDOW,
    are_adjacent,
    are_linked,
    event_places,
    take_sequence,
    window_of,
)
from assistant.language.behaviour.subjects import Chain, between, chain_of, known_chains
from assistant.language.tokens import EventName
from semantic_layer.query import FunnelQuery

Show = Literal["entities", "conversion", "median_time", "dropped"]
WHOLE = ("funnel", "every")
RATES = ("rate", "share", "rate_of", "dropped")
MOST_SUBJECTS = 4


def funnel(line: Line) -> Plan | None:
    """The plan of a funnel; None when the words ask for none."""
    cues = line.places(*WHOLE)
    places = event_places(line)
    if cues and len(places) < 2:
        return _of_subject(line, cues[0], places)
    if places and not cues and line.places("lasting", "gap") and not line.places("rate", "dropped"):
        return None
    rates = [at for at in line.places(*RATES) if places and at > places[0]]
    if rates and len(places) == 1 and (plan := _unknown_step(line, places[0])):
        return plan
    if not cues and not (rates and rates[-1] > places[-1]):
        return None
    if not are_linked(line, places, listed=bool(cues)) and not are_adjacent(line, places):
        return None
    plan = Plan("funnel", tuple(places))
    take_sequence(line, plan, listed=bool(cues))
    window = _window(line, plan)
    show, timed = _show(line), _is_mean_time(line)
    if any("流失率" in line.tokens[at].text for at in line.places("dropped")):
        plan.assume("show", "流失率 = 1 − 转化率")

    def make(names: tuple[EventName, ...]) -> tuple[Shape, ...]:
        chain = between(line.catalogue.manifest, names[0], names[-1]) if cues else ()
        steps = chain if len(names) == 2 and chain else names
        shape = Shape(_query(steps, window, show), "转化率" if timed else "")
        return (shape, *intervals(names, ("mean",), None, "平均时长")) if timed else (shape,)

    plan.make = make
    if timed:
        plan.ask("转化率和平均时长不在一张表里,请选择先看哪一个。", "平均时长")
        if len(places) != 2:
            plan.fault(
                "unsupported", "平均时长只能看两步之间的,请写明从哪一步到哪一步。", "平均时长"
            )
    return plan


def _unknown_step(line: Line, known: int) -> Plan | None:
    """从打开App到薇薇的转化率: nobody knows the other step."""
    for at in line.places("to"):
        other = at - 1 if known > at else at + 1
        if (
            known in (at - 1, at + 1)
            and 0 <= other < len(line.tokens)
            and line.tokens[other].is_gap
        ):
            plan = Plan("funnel", (known,))
            text = line.tokens[other].text
            plan.fault("unknown_term", f"没有找到事件“{text}”。", text)
            return plan
    return None


def _of_subject(line: Line, cue: int, places: list[int]) -> Plan | None:
    """The steps are not named, only what they are about."""
    manifest = line.catalogue.manifest
    at = _subject_before(line, cue)
    chain = chain_of(manifest, line.tokens[at].text) if at is not None else ()
    if not chain and not line.places("funnel", "rate", "dropped"):
        return None
    plan = Plan("funnel")
    window = _window(line, plan)
    show = _show(line)
    if at is not None and chain:
        line.own(at, "漏斗的各步")
        plan.assume("steps", f"“{line.tokens[at].text}”漏斗按 {labels(chain)}")
        plan.make = lambda _: (Shape(_query(chain, window, show)),)
        return plan
    for place in (at, *places):
        if place is not None:
            line.own(place, "漏斗")
    known = list(known_chains(manifest).items())[:MOST_SUBJECTS]
    if not known:
        plan.fault("unsupported", "没有说漏斗的各步,请写成“从…到…再到…的转化漏斗”。", "漏斗分析")
    plan.ask("没有说是哪几步,请选择,或写成“从…到…的转化漏斗”。", line.tokens[cue].text)
    plan.make = lambda _: tuple(
        Shape(_query(chain, window, show), f"{subject}漏斗") for subject, chain in known
    )
    return plan


def _subject_before(line: Line, cue: int) -> int | None:
    at = cue - 1
    while at >= 0 and (line.role(at, "rate") or line.is_word(at, "of", "filler")):
        at -= 1
    return at if at >= 0 and not line.is_word(at, "break", "group") else None


def _window(line: Line, plan: Plan) -> int:
    window = window_of(line, plan)
    if window is None:
        plan.assume("window_days", f"没有说窗口期,按{DEFAULT_WINDOW}天")
    for at in line.places(*WHOLE, *RATES, "lasting", "gap", "common", "count"):
        line.own(at, "漏斗")
    return window or DEFAULT_WINDOW


def _show(line: Line) -> tuple[Show, ...]:
    show: list[Show] = ["entities", "conversion"]
    if line.places("dropped"):
        show.append("dropped")
    if line.places("lasting", "gap") and not _is_mean_time(line):
        show.append("median_time")
        for at in line.places("median"):
            line.own(at, "用时中位数")
    return tuple(show)


def _is_mean_time(line: Line) -> bool:
    """Of a funnel the median time is told, the mean only of an interval."""
    timed = bool(line.places("lasting", "gap")) and bool(line.places("mean"))
    for at in line.places("mean") if timed else ():
        line.own(at, "平均")
    return timed


def _query(steps: Chain, window: int, show: tuple[Show, ...]) -> FunnelQuery:
    return FunnelQuery(tuple(name.step for name in steps), window, show)
