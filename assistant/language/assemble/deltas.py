"""增长率, 增加了多少, 下降的: which face of the change is wanted."""

from __future__ import annotations

from assistant.language.assemble.sketch import Compared, Limited, Sketch
from assistant.language.number import ComparatorToken
from semantic_layer.query import NumberOp, Show

SHOWN: dict[str, tuple[Show, ...]] = {
    "rate": ("rate",),
    "fall_rate": ("rate",),
    "diff": ("diff",),
    "points": ("pp",),
    "all": ("diff", "rate"),
    "up": ("diff", "rate"),
    "down": ("diff", "rate"),
    "rank": ("rank",),
}
FALLING = frozenset({"fall_rate", "down"})
FLIPPED: dict[NumberOp, NumberOp] = {
    "gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq", "ne": "ne",
}  # fmt: skip
SHARES = frozenset({"%", "‰", "‱", "成", "bp", "pp", "百分点"})


def deltas(sketch: Sketch) -> None:
    """Words of change set what is shown, and with a number what is kept."""
    for at in sketch.indices("delta"):
        kind = sketch.word(at, "delta") or ""
        if _touches_metric(sketch, at, kind):
            continue
        before = sketch.before(at)
        if before >= 0 and "share" in sketch.args[before]:
            sketch.fault("unsupported", "暂不支持占比的变化,可以先看各期的占比。", "占比的变化")
        if not sketch.compared:
            sketch.compared.append(Compared(None))
        sketch.own(at, "compare", sketch.label(at))
        if not _limits(sketch, at, kind):
            sketch.shows += [s for s in SHOWN[kind] if s not in sketch.shows]
            _direction_alone(sketch, at, kind)


def _touches_metric(sketch: Sketch, at: int, kind: str) -> bool:
    """净值增长客户数: a verb grown into a name is no comparison."""
    if kind in ("up", "down") and sketch.metric(at + 1) and not sketch.has("base"):
        words = sketch.label(at) + sketch.label(at + 1)
        sketch.fault("ambiguous_phrase", f"“{words}”不是已定义的指标,请换个说法。", words)
        return True
    return False


def _limits(sketch: Sketch, at: int, kind: str) -> bool:
    """同比增长超过15%, 下降20%以上."""
    place = sketch.after(at, frozenset({"filler"}))
    comparator = sketch.find(place, ComparatorToken)
    if comparator is None or comparator.range.approximate:
        return False
    sketch.own(place, "having", comparator.text)
    relative = comparator.range.unit in SHARES
    show: Show = "pp" if kind == "points" else "rate" if relative else "diff"
    for op, value in comparator.range.limits:
        if kind in FALLING:
            op, value = FLIPPED[op], -value  # noqa: PLW2901
        sketch.having.append(Limited(-1, show, op, value))
    sketch.shows += [s for s in (show,) if s not in sketch.shows]
    return True


def _direction_alone(sketch: Sketch, at: int, kind: str) -> None:
    """环比下降的分行: only those with a change in that direction."""
    if kind not in ("up", "down"):
        return
    following = sketch.after(at)
    names_members = sketch.dimension(following) is not None or sketch.word(following, "which")
    if names_members and not sketch.word(following, "extreme"):
        sketch.having.append(Limited(-1, "diff", "lt" if kind == "down" else "gt", 0))
