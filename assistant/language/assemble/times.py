"""When: the period that the question is about."""

from __future__ import annotations

import itertools
from dataclasses import replace

from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.time import TimeToken
from assistant.language.time.rolling import widened, widened_note
from semantic_layer.query import Edge, Latest, Relative, Span, TimeGroup

WHOLE = frozenset({"全年", "整年", "全月", "整月", "全季", "全季度", "整季"})
JOINERS = ("conj", "break", "against", "contrast")
JOINED = SOFT | {"conj", "against", "contrast"}


def times(sketch: Sketch) -> None:
    """Free times are the period; several stand side by side when they are joined."""
    places = [i for i in range(len(sketch.tokens)) if sketch.find(i, TimeToken)]
    for at in places:
        time = sketch.find(at, TimeToken)
        assert time is not None
        if time.problem is not None:
            sketch.faults.append(time.problem)
            sketch.own(at, "period", time.text)
            continue
        if time.spans is None and time.days is None:
            continue
        sketch.own(at, "period", time.text)
        if time.spans == (Latest(),) or _is_emphasis(sketch, at):
            continue
        time = _ahead(sketch, time) if time.moved else time
        time = _in_whole_buckets(sketch, time)
        sketch.times.append((at, time))
        if time.note:
            sketch.assume("period", time.note)
        if time.grain and not sketch.inside:
            sketch.add_group(at, TimeGroup(time.grain), each=True)
    _check_joined(sketch)


def _in_whole_buckets(sketch: Sketch, time: TimeToken) -> TimeToken:
    """每周交易笔数近8周 are eight whole weeks, wherever 每周 stands."""
    group = sketch.time_group
    if group is None or time.kind != "rolling" or time.grain or not time.spans:
        return time
    spans = tuple(widened(span, group.grain) for span in time.spans)
    if spans == time.spans:
        return time
    note = widened_note(time.text, spans, group.grain, time.note)
    return replace(time, spans=spans, note=note)


def _ahead(sketch: Sketch, time: TimeToken) -> TimeToken:
    """12月到期金额 in November is this December: what matures lies ahead."""
    metrics = sketch.metric_ids
    if not metrics or not all(sketch.catalogue.looks_ahead(metric) for metric in metrics):
        return time
    spans = tuple(_next(span) for span in time.spans or ())
    return replace(time, spans=spans, note=None, moved=False)


def _next(span: Span) -> Span:
    if isinstance(span, Edge):
        return replace(span, of=_next(span.of))
    return replace(span, offset=span.offset + 1) if isinstance(span, Relative) else span


def _is_emphasis(sketch: Sketch, at: int) -> bool:
    """去年全年 is last year, said twice."""
    before = [place for place, _ in sketch.times]
    return sketch.label(at) in WHOLE and bool(before) and before[-1] == at - 1


def _check_joined(sketch: Sketch) -> None:
    spanned = [at for at, time in sketch.times if time.spans]
    for left, right in itertools.pairwise(spanned):
        between = range(left + 1, right)
        joined = any(role in sketch.args[i] for i in between for role in JOINERS)
        if not joined or sketch.after(left, JOINED) != right:
            words = f"{sketch.label(left)}、{sketch.label(right)}"
            sketch.fault(
                "ambiguous_time", f"“{words}”两个时间各限定什么不清楚,请分开问或写明比较。", words
            )
    for left, right in itertools.pairwise(spanned):
        for at in range(left + 1, right):
            sketch.own(at, "period")
