"""月日均AUM, 季日均存款, 年日均存款: the word before 日均 names the period of the mean."""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.language.assemble.sketch import Sketch
from assistant.language.assemble.spans import unit_of
from assistant.language.time import TimeToken
from assistant.language.tokens import MetricName
from semantic_layer.model import Aggregate
from semantic_layer.query import Edge, Latest, Relative, Span, Unit

NAMED = re.compile("(?P<unit>年|季|月)日均")


class Mean(NamedTuple):
    """A period that a mean is told for, and which one is meant when nothing is said."""

    unit: Unit
    usual: Span
    said: str


MEANS = {
    "月": Mean("month", Latest("month"), "最近一个完整月"),
    "季": Mean("quarter", Latest("quarter"), "最近一个完整季度"),
    "年": Mean("year", Relative("year", to_date=True, anchor="data"), "本年累计"),
}


def mean_periods(sketch: Sketch) -> None:
    """The period that the mean's name asks for, or a doubt when another one was said."""
    for at, token in enumerate(sketch.tokens):
        named = NAMED.match(token.text)
        if named is None or not _is_mean(sketch, at):
            continue
        mean, spans = (
            MEANS[named["unit"]],
            [s for _, time in sketch.times for s in time.spans or ()],
        )
        if not spans:
            time = TimeToken(token.start, token.end, token.text, "period", (mean.usual,))
            sketch.times.append((at, time))
            sketch.assume("period", f"“{named.group()}”没有说时间,按{mean.said}")
        elif not _fits(sketch, mean, spans):
            sketch.fault(
                "ambiguous_time",
                f"“{named.group()}”是按{named['unit']}的日均,与所问的时间不一致;"
                "请去掉前面的字只说“日均”,或改问对应的期间。",
                token.text,
            )  # fmt: skip


def _is_mean(sketch: Sketch, at: int) -> bool:
    names = (name for name in sketch.tokens[at].names if isinstance(name, MetricName))
    found = (sketch.catalogue.metric(name.metric).definition for name in names)
    return any(isinstance(d, Aggregate) and d.average_over is not None for d in found)


def _fits(sketch: Sketch, mean: Mean, spans: list[Span]) -> bool:
    """9月月日均, 三季度季日均, 今年各月月日均; 截至10月末的年日均 begins with the year."""
    if sketch.time_group is not None:
        return sketch.time_group.grain == mean.unit
    if mean.unit == "year" and all(isinstance(span, Edge) for span in spans):
        return True
    return all(unit_of(span) == mean.unit and _is_one(span) for span in spans)


def _is_one(span: Span) -> bool:
    return not isinstance(span, Relative) or bool(span.within) or span.span == 1
