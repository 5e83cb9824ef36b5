"""且, 但, 或 between conditions: one predicate out of several."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from assistant.language.assemble.sets.core import Core
from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import SegmentName, ValueName
from semantic_layer.query import And, Not, Or, Predicate

LISTING = frozenset({"和", "与", "及", "跟", "以及"})
"""They may set two groups side by side."""


def joined(
    sketch: Sketch, cores: Sequence[Core], parts: Sequence[Predicate], head: int
) -> Predicate:
    """All of them, or one of them, by the words between."""
    ways = {_way(sketch, left, right) for left, right in itertools.pairwise(cores)}
    _check_edges(sketch, cores, head)
    if ways >= {"and", "or"}:
        words = "".join(sketch.label(i) for i in range(cores[0].first, cores[-1].last + 1))
        sketch.fault(
            "ambiguous_phrase", f"“{words}”里“且”和“或”的先后不清楚,请分开问。", words, "where"
        )
    if len(parts) == 1:
        return parts[0]
    if "or" not in ways and any(Not(part) in parts for part in parts):
        words = "".join(sketch.label(i) for i in range(cores[0].first, cores[-1].last + 1))
        sketch.fault("contradictory_filter", f"“{words}”不能同时成立,请分开问。", words, "where")
    return Or(tuple(parts)) if "or" in ways else And(tuple(parts))


def negated(sketch: Sketch, core: Core, part: Predicate) -> Predicate:
    """不是有贷款的客户: the word before turns it round."""
    before = sketch.before(core.first, frozenset({"filler"}))
    if sketch.word(before, "exclude") != "open":
        return part
    sketch.own(before, "where", "不满足")
    return Not(part)


def _way(sketch: Sketch, left: Core, right: Core) -> str:
    between = [i for i in range(left.last + 1, right.first) if sketch.is_free(i)]
    if any("or" in (sketch.word(i, "link"), sketch.word(i, "conj")) for i in between):
        way = "or"
    else:
        way = "and"
    narrowed = any(isinstance(n, ValueName) for i in between for n in sketch.tokens[i].names)
    listed = [i for i in between if sketch.label(i) in LISTING]
    apart = any(sketch.word(i, "of") or sketch.word(i, "noun") for i in between)
    told = {"held", "happened"} & {left.kind, right.kind}
    if (way == "or" and narrowed) or (listed and (apart or told)):
        words = "".join(sketch.label(i) for i in range(left.first, right.last + 1))
        sketch.fault("ambiguous_phrase", f"“{words}”怎样组合不清楚,请分开问。", words, "where")
    for at in between:
        if any(role in sketch.args[at] for role in ("link", "conj", "break", "of", "filler")):
            sketch.own(at, "where", "或" if way == "or" else "且")
    return way


def _check_edges(sketch: Sketch, cores: Sequence[Core], head: int) -> None:
    """私行或AUM超过100万的客户: 或 with something that is no condition on a figure."""
    before = range(cores[0].first - 1, -1, -1)
    behind = range(cores[-1].last + 1, len(sketch.tokens))
    for places in (before, behind):
        for at in itertools.takewhile(lambda i: i != head and _passes(sketch, i), places):
            if "or" in (sketch.word(at, "link"), sketch.word(at, "conj")):
                words = "".join(sketch.label(i) for i in range(max(at - 1, 0), at + 2))
                sketch.fault(
                    "ambiguous_phrase", f"“{words}”怎样组合不清楚,请分开问。", words, "where"
                )
            elif sketch.word(at, "link"):
                _own_link(sketch, at, head, opens=at in before)


def _own_link(sketch: Sketch, at: int, head: int, *, opens: bool) -> None:
    """且近3个月逾期的客户: what is joined on must have been read."""
    following = sketch.after(at)
    names = sketch.tokens[following].names if following < len(sketch.tokens) else ()
    known = any(isinstance(n, ValueName | SegmentName) for n in names)
    if opens or known or following == head:
        sketch.own(at, "where", "且")


def _passes(sketch: Sketch, at: int) -> bool:
    """Whether what stands there could be joined to the conditions."""
    soft = any(role in sketch.args[at] for role in ("link", "of", "filler", "break", "conj"))
    return soft or bool(sketch.tokens[at].names)
