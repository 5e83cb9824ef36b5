"""同比, 较年初, 9月比8月, 与上季末相比: what the number is held against."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from assistant.language.assemble.sketch import Compared, Sketch
from assistant.language.assemble.spans import days_of, unit_of
from assistant.language.time import GrainToken, TimeToken
from assistant.language.tokens import MetricName
from semantic_layer.query import Base, Edge, Grain, Relative, Shifted, Span, Unit

UNITS: dict[Grain, Unit] = {
    "date": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year",
}  # fmt: skip
AGAIN = frozenset({"又", "还", "也"})
WHOLE_YEAR = frozenset({"全年", "整年"})
WEAK_AGAINST = frozenset({"同", "与", "和", "跟"})
"""They compare only with 相比, 比 behind the time."""


def comparing(sketch: Sketch) -> None:
    """Comparison words and times that are compared with, in the asker's order."""
    for at in range(len(sketch.tokens)):
        base = sketch.word(at, "base")
        if base:
            sketch.own(at, "compare", sketch.label(at))
            if not _with_its_period(sketch, at, base):
                _add(sketch, Compared(cast(Base, base)))
                _own_contrast(sketch, at)
                _absorb(sketch, at)
        elif sketch.word(at, "against"):
            _against_time(sketch, at)
    _same_period(sketch)
    _times_as_much(sketch)
    _again(sketch)


def _again(sketch: Sketch) -> None:
    """又涨了: the word before only tells that it is not the first time."""
    for at in sketch.indices("delta"):
        if sketch.is_free(at - 1) and sketch.label(at - 1) in AGAIN:
            sketch.own(at - 1, "compare", sketch.label(at - 1))


def _times_as_much(sketch: Sketch) -> None:
    """今年理财销售额是去年的几倍: the growth tells it."""
    for at in sketch.indices("times_as_much"):
        place = sketch.before(at)
        time, equals = sketch.find(place, TimeToken), sketch.before(place, frozenset())
        base = sketch.owners.get(place)
        if time is not None and time.spans and len(time.spans) == 1 and _is(sketch, equals):
            sketch.own(place, "compare", f"与{time.text}比较")
            _add(sketch, compared_with(time, _current(sketch, equals), sketch))
        elif base is None or base.slot != "compare":
            continue
        for taken in (at, equals):
            sketch.own(taken, "compare")
        sketch.assume("compare", "倍数=1+增幅", 0.97)


def _is(sketch: Sketch, at: int) -> bool:
    return at >= 0 and (
        sketch.word(at, "equals") is not None or sketch.word(at, "filler") == "copula"
    )


def _against_time(sketch: Sketch, at: int) -> None:
    place = sketch.after(at, frozenset({"filler"}))
    time = sketch.find(place, TimeToken)
    if time is None or time.spans is None:
        return
    following = sketch.after(place, frozenset({"filler", "of"}))
    closes = sketch.word(following, "contrast")
    if sketch.label(at) in WEAK_AGAINST and (not closes or _earlier_first(sketch, at, time)):
        return
    sketch.own(at, "compare")
    sketch.own(place, "compare", f"与{time.text}比较")
    if closes:
        sketch.own(following, "compare")
    current = _current(sketch, at)
    if current is None and len(time.spans) > 1 and "," in time.text:
        sketch.fault("ambiguous_time", f"“{time.text}”哪一个是比较的基期不清楚,请写明。", time.text)
    whole = _said_in_full(sketch, place)
    for span in time.spans:
        if whole:
            _add(sketch, Compared("range", span))
        else:
            _add(sketch, compared_with(replace(time, spans=(span,)), current, sketch))


def _earlier_first(sketch: Sketch, at: int, later: TimeToken) -> bool:
    """去年末和今年5月末比: two periods side by side, the earlier one is the base."""
    found = [(i, t) for i in range(at) if (t := sketch.find(i, TimeToken)) and t.spans]
    if len(found) != 1 or len(later.spans or ()) != 1 or _grain(sketch):
        return False
    place, earlier = found[0]
    if not earlier.spans or len(earlier.spans) != 1 or not later.spans:
        return False
    if not _is_backwards(later.spans[0], earlier.spans[0], sketch):
        return False
    first, last = (days_of(t.spans[0], sketch.as_of) for t in (earlier, later) if t.spans)
    if first is None or last is None or first.end >= last.start:
        return False
    sketch.own(place, "compare", f"与{earlier.text}比较")
    sketch.own(at, "compare")
    sketch.own(sketch.after(sketch.after(at), frozenset({"filler", "of"})), "compare")
    _add(sketch, Compared("range", earlier.spans[0]))
    return True


def _said_in_full(sketch: Sketch, place: int) -> bool:
    """去年全年: all of it, not the like days of it."""
    if "全年" in sketch.label(place):
        return True
    following = sketch.after(place)
    if not sketch.is_free(following) or sketch.label(following) not in WHOLE_YEAR:
        return False
    sketch.own(following, "compare")
    return True


def _with_its_period(sketch: Sketch, at: int, base: str) -> bool:
    """三季度利润环比二季度: the earlier period behind the word is what is compared with."""
    time = sketch.find(at + 1, TimeToken)
    current = next((s for i in range(at) if (t := sketch.find(i, TimeToken)) and t.spans
                    for s in t.spans), None)  # fmt: skip
    span = time.spans[0] if time and time.spans and len(time.spans) == 1 else None
    if base not in ("yoy", "mom") or span is None or current is None or _grain(sketch):
        return False
    days, now = days_of(span, sketch.as_of), days_of(current, sketch.as_of)
    if days is None or now is None or days.end >= now.start:
        return False
    if isinstance(span, Relative) and not span.within:
        return False
    sketch.own(at + 1, "compare", f"与{sketch.label(at + 1)}比较")
    _add(sketch, Compared("range", span))
    return True


def _absorb(sketch: Sketch, at: int) -> None:
    """环比上月, 同比去年: the time only repeats what the word says."""
    time = sketch.find(at + 1, TimeToken)
    span = time.spans[0] if time and time.spans and len(time.spans) == 1 else None
    inner = span.of if isinstance(span, Edge | Shifted) else span
    if span is None or not isinstance(inner, Relative) or inner.within:
        return
    base = sketch.tokens[at].word("base")
    shifted = isinstance(span, Shifted) and span.offset == -1
    last = not isinstance(span, Shifted) and inner.offset == -1 and inner.span == 1
    unit = span.unit if isinstance(span, Shifted) else inner.unit
    if (shifted or last) and ((base == "yoy") == (unit == "year")):
        sketch.own(at + 1, "compare")


def _current(sketch: Sketch, against: int) -> Span | None:
    """The time that is compared: the free one before, else after."""
    places = [*range(against - 1, -1, -1), *range(against + 1, len(sketch.tokens))]
    for place in places:
        time = sketch.find(place, TimeToken)
        if time is not None and time.spans:
            return time.spans[0]
    return None


def compared_with(time: TimeToken, current: Span | None, sketch: Sketch) -> Compared:
    """The base meant by a time word, seen from the period that is compared."""
    span = time.spans[0] if time.spans else None
    assert span is not None
    grain = _grain(sketch)
    if isinstance(span, Shifted):
        return _shifted(span, current, grain, sketch)
    if grain is not None:
        return _each_before(time, span, grain, sketch)
    named = _named_base(span, current)
    if named == "yoy" and current is None and not isinstance(span, Edge):
        return Compared(None, among=("yoy", "ytd_open"))
    if named is not None:
        return Compared(named)
    if current is None:
        return Compared("range", _from_the_data(span))
    if _is_backwards(span, current, sketch):
        sketch.fault(
            "ambiguous_time", f"“{time.text}”不早于所问的期间,请写明与哪一期比较。", time.text
        )
    return Compared("range", span)


def _grain(sketch: Sketch) -> Grain | None:
    """The time buckets that the question asks for."""
    found = (sketch.find(at, GrainToken) for at in range(len(sketch.tokens)))
    return next((token.grain for token in found if token and token.grain), None)


def _each_before(time: TimeToken, span: Span, grain: Grain, sketch: Sketch) -> Compared:
    """各月较上月: each bucket against the one before it, or against the year's beginning."""
    named = _named_base(span, Relative(UNITS.get(grain, "month")))
    if named is None:
        sketch.fault(
            "ambiguous_time", f"分期列出时“{time.text}”与哪一期比不清楚,请说环比、同比或较年初。",
            time.text,
        )  # fmt: skip
        return Compared("range", span)
    return Compared(named)


def _shifted(span: Shifted, current: Span | None, grain: Grain | None, sketch: Sketch) -> Compared:
    """去年同期, 上周同日: the question's own time, moved."""
    base = _shifted_base(span, current, sketch)
    if base is not None:
        return Compared(base)
    if grain is not None:
        sketch.fault(
            "ambiguous_time", "分期列出时与哪一期比不清楚,请说环比、同比或较年初。", at="compare"
        )
    return Compared("range", span if current is None else replace(span, of=current))


def _from_the_data(span: Span) -> Span:
    """较上月末 of the newest snapshot counts back from that snapshot, not from today."""
    inner = span.of if isinstance(span, Edge) else span
    if not isinstance(inner, Relative) or inner.offset == 0 or inner.within:
        return span
    anchored = Relative(inner.unit, inner.offset, inner.span, anchor="data")
    return Edge(anchored, span.side if isinstance(span, Edge) else "end")


def _shifted_base(span: Shifted, current: Span | None, sketch: Sketch) -> Base | None:
    if span.offset != -1:
        return None
    if span.unit == "year":
        return "yoy"
    like = isinstance(span.of, Relative) and span.of.unit == "month"
    own = current is None or unit_of(current) == "month"
    return "mom" if span.unit == "month" and like and own and not _of_balances(sketch) else None


def _of_balances(sketch: Sketch) -> bool:
    """本月存款与上月同期比 means the day a month ago, not the end of last month."""
    names = (name for token in sketch.tokens for name in token.names)
    metrics = [name.metric for name in names if isinstance(name, MetricName)]
    return any(sketch.catalogue.is_stock(metric) for metric in metrics)


def _named_base(span: Span, current: Span | None) -> Base | None:
    """较年初, 较上月末: named bases, so that they follow the period that is compared."""
    inner = span.of if isinstance(span, Edge) else span
    if not isinstance(inner, Relative) or inner.within or inner.span != 1:
        return None
    opening = isinstance(span, Edge) and span.side == "opening"
    now = unit_of(current) if current is not None else None
    if inner.unit == "year" and (opening and inner.offset == 0):
        return "ytd_open"
    if inner.unit == "year" and inner.offset == -1 and isinstance(span, Edge) and not opening:
        return "ytd_open"
    if inner.offset != -1 or opening:
        return None
    if inner.unit == "year":
        return "yoy"
    return "mom" if now == inner.unit else None


def _is_backwards(span: Span, current: Span, sketch: Sketch) -> bool:
    base, now = days_of(span, sketch.as_of), days_of(current, sketch.as_of)
    if base is None or now is None:
        return False
    overlaps = (
        not isinstance(span, Edge) and not isinstance(current, Edge) and base.end >= now.start
    )
    return base.start >= now.start or overlaps


def _same_period(sketch: Sketch) -> None:
    """10月存款去年同期: a second time that says 同期 is the base."""
    free = [i for i in range(len(sketch.tokens)) if sketch.find(i, TimeToken)]
    if len(free) < 2:
        return
    for at in free:
        time = sketch.find(at, TimeToken)
        said = sketch.has("delta") or sketch.has("contrast")
        if time and time.kind == "same_period" and time.spans and said:
            sketch.own(at, "compare", time.text)
            _own_joins(sketch, at)
            _add(sketch, compared_with(time, _current(sketch, at), sketch))


def _own_joins(sketch: Sketch, at: int) -> None:
    """上月|和|去年同月|…|对比: the words that hold the two times together."""
    before = sketch.before(at)
    if sketch.word(before, "conj") or sketch.word(before, "against"):
        sketch.own(before, "compare")
    for place in sketch.indices("contrast"):
        sketch.own(place, "compare")


def _own_contrast(sketch: Sketch, at: int) -> None:
    following = sketch.after(at, frozenset({"filler"}))
    if sketch.word(following, "contrast"):
        sketch.own(following, "compare")


def _add(sketch: Sketch, compared: Compared) -> None:
    if compared not in sketch.compared:
        sketch.compared.append(compared)
