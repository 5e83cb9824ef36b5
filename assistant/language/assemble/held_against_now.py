"""去年底存款和现在差多少: the newest figure against that time; 现在 is no mere filler there."""

from __future__ import annotations

from assistant.language.assemble.comparing import compared_with
from assistant.language.assemble.sketch import Compared, Sketch
from assistant.language.time import TimeToken
from assistant.language.tokens import MetricName
from semantic_layer.query import Latest

JOINED = ("against", "conj")
HOLDING = ("delta", "contrast", "compare_extreme", "bare_extreme")
BETWEEN = frozenset({"filler", "of"})


def held_against_now(sketch: Sketch) -> None:
    """Two times joined by 和, 跟, 比, one of them now: the other one is the base."""
    times = {at: t for at in range(len(sketch.tokens)) if (t := sketch.find(at, TimeToken))}
    now = [at for at, time in times.items() if time.spans == (Latest(),)]
    others = [at for at in times if at not in now]
    if len(now) != 1 or len(others) != 1 or not any(sketch.has(role) for role in HOLDING):
        return
    at, other = now[0], others[0]
    joint = next((p for p in (sketch.before(at), sketch.before(other)) if _joins(sketch, p)), None)
    time = times[other]
    if joint is None or time.spans is None or len(time.spans) != 1 or time.days or time.grain:
        return
    sketch.own(at, "period", "最新")
    sketch.own(other, "compare", f"与{time.text}比较")
    sketch.own(joint, "compare")
    for place in sketch.indices("contrast"):
        sketch.own(place, "compare")
    if not _has_a_newest(sketch):
        sketch.fault(
            "ambiguous_time", f"“{sketch.label(at)}”指哪一段时间不清楚,请写明。", sketch.label(at)
        )
        return
    named = compared_with(time, None, sketch)
    kept = named if named.base == "ytd_open" else Compared("range", time.spans[0])
    sketch.compared.append(kept)


def _joins(sketch: Sketch, at: int) -> bool:
    return at >= 0 and any(sketch.word(at, role) for role in JOINED)


def _has_a_newest(sketch: Sketch) -> bool:
    """Only what has a value at a point in time has one now."""
    named = [n.metric for t in sketch.tokens for n in t.names if isinstance(n, MetricName)]
    return bool(named) and all(map(sketch.catalogue.is_stock, named))
