"""9月新客的次月留存率, 注册后7日、30日留存, 首购后次月再次购买的比例."""

from __future__ import annotations

from typing import Literal, NamedTuple, cast

from assistant.language.behaviour.events import NEWCOMER, event_words
from assistant.language.behaviour.line import Line
from assistant.language.behaviour.path import opening_of
from assistant.language.behaviour.plan import Plan, Shape
from assistant.language.behaviour.sequence import SOFT, event_places
from assistant.language.time import find_times
from assistant.language.tokens import EventName
from semantic_layer.model import Manifest
from semantic_layer.query import Period, RetentionQuery
from semantic_layer.resolve.behaviour_events import common_actors, find_event

Unit = Literal["day", "week", "month"]
ASKED = ("retention", "curve", "kept")
AGAIN = ("back", "share", "rate", "rate_of")
BETWEEN = (
    "nth", "nth_or_month", "after", "again", "onward", "to", "from", "first", "cohort",
    *ASKED, *AGAIN,
)  # fmt: skip
STARTS = ("新客", "注册成功", "首次购买")
USUAL_CURVE = 6
MOST_OPTIONS = 4


class Look(NamedTuple):
    """When people are looked for again, and of which time if the words leave it open."""

    unit: Unit
    numbers: tuple[int, ...]
    label: str = ""
    period: Period | None = None
    onward: bool = False


def retention(line: Line) -> Plan | None:
    """The plan of a retention; None when nobody is looked for again."""
    asked, nth = line.places(*ASKED), line.places("nth", "nth_or_month")
    if not asked and not (nth and line.places(*AGAIN)):
        return None
    places = event_places(line)
    plan = Plan("retention", tuple(places))
    _take_words(line, plan, places)
    if within := line.places("window"):
        line.own(within[0], "留存")
        text = line.tokens[within[0]].text
        message = f"留存看的是第N日、第N周或第N月,不能看“{text}”。可以改问“开户后{text}…的转化率”。"
        plan.fault("unsupported", message, text)
    looks = _looks(line, plan)
    plan.make = lambda names: _shapes(line, names, looks)
    if kept := line.places("kept"):
        text = line.tokens[kept[0]].text
        plan.fault("unsupported", f"只给起始人数和留存率,不给“{text}”。可以改问留存率。", text)
    if not places:
        plan.ask("没有说是谁的留存,请选择从哪个事件开始。", line.tokens[(asked or nth)[0]].text)
    if len(places) > 2:
        plan.fault("unsupported", "留存只看一个起始事件和一个返回事件。", "留存")
    if len(places) < 2:
        _ask_for_comeback(line, plan)
    return plan


def _take_words(line: Line, plan: Plan, places: list[int]) -> None:
    for at in line.places(*ASKED, *AGAIN, "onward", "nth", "nth_or_month", "common"):
        line.own(at, "留存")
    for at in places:
        line.own(at, f"事件 {line.events(at)[0].label}")
        for near in (at - 1, at + 1):
            if line.role(near, "after", "again", "from") or (
                near > places[0] and line.role(near, "first")
            ):
                line.own(near, "先后")
    if places and line.role(places[0] - 1, "first"):
        text = line.tokens[places[0] - 1].text + line.tokens[places[0]].text
        plan.fault("unsupported", f"没有“{text}”这个事件;起始只能是登记过的事件。", text)
    for at in range(places[0], places[-1]) if places else ():
        if at in line.owners:
            continue
        if line.role(at, *BETWEEN) or (not line.tokens[at].names and line.is_word(at, *SOFT)):
            line.own(at, "先后")
        elif not line.tokens[at].is_gap:
            text = line.tokens[at].text
            message = f"“{text}”限定起始还是返回的事件不清楚,请写在最前面。"
            plan.fault("ambiguous_phrase", message, text)


def _looks(line: Line, plan: Plan) -> tuple[Look, ...]:
    """One; two when only the asker can tell."""
    found = [w for at in line.places("nth") if (w := line.role(at, "nth"))]
    if any(word.arg == "mixed" for word in found) or len({word.arg for word in found}) > 1:
        plan.fault("unsupported", "日、周、月的留存请分开问。", "留存")
        return ()
    if found:
        numbers = tuple(sorted({n for word in found for n in word.numbers}))
        if line.places("curve") and len(numbers) == 1 and numbers[0] > 1:
            numbers = tuple(range(1, numbers[0] + 1))
        return (Look(cast("Unit", found[0].arg), numbers),)
    if line.places("nth_or_month"):
        return _third_month_or_march(line, plan)
    curve = tuple(range(1, USUAL_CURVE + 1))
    if line.places("onward"):
        return (Look("month", curve, onward=True),)
    if line.places("curve"):
        plan.assume("periods", f"没有说看几期,按第1至{USUAL_CURVE}月")
        return (Look("month", curve),)
    plan.assume("periods", "没有说看第几期,按次月")
    return (Look("month", (1,)),)


def _third_month_or_march(line: Line, plan: Plan) -> tuple[Look, ...]:
    """新客3月留存; where another time is said it is the third month."""
    at = line.places("nth_or_month")[0]
    word, text = line.role(at, "nth_or_month"), line.tokens[at].text
    assert word is not None
    number = word.numbers[0]
    later = Look("month", (number,), f"第{number}个月")
    times = find_times(text, line.as_of)
    if line.has_time() or not times or not times[0].spans:
        plan.assume("periods", f"“{text}”按第{number}个月")
        return (later,)
    message = f"“{text}留存”是第{number}个月的留存,还是{text}那一批的?请选择。"
    plan.ask(message, text, "ambiguous_time")
    return (later, Look("month", (1,), f"{text}开始的次月", Period(times[0].spans)))


def _shapes(line: Line, names: tuple[EventName, ...], looks: tuple[Look, ...]) -> tuple[Shape, ...]:
    shapes = []
    for start in names[:1] or _starts(line.catalogue.manifest):
        backs = names[1:2] or _comebacks(line, start)
        for back in backs:
            for look in looks:
                query = RetentionQuery(
                    start.step, back.step, look.unit, look.numbers, _cohort(line, look.unit)
                )
                said = (
                    start.label if not names else "",
                    f"再{back.label}" if len(backs) > 1 else "",
                    look.label if len(looks) > 1 else "",
                )
                label = "、".join(filter(None, said))
                shapes.append(Shape(query, label, look.onward, look.period))
    return tuple(shapes[:MOST_OPTIONS])


def _cohort(line: Line, unit: Unit) -> Unit:
    said = [word.arg for at in line.places("cohort") if (word := line.role(at, "cohort"))]
    if said:
        return cast("Unit", said[0])
    return "week" if unit == "week" else "month"


def _starts(manifest: Manifest) -> tuple[EventName, ...]:
    """Who is usually looked for again: newcomers of every kind."""
    words = event_words(manifest)
    found = [name for start in STARTS for name in words.get(start, ())]
    return tuple({name.step: name for name in found}.values())


def _ask_for_comeback(line: Line, plan: Plan) -> None:
    """The one governed event of showing up is taken and told; several are for the asker."""
    manifest = line.catalogue.manifest
    opened = opening_of(manifest)
    if len(opened) == 1:
        plan.assume("comeback", f"没有说返回做了什么,按再次{opened[0].label}算留存")
    elif opened:
        plan.ask("没有说做了什么才算留存,请选择。", NEWCOMER)
    else:
        plan.fault("unsupported", "没有说做了什么才算留存,请写成“…的次月…的留存率”。", "留存")


def _comebacks(line: Line, start: EventName) -> tuple[EventName, ...]:
    """The events of showing up by somebody who also acts in the start."""
    manifest = line.catalogue.manifest
    first = find_event(manifest, start.step.event, "start")
    return tuple(
        name
        for name in opening_of(manifest)
        if common_actors(manifest, (first, find_event(manifest, name.step.event, "comeback")))
    )
