"""从开户到首次交易平均多少天, 申请到放款的时间分布."""

from __future__ import annotations

from typing import Literal

from assistant.language.behaviour.line import Line
from assistant.language.behaviour.plan import Plan, Shape
from assistant.language.behaviour.sequence import (
    are_linked,
    event_places,
    take_sequence,
    window_of,
)
from assistant.language.tokens import EventName
from semantic_layer.query import IntervalQuery

Show = Literal["mean", "median", "quartiles", "distribution"]
STATISTICS: tuple[tuple[str, Show], ...] = (
    ("mean", "mean"), ("median", "median"), ("quartiles", "quartiles"), ("spread", "distribution"),
)  # fmt: skip
USUAL: tuple[Show, ...] = ("mean", "median", "quartiles")
LASTING = ("gap", "lasting")


def interval(line: Line) -> Plan | None:
    """The plan of an interval; None when no time between events is asked for."""
    cues, places = line.places(*LASTING), event_places(line)
    if not cues or line.places("funnel", "every", "rate", "dropped"):
        return None
    if not are_linked(line, places, listed=True) or cues[-1] < places[-1]:
        return None
    plan = Plan("interval", tuple(places))
    take_sequence(line, plan, listed=True)
    if len(places) != 2:
        plan.fault("unsupported", "一次只能看两个事件之间的间隔,请写明从哪一步到哪一步。", "间隔")
    window, show = window_of(line, plan), _show(line, plan)
    for at in cues:
        line.own(at, "间隔")
    plan.make = lambda names: intervals(names, show, window)
    return plan


def intervals(
    names: tuple[EventName, ...], show: tuple[Show, ...], window: int | None, label: str = ""
) -> tuple[Shape, ...]:
    """The interval between the first event and the second, when there are two."""
    if len(names) != 2:
        return ()
    return (Shape(IntervalQuery(names[0].step, names[1].step, show, window), label),)


def _show(line: Line, plan: Plan) -> tuple[Show, ...]:
    said = [show for role, show in STATISTICS if _takes(line, role)]
    if any("平均" in line.tokens[at].text for at in line.places("gap")) and "mean" not in said:
        said = ["mean", *said]
    if not said:
        plan.assume("show", "没有说看哪个统计量,按平均、中位数和四分位")
    return tuple(said) or USUAL


def _takes(line: Line, role: str) -> bool:
    places = line.places(role)
    for at in places:
        line.own(at, "统计量")
    return bool(places)
