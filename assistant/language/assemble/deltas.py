"""增长率, 增加了多少, 下降的: which face of the change is wanted."""

from __future__ import annotations

from assistant.language.assemble.leftovers import COUNTERS
from assistant.language.assemble.sketch import Compared, Limited, Sketch
from assistant.language.number import ComparatorToken
from assistant.language.spoken import spoken_by
from assistant.language.time import TimeToken
from assistant.language.tokens import MetricName, Rank, Token
from semantic_layer.model import Aggregate
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
    "new": ("diff",),
    "double": ("diff", "rate"),
}
DIRECTIONS: dict[str, tuple[Show, NumberOp, float]] = {
    "up": ("diff", "gt", 0), "down": ("diff", "lt", 0), "double": ("rate", "ge", 1),
}  # fmt: skip
"""翻番 is a growth of the whole once more."""
NOT_OF_CHANGES = ("share", "per", "cumulative", "spread", "mean", "stat", "focus")
FALLING = frozenset({"fall_rate", "down"})
FLIPPED: dict[NumberOp, NumberOp] = {
    "gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq", "ne": "ne",
}  # fmt: skip
ENDING = frozenset({"filler", "of", "break", "ask"})
ADJECTIVES = ("bare_extreme", "compare_extreme")
RANKING = ("extreme", "bare_extreme", "compare_extreme", "sort", "rank")
OF_DURATIONS = ("快", "慢", "缩短", "延长", "长", "短")
DURATIONS = frozenset({"天", "秒", "小时", "分钟"})
MORE = frozenset({"多", "少"})
SHARES = frozenset({"%", "‰", "‱", "成", "bp", "pp", "百分点"})


def deltas(sketch: Sketch) -> None:
    """Words of change set what is shown, and with a number what is kept."""
    for at in sketch.indices("delta"):
        kind = sketch.word(at, "delta") or ""
        if _touches_metric(sketch, at, kind) or (kind == "new" and not _is_net(sketch, at)):
            continue
        if _asks_for_the_rate(sketch, at):
            continue
        if kind != "rank" and not _counts_alike(sketch, at):
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
    _more_of_a_verb(sketch)
    _more_than_then(sketch)
    _is_it_more(sketch)


def _asks_for_the_rate(sketch: Sketch, at: int) -> bool:
    """不良率几个点, with nothing to compare with, is the rate itself."""
    named = _named_metrics(sketch)
    rates = bool(named) and all(map(sketch.catalogue.is_rate, named))
    return rates and sketch.word(at, "ask") is not None and not sketch.compared


def _more_of_a_verb(sketch: Sketch) -> None:
    """9月比8月多发了多少贷款: 多 before a verb that asks for an amount is the difference."""
    for at in sketch.indices("bare_extreme"):
        following = at + 1
        if sketch.label(at) not in MORE or not sketch.compared:
            continue
        if following < len(sketch.tokens) and spoken_by(sketch.tokens[following]):
            sketch.own(at, "compare", sketch.label(at))
            sketch.shows += [s for s in ("diff",) if s not in sketch.shows]


def _more_than_then(sketch: Sketch) -> None:
    """贷款比上月末少的支行, 哪些支行贷款比上月末少: the members whose figure is less than then."""
    for at, role in [(i, word) for word in ADJECTIVES for i in sketch.indices(word)]:
        place = sketch.before(at)
        before = sketch.owners.get(sketch.before(place) if sketch.metric(place) else place)
        if not sketch.compared or before is None or before.slot != "compare":
            continue
        following = sketch.after(at)
        of_members = sketch.dimension(following) or sketch.word(following, "which")
        ends = following >= len(sketch.tokens) and _asks_which(sketch, at)
        if (of_members and sketch.label(at + 1) == "的") or ends:
            op: NumberOp = "lt" if sketch.word(at, role) == "low" else "gt"
            sketch.own(at, "compare", sketch.label(at))
            sketch.shows += [s for s in SHOWN["all"] if s not in sketch.shows]
            sketch.having.append(Limited(-1, "diff", op, 0))


def _is_it_more(sketch: Sketch) -> None:
    """比去年同期低吗: whether it is, the change tells."""
    for at in sketch.indices("bare_extreme"):
        before = sketch.owners.get(sketch.before(at))
        ends = sketch.after(at, ENDING) >= len(sketch.tokens)
        if sketch.compared and ends and before is not None and before.slot == "compare":
            sketch.own(at, "compare", sketch.label(at))


def _touches_metric(sketch: Sketch, at: int, kind: str) -> bool:
    """净值增长客户数: a verb grown into a name is no comparison."""
    if kind in ("up", "down") and sketch.metric(at + 1) and not sketch.has("base"):
        words = sketch.label(at) + sketch.label(at + 1)
        sketch.fault("ambiguous_phrase", f"“{words}”不是已定义的指标,请换个说法。", words)
        return True
    return False


def _counts_alike(sketch: Sketch, at: int) -> bool:
    """增加了多少张 asks about cards, not about an amount."""
    if sketch.label(at).startswith(OF_DURATIONS):
        units = {sketch.catalogue.metric(metric).unit for metric in _named_metrics(sketch)}
        return bool(units) and units <= DURATIONS
    counter = sketch.label(at)[-1]
    fitting = {"CNY"} if counter in "元钱" else set(COUNTERS.get(counter, ""))
    named = _named_metrics(sketch)
    return not fitting or not named or {sketch.catalogue.metric(m).unit for m in named} <= fitting


def _named_metrics(sketch: Sketch) -> list[str]:
    return [m.metric for t in sketch.tokens for m in t.names if isinstance(m, MetricName)]


def _is_net(sketch: Sketch, at: int) -> bool:
    """存款新增 is the end less the beginning: only of balances, and of one period."""
    named = _named_metrics(sketch)
    if not named or not all(_is_balance(sketch, metric) for metric in named):
        return False
    spans = [s for i in range(len(sketch.tokens)) if (t := sketch.find(i, TimeToken))
             for s in t.spans or ()]  # fmt: skip
    numbers = [i for i in range(len(sketch.tokens)) if sketch.find(i, ComparatorToken)]
    loose = any(i != sketch.after(at, frozenset({"filler"})) for i in numbers)
    again = loose or any(args.get("base") in ("yoy", "mom") for args in sketch.args)
    deltas = len(sketch.places.get("delta", ())) > 1
    if again or deltas or len(spans) > 1 or any(sketch.has(role) for role in NOT_OF_CHANGES):
        word = sketch.label(at)
        sketch.own(at, "compare", word)
        sketch.fault(
            "unsupported", f"暂不支持新增额的条件、比较、占比和平均(“{word}”)。", "新增额的比较"
        )
        return False
    return True


def _is_balance(sketch: Sketch, metric: str) -> bool:
    found = sketch.catalogue.metric(metric)
    definition = found.definition
    return (
        isinstance(definition, Aggregate)
        and definition.semi_additive is not None
        and definition.average_over is None
        and found.unit == "CNY"
        and found.direction == "up_is_good"
    )


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
    if kind not in DIRECTIONS:
        return
    following = sketch.after(at)
    names_members = sketch.dimension(following) is not None or sketch.word(following, "which")
    ranks = any(sketch.has(r) for r in RANKING) or any(map(_is_rank, sketch.tokens))
    asked_before = _asks_which(sketch, at) and not ranks
    if (names_members or asked_before) and not sketch.word(following, "extreme"):
        show, op, value = DIRECTIONS[kind]
        sketch.having.append(Limited(-1, show, op, value))


def _asks_which(sketch: Sketch, at: int) -> bool:
    """哪些支行存款同比下降了: the members asked for are those that fell."""
    asked = (*sketch.places.get("which", ()), *_counted_groups(sketch))
    return any(
        place < at and any(sketch.dimension(near) for near in (place - 1, place + 1))
        for place in asked
    )


def _counted_groups(sketch: Sketch) -> list[int]:
    """几个渠道, 多少家支行."""
    places = sketch.places.get("ask", ())
    return [at for at in places if sketch.label(at).rstrip("呢了").endswith(("个", "家", "只"))]


def _is_rank(token: Token) -> bool:
    return any(isinstance(meaning, Rank) for meaning in token.meanings)
