"""占比, 占全行的比重, 构成, 分布: parts of a whole."""

from __future__ import annotations

from assistant.language.assemble.day_kinds import part_of_days
from assistant.language.assemble.sets.heads import INSIDE, names_people
from assistant.language.assemble.sketch import Sketch, Whole
from assistant.language.assemble.wholes import (
    among_groups,
    asked_apart,
    differs,
    is_place,
    of_a_place,
    of_everybody,
    of_other_people,
    related,
)
from assistant.language.tokens import DimensionName, MetricName, SegmentName, ValueName, plain
from semantic_layer.query import (
    And,
    Arithmetic,
    Condition,
    DimensionGroup,
    MetricRef,
    Predicate,
    Share,
)

TWO_SCOPES = "暂不支持分子、分母的范围不同的占比。"


def shares(sketch: Sketch) -> None:
    """Share words are taken; `whole` settles of what once filters and groups are known."""
    verbs = sketch.indices("share")
    if not verbs:
        return
    for at in verbs:
        kind = sketch.word(at, "share")
        if kind == "tail" and not (_has_verb(sketch) or _stands_alone(sketch, at)):
            continue
        sketch.own(at, "share", sketch.label(at))
        if kind == "verb":
            _metric_of_metric(sketch, at)
    _own_ratio_word(sketch)
    divided = any(isinstance(measure, Arithmetic) for _, measure in sketch.measures)
    if any(owner.slot == "share" for owner in sketch.owners.values()) and not divided:
        sketch.share = Share("total")


def _own_ratio_word(sketch: Sketch) -> None:
    """分期余额占信用卡余额比: behind 占 and its whole, 比 at the end is 比例."""
    for at in sketch.indices("contrast"):
        closes = sketch.label(at) == "比" and sketch.after(at) >= len(sketch.tokens)
        if closes and _has_verb(sketch):
            sketch.own(at, "share", "比例")


def _has_verb(sketch: Sketch) -> bool:
    return any(token.word("share") == "verb" for token in sketch.tokens)


def _stands_alone(sketch: Sketch, at: int) -> bool:
    """按等级的占比, 男女比例, 钻石客户比例最高: what is split or narrowed has parts."""
    if sketch.told and names_people(sketch, at - 1):
        return True
    if sketch.dimension(at - 1):
        return any(sketch.metric(i) for i in range(at))
    following = sketch.after(at)
    behind = sketch.args[following] if following < len(sketch.tokens) else {}
    ranked = "extreme" in behind or "sort" in behind
    named = at > 0 and (sketch.metric(at - 1) is not None or "noun" in sketch.args[at - 1])
    ends = following >= len(sketch.tokens) and named  # 女性客户比例
    if not (sketch.label(at).startswith("的") or ranked or ends):
        return False
    several = any(isinstance(c, Condition) and len(c.values) > 1 for c in _flat(sketch.where))
    return not several and bool(sketch.where or sketch.groups)


def _metric_of_metric(sketch: Sketch, at: int) -> None:
    """活期存款占存款的比例: two metrics make a ratio; the same metric twice is one."""
    left = [i for i in range(at) if sketch.find(i, MetricName)]
    right = [i for i in range(at + 1, len(sketch.tokens)) if sketch.find(i, MetricName)]
    if not left or len(right) > 1:
        return
    if len(left) == 2 and not right and sketch.label(left[0] + 1) in INSIDE:
        left.reverse()  # 客服工单里投诉占多少
    numerator = left[0]
    top = sketch.metric(numerator)
    assert top is not None
    if right or _is_inside(sketch, left) or (len(left) == 2 and left[0] > left[1]):
        denominator = right[0] if right else left[1]
        bottom = sketch.metric(denominator)
    else:
        denominator, bottom = _noun_behind(sketch, at, top)
    if bottom is None:
        return
    between = range(numerator, denominator)
    if top != bottom and sketch.where and any("scope" in sketch.args[i] for i in between):
        sketch.fault("unsupported", TWO_SCOPES, "分子分母范围不同")
    sketch.own(denominator, "measures", f"分母 {sketch.catalogue.metric(bottom).label}")
    if top != bottom:
        _ratio(sketch, at, numerator, (top, bottom))


def _ratio(sketch: Sketch, verb: int, place: int, pair: tuple[str, str]) -> None:
    top, bottom = (sketch.catalogue.metric(metric) for metric in pair)
    if top.unit != bottom.unit:
        sketch.fault(
            "ambiguous_phrase",
            f"“{top.label}”和“{bottom.label}”的单位不同,不能求占比,请写明占什么的比例。",
            top.label, "share",
        )  # fmt: skip
    if differs(sketch, _before(sketch, verb), _after(sketch, verb)):
        sketch.fault("unsupported", TWO_SCOPES, "分子分母范围不同")
    sketch.own(place, "measures", f"分子 {top.label}")
    if asked_apart(sketch, place, verb):
        sketch.measures.append((place, MetricRef(top.name)))
    label = f"{top.label}占{bottom.label}的比例"
    ratio = Arithmetic("/", MetricRef(top.name), MetricRef(bottom.name), label)
    sketch.measures.append((place, ratio))


def _noun_behind(sketch: Sketch, verb: int, top: str) -> tuple[int, str | None]:
    """女性贵宾客户占女性客户的比例: the noun behind 占 stands for its number."""
    metric = sketch.catalogue.metric(top)
    for at in range(verb + 1, len(sketch.tokens)):
        token = sketch.tokens[at]
        names = sketch.catalogue.lexicon.names.get(f"{token.text}数", ())
        found = [n.metric for n in names if isinstance(n, MetricName)]
        if not token.word("noun") or len(found) != 1:
            continue
        alike = sketch.catalogue.is_stock(found[0]) == sketch.catalogue.is_stock(top)
        if alike and sketch.catalogue.metric(found[0]).unit == metric.unit:
            return at, found[0]
    return -1, None


def _is_inside(sketch: Sketch, left: list[int]) -> bool:
    """活期存款在存款中占多少: the second metric is the whole."""
    return len(left) == 2 and any(sketch.label(at) == "在" for at in range(left[0] + 1, left[1]))


def whole(sketch: Sketch) -> None:
    """Without a group, the share is of the same query less the numerator's filter."""
    if sketch.share is None or sketch.share.of == "unfiltered":
        return
    _all_members(sketch)
    dimensions = [c.dimension for c in _flat(sketch.where) if isinstance(c, Condition)]
    verb = next((i for i, t in enumerate(sketch.tokens) if t.word("share") == "verb"), None)
    own = list(dict.fromkeys(dimensions))
    if verb is not None and _of_all_its_kind(sketch, verb):
        return
    if verb is not None:
        _check_behind(sketch, verb)
        after = _after(sketch, verb)
        own = [d for d in own if d not in after]
        parts = [d for d in own if not is_place(sketch, plain(d))]
        if parts and of_other_people(sketch, verb):
            sketch.fault("unsupported", TWO_SCOPES, "分子分母范围不同")
    if any(isinstance(g.group, DimensionGroup) for g in sketch.groups):
        part = _part_of_itself(sketch, own, verb)
        if part is not None:
            sketch.share = Share("unfiltered", part)
        else:
            among_groups(sketch, own, verb)
        return
    if verb is not None and len(dimensions) > 1:
        dimensions = own or dimensions
        if sum(not is_place(sketch, plain(name)) for name in own) > 1:
            sketch.fault("unsupported", TWO_SCOPES, "分子分母范围不同")
    _without_groups(sketch, list(dict.fromkeys(dimensions)))


def _of_all_its_kind(sketch: Sketch, verb: int) -> bool:
    """手机银行交易金额占全部渠道的比例: the whole has all members, and none is a row."""
    named = {c.dimension for c in _flat(sketch.where) if isinstance(c, Condition)}
    for known in sketch.groups:
        if not isinstance(known.group, DimensionGroup) or known.at < verb:
            continue
        part = next((d for d in named if plain(d) == plain(known.group.dimension)), None)
        if part is not None:
            sketch.groups.remove(known)
            sketch.share = Share("unfiltered", part)
            return True
    return False


def _all_members(sketch: Sketch) -> None:
    """银川分行和固原分行存款各占多少: parts of the whole bank, not of the two."""
    groups = {g.group.dimension for g in sketch.groups if isinstance(g.group, DimensionGroup)}
    for part in list(sketch.where):
        if not isinstance(part, Condition) or part.op != "in" or len(part.values) < 2:
            continue
        if part.dimension in groups:
            sketch.where.remove(part)
            label = sketch.catalogue.dimension_label(part.dimension)
            sketch.assume("share", f"占比的分母是全部{label},其余{label}一并列出")


def _part_of_itself(sketch: Sketch, own: list[str], verb: int | None) -> str | None:
    """各分行房贷占贷款的比例: within each branch, the filter that makes the part."""
    if verb is None:
        return None
    denominators = (at for at, owner in sketch.owners.items() if owner.meaning.startswith("分母"))
    named = (*denominators, *(at for at, _ in sketch.measures))
    names_whole = any(at > verb for at in named)
    groups = {plain(g.group.dimension) for g in sketch.groups
              if isinstance(g.group, DimensionGroup)}  # fmt: skip
    parts = [d for d in own if plain(d) not in groups and not is_place(sketch, plain(d))]
    return parts[0] if names_whole and len(parts) == 1 else None


def _without_groups(sketch: Sketch, dimensions: list[str]) -> None:
    if len(dimensions) == 1 and of_a_place(sketch, dimensions[0]):
        return
    if len(dimensions) == 1:
        sketch.share = Share("unfiltered", dimensions[0])
        return
    if len(dimensions) > 1:
        sketch.wholes = [
            Whole(f"分母不限{sketch.catalogue.dimension_label(name)}", Share("unfiltered", name))
            for name in dimensions
        ]
        if not any(is_place(sketch, plain(name)) for name in dimensions):
            sketch.wholes.insert(0, Whole("分母不加条件", Share("unfiltered")))
        sketch.ask("占比的分母不清楚,请选择。", at="share")
    elif not of_everybody(sketch) and not part_of_days(sketch):
        sketch.fault(
            "ambiguous_phrase", "求谁的占比不清楚,请写明按什么拆分,例如“各分行占比”。", at="share"
        )


def _check_behind(sketch: Sketch, verb: int) -> None:
    """私行客户占女性客户的比例: a filter of the whole alone would narrow the part too."""
    before = _before(sketch, verb)
    for dimension in _after(sketch, verb):
        within = any(related(sketch, dimension, other) for other in before)
        if dimension not in before and not within and not is_place(sketch, dimension):
            sketch.fault("unsupported", TWO_SCOPES, "分子分母范围不同")


def _before(sketch: Sketch, verb: int) -> list[str]:
    return _filtered(sketch, range(verb))


def _after(sketch: Sketch, verb: int) -> list[str]:
    return _filtered(sketch, range(verb, len(sketch.tokens)))


def _filtered(sketch: Sketch, places: range) -> list[str]:
    """What the filters among these tokens are about."""
    found = []
    for at in places:
        owner = sketch.owners.get(at)
        names = sketch.tokens[at].names
        if owner is None or owner.slot != "where" or not names:
            continue
        first = names[0]
        if isinstance(first, ValueName):
            found.append(first.dimension)
        elif isinstance(first, SegmentName):
            found.append(first.segment)
        elif isinstance(first, DimensionName):
            found.append(plain(first.dimension))
    return list(dict.fromkeys(found))


def _flat(where: list[Predicate]) -> list[Predicate]:
    return [c for p in where for c in (p.children if isinstance(p, And) else (p,))]
