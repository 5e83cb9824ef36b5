"""Which events follow one another, and whether the words between them say so."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.language.behaviour.line import ASKING, Line
from assistant.language.behaviour.plan import Plan

LINKS = ("to", "after", "window")
THROUGH = (*LINKS, "from", "first", "again", "set_window")
BESIDE = (*THROUGH, "out", "before")
SOFT = ("filler", "of", "break", "noun", "head", "link")
DEFAULT_WINDOW = 30
WHO = re.compile("客户$|用户$|的人$")


def event_places(line: Line) -> list[int]:
    """Where events are named; a page alone counts beside a word of sequence."""
    found = [
        at
        for at in range(len(line.tokens))
        if (names := line.events(at))
        and not line.role(at, *ASKING)
        and (not all(name.bare for name in names) or _beside_a_link(line, at))
    ]
    if len(found) > 2 and _says_who_again(line, found):
        line.own(found[-1], "事件")
        return found[:-1]
    return found


def _says_who_again(line: Line, places: list[int]) -> bool:
    """从开户到首购多久,去年开户的客户: the start once more, to say of when."""
    first, last = (line.events(places[at]) for at in (0, -1))
    asked = any(places[-2] < at < places[-1] for at in line.places(*ASKING))
    return (
        asked
        and first[0].step == last[0].step
        and WHO.search(line.tokens[places[-1]].text) is not None
    )


def _beside_a_link(line: Line, at: int) -> bool:
    near = (at - 1, at + 1)
    return any(line.role(place, *BESIDE) for place in near)


def are_linked(line: Line, places: list[int], *, listed: bool = False) -> bool:
    """Whether a word of sequence stands between each two of them; `listed`: 、 is enough."""
    return len(places) > 1 and all(
        any(
            line.role(at, *LINKS) or (listed and line.is_word(at, "conj"))
            for at in range(left + 1, right)
        )
        for left, right in pairwise(places)
    )


def are_adjacent(line: Line, places: list[int]) -> bool:
    """新客首购转化率: one after the other with nothing between, right before the rate."""
    if len(places) != 2 or not line.role(places[-1] + 1, "rate", "rate_of"):
        return False
    return all(
        line.is_word(at, "of", "noun", "head") and not line.tokens[at].names
        for at in range(places[0] + 1, places[1])
    )


STRAY = ("to", "before", "after", "first", "again", "window", "set_window", "nth", "actor")


def refuse_strays(line: Line, plan: Plan) -> None:
    """A word of sequence that nobody took may not be dropped like a filler."""
    for at in line.places(*STRAY):
        if at not in line.owners:
            text = line.tokens[at].text
            plan.fault("ambiguous_phrase", f"“{text}”用在哪里不清楚,请换个说法。", text)


def take_sequence(line: Line, plan: Plan, *, listed: bool = False) -> None:
    """Take the words from the first event to the last; nothing else may stand between."""
    places = plan.places
    if not places:
        return
    for at in range(places[0], places[-1] + 1):
        if at in places:
            line.own(at, f"事件 {line.events(at)[0].label}")
        elif _passes(line, at, listed=listed):
            line.own(at, "先后")
        else:
            text = line.tokens[at].text
            code = "unknown_term" if line.tokens[at].is_gap else "ambiguous_phrase"
            if code == "ambiguous_phrase":
                message = f"“{text}”限定哪一步不清楚,请写在最前面,或写明是哪一步。"
                plan.fault("ambiguous_phrase", message, text)
            else:
                plan.fault("unknown_term", f"没有读懂“{text}”。", text)
    _take_before(line, plan, places[0])
    if line.role(places[-1] + 1, "after"):
        line.own(places[-1] + 1, "先后")


def _passes(line: Line, at: int, *, listed: bool) -> bool:
    if line.role(at, *THROUGH):
        return True
    if line.tokens[at].names or line.tokens[at].is_gap:
        return False
    return line.is_word(at, *SOFT) or (listed and line.is_word(at, "conj"))


def _take_before(line: Line, plan: Plan, first: int) -> None:
    """从 before the first event, and 贷款 of 贷款从申请; 首次 there is not what queries count."""
    at = first - 1
    if line.role(at, "first"):
        text = line.tokens[at].text + line.tokens[first].text
        message = f"没有“{text}”这个事件;起始只能是登记过的事件,例如“首次购买”。"
        plan.fault("unsupported", message, text)
    if line.role(at, "from"):
        line.own(at, "先后")
        at -= 1
    whole = f"{line.tokens[at].text}{line.tokens[first].text}" if at >= 0 else ""
    if whole and _names_the_same(line, whole, first):
        line.own(at, "事件")


def _names_the_same(line: Line, whole: str, at: int) -> bool:
    from assistant.language.behaviour.events import event_words

    known = event_words(line.catalogue.manifest).get(whole, ())
    mine = {name.step.event for name in line.events(at)}
    return bool(known) and {name.step.event for name in known} == mine


def window_of(line: Line, plan: Plan) -> int | None:
    """The days within which it must happen, if any are said."""
    found: list[int] = []
    for at in line.places("window", "set_window"):
        word, text = line.role(at, "window", "set_window"), line.tokens[at].text
        assert word is not None
        line.own(at, f"窗口期 {text}")
        before = line.role(at, "window") and plan.places and at < plan.places[0]
        if before:
            message = f"“{text}”是指最近{text}还是转化的窗口期?窗口期请写在起始事件之后。"
            plan.fault("ambiguous_time", message, text)
        elif not word.numbers or word.numbers[0] < 1:
            message = f"窗口期按整天计,“{text}”请写成“N天内”。"
            plan.fault("ambiguous_time", message, text)
        else:
            found += word.numbers
            if word.arg:
                plan.assume("window_days", f"“{text}”按{word.numbers[0]}天计")
    if len(set(found)) > 1:
        plan.fault("ambiguous_time", "窗口期只能有一个,请写明。")
    return found[0] if found else None
