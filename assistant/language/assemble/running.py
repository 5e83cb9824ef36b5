"""各月累计, 累计走势: buckets that add up from a beginning."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.assemble.sketch import Sketch
from assistant.language.assemble.spans import days_of, unit_of
from semantic_layer.query import Cumulative

BEGINNINGS = {"month": "从月初累计", "quarter": "从季初累计"}


class Running(NamedTuple):
    """A window with the label that tells it from its alternatives."""

    window: Cumulative | None
    label: str = ""


def running(sketch: Sketch) -> tuple[Running, ...]:
    """The one running total meant, or the ones to choose from; without 累计 there is none."""
    said = sketch.has("cumulative")
    in_time = any("累计" in time.text for _, time in sketch.times)
    group = sketch.time_group
    if group is None or not (said or in_time):
        return (Running(None),)
    if group.grain == "year":
        return _over_years(sketch)
    if not said:
        sketch.ask("是从年初逐期累计,还是各期分别合计?请选择。", "累计", "window")
        return Running(Cumulative("year"), "从年初逐期累计"), Running(None, "各期分别合计")
    return _within_years(sketch)


def _over_years(sketch: Sketch) -> tuple[Running, ...]:
    """历年累计 adds the years up; a single year is its own total."""
    spans = [span for _, time in sketch.times for span in time.spans or ()]
    if spans and all(unit_of(span) == "year" for span in spans):
        return (Running(None),)
    sketch.ask("是从最早一期累计,还是各年分别合计?请选择。", "累计", "window")
    return Running(Cumulative("never"), "从最早一期累计"), Running(None, "各年分别合计")


def _within_years(sketch: Sketch) -> tuple[Running, ...]:
    """From the year's start; a later month or quarter may also begin with itself."""
    for _, time in sketch.times:
        for span in time.spans or ():
            unit, days = unit_of(span), days_of(span, sketch.as_of)
            if unit in ("month", "quarter") and (days is None or days.start.month > 1):
                sketch.ask("累计从哪一天起算?请选择。", "累计", "window")
                return (
                    Running(Cumulative("year"), "从年初累计"),
                    Running(Cumulative(unit), BEGINNINGS[unit]),
                )
    sketch.assume("window", "累计从每年1月1日起算", 1.0)
    return (Running(Cumulative("year")),)
