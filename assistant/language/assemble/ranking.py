"""前十, 最高的三家, 倒数第三, 从低到高: order and cut."""

from __future__ import annotations

from typing import cast

from assistant.language.assemble.sketch import REACHED, Compared, Ranked, Sketch
from assistant.language.time import TimeToken
from assistant.language.tokens import MetricName, Rank
from semantic_layer.query import Base, Condition, Show

NEAR = frozenset({"filler", "of", "equals", "ask", "noun"})
SPEEDS = {"fast": "high", "slow": "low"}
DURATIONS = frozenset({"天", "秒"})
EITHER_WAY = ("变化", "变动", "增减", "相差", "差")
FALLS = frozenset({"fall_rate", "down"})
GROWTHS = frozenset({"yoy", "mom"})


def ranking(sketch: Sketch) -> None:
    """Each word of rank becomes an order over what stands before it."""
    for at in range(len(sketch.tokens)):
        rank = sketch.find(at, Rank) or _of_buckets(sketch, at)
        if rank is not None:
            _counted(sketch, at, rank)
    for at in sketch.indices("extreme"):
        _extreme(sketch, at)
    _bare(sketch)
    for at in sketch.indices("compare_extreme"):
        arg = sketch.word(at, "compare_extreme") or "high"
        if _between_two_times(sketch):
            sketch.own(at, "compare", sketch.label(at))
            sketch.compared.append(Compared(None))
            continue
        sketch.own(at, "order", sketch.label(at))
        sketch.ranked.append(_over(sketch, at, Ranked(at, arg)))
    for at in sketch.indices("sort"):
        arg = sketch.word(at, "sort") or "rank"
        sketch.own(at, "order", sketch.label(at))
        sketch.ranked.append(_over(sketch, at, Ranked(at, arg)))
    _by_metric(sketch)


def _between_two_times(sketch: Sketch) -> bool:
    """6月末和9月末的AUM哪个高: nothing but two times to choose from."""
    times = [m for t in sketch.tokens for m in t.meanings if isinstance(m, TimeToken)]
    spans = [span for time in times for span in time.spans or ()]
    figures = [t for t in sketch.tokens if any(isinstance(n, MetricName) for n in t.names)]
    several = any(isinstance(c, Condition) and len(c.values) > 1 for c in sketch.where)
    return len(spans) == 2 and len(figures) == 1 and not (sketch.groups or several)


def _of_buckets(sketch: Sketch, at: int) -> Rank | None:
    """最大的三天 is a rank and the buckets that it ranks."""
    if at in sketch.owners and sketch.owners[at].slot != "group_by":
        return None
    return next((m for m in sketch.tokens[at].meanings if isinstance(m, Rank)), None)


def _counted(sketch: Sketch, at: int, rank: Rank) -> None:
    sketch.own(at, "limit", sketch.label(at))
    arg = _speed(sketch, at, rank.arg)
    ranked = Ranked(at, arg, rank.count, rank.percent, rank.nth)
    sketch.ranked.append(_over(sketch, at, ranked))


def _strength(sketch: Sketch, at: int) -> str:
    """下滑最厉害 is the largest fall; of anything but a change it has no measure."""
    place = sketch.before(at, NEAR)
    if place < 0 or sketch.tokens[place].word("delta") is None:
        word = sketch.label(at)
        sketch.fault("vague_term", f"“{word}”没有统一口径,请写明最高还是最低。", word, "order")
    return "high"


def _speed(sketch: Sketch, at: int, arg: str) -> str:
    """增长最慢 is the lowest growth; 理赔时效最慢 is the most days."""
    place = sketch.before(at, NEAR)
    metric = sketch.metric(place) if place >= 0 else None
    if metric is not None and sketch.catalogue.metric(metric).unit in DURATIONS:
        return {"fast": "low", "slow": "high"}.get(arg, arg)
    return SPEEDS.get(arg, arg)


def _by_metric(sketch: Sketch) -> None:
    """按存款余额排名: 按 belongs to the rank, not to a group."""
    for ranked in sketch.ranked:
        metric = sketch.before(ranked.at, NEAR)
        if sketch.metric(metric) and sketch.word(metric - 1, "group") == "by":
            sketch.own(metric - 1, "order")
    named = [at for at in range(len(sketch.tokens)) if sketch.metric(at)]
    if sketch.ranked and len(named) == 1 and sketch.word(named[0] - 1, "group") == "by":
        sketch.own(named[0] - 1, "order")  # 垫底的三个支行,按新增客户数


def _bare(sketch: Sketch) -> None:
    """哪个存款多: a bare adjective at the end ranks, when members are asked for."""
    which = any(token.word("which") == "one" for token in sketch.tokens)
    for at in sketch.indices("bare_extreme"):
        ends = sketch.after(at) >= len(sketch.tokens)
        if which and ends and _between_two_times(sketch):
            sketch.own(at, "compare", sketch.label(at))
            sketch.compared.append(Compared(None))
        elif which and ends and sketch.groups:
            arg = sketch.word(at, "bare_extreme") or "high"
            sketch.own(at, "order", sketch.label(at))
            sketch.ranked.append(Ranked(at, arg))


def _extreme(sketch: Sketch, at: int) -> None:
    """最高 alone cuts to the first one, unless the question lists several."""
    arg = sketch.word(at, "extreme") or "high"
    sketch.own(at, "order", sketch.label(at))
    arg = _strength(sketch, at) if arg == "strong" else arg
    arg = _speed(sketch, at, arg)
    count = _count_beside(sketch, at)
    sketch.ranked.append(_over(sketch, at, Ranked(at, arg, count)))


def _count_beside(sketch: Sketch, at: int) -> int | None:
    """最高的前三家: the count of a rank beside it; 哪些…最高 leaves the end open."""
    for place in (sketch.after(at), sketch.before(at)):
        if 0 <= place < len(sketch.tokens) and not sketch.is_free(place):
            for earlier in list(sketch.ranked):
                if earlier.at == place and earlier.arg in ("top", "bottom") and earlier.places:
                    sketch.ranked.remove(earlier)
                    return earlier.places
    listed = any(token.word("which") == "list" for token in sketch.tokens)
    return None if listed else 1


def _over(sketch: Sketch, at: int, ranked: Ranked) -> Ranked:
    """增幅最大, 下降最多, 增长率排名, 占比最高: what the rank is over."""
    place = sketch.before(at, NEAR)
    if place < 0:
        return ranked
    token = sketch.tokens[place]
    delta = token.word("delta")
    if token.names and sketch.tokens[place - 1].word("delta") == "new" and place:
        delta = "new"
    if token.word("base") == "target" and sketch.label(place).endswith(REACHED):
        return ranked._replace(show="rate", base="target")
    if delta is None and (base := token.word("base")):
        return _over_base(sketch, ranked, cast(Base, base))
    if delta is None:
        return ranked._replace(show="share") if token.word("share") else ranked
    fast = sketch.label(at).startswith("最快") or sketch.label(at).startswith("最慢")
    show: Show = "rate" if delta in ("rate", "fall_rate") or fast else "diff"
    if delta == "rank":
        show = "rank"
    if show not in sketch.shows:
        sketch.shows.append(show)
    arg = ranked.arg
    if delta in FALLS:
        arg = {"high": "low", "low": "high", "top": "low", "rank": "low"}.get(arg, arg)
    either = delta != "rank" and token.text.startswith(EITHER_WAY)
    return ranked._replace(show=show, arg=arg, either_way=either)


def _over_base(sketch: Sketch, ranked: Ranked, base: Base) -> Ranked:
    """同比排名, 环比最高 are over the growth; 较年初排名 may be over the difference."""
    if sketch.shows and "rate" not in sketch.shows:
        sketch.shows.append("rate")
    if base in GROWTHS:
        return ranked._replace(show="rate", base=base)
    return ranked._replace(show="rate", base=base, among=("diff", "rate"))
