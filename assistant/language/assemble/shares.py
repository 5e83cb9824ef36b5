"""占比, 占全行的比重, 构成, 分布: parts of a whole."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import MetricName, ValueName
from semantic_layer.query import And, Arithmetic, Condition, MetricRef, Predicate, Share

TAIL_SKIP = frozenset({"filler", "of", "scope", "total", "ask"})


def shares(sketch: Sketch) -> None:
    """Share words are taken; `whole` settles of what once filters and groups are known."""
    verbs = sketch.indices("share")
    if not verbs:
        return
    for at in verbs:
        kind = sketch.word(at, "share")
        if kind == "tail" and not any(t.word("share") == "verb" for t in sketch.tokens):
            continue
        sketch.own(at, "share", sketch.label(at))
        if kind == "verb":
            _metric_of_metric(sketch, at)
    if any(owner.slot == "share" for owner in sketch.owners.values()) and not sketch.measures:
        sketch.share = Share("total")


def _metric_of_metric(sketch: Sketch, at: int) -> None:
    """活期存款占存款的比例: two metrics make a ratio; the same metric twice is one."""
    left = [i for i in range(at) if sketch.find(i, MetricName)]
    right = [i for i in range(at + 1, len(sketch.tokens)) if sketch.find(i, MetricName)]
    if not left or len(right) > 1:
        return
    if not right and not _is_inside(sketch, left):
        return
    numerator, denominator = (left[0], right[0]) if right else (left[0], left[1])
    top, bottom = sketch.metric(numerator), sketch.metric(denominator)
    assert top is not None
    assert bottom is not None
    between = range(numerator, denominator)
    if top != bottom and sketch.where and any("scope" in sketch.args[i] for i in between):
        sketch.fault("unsupported", "暂不支持分子、分母的范围不同的占比。", "分子分母范围不同")
    sketch.own(denominator, "measures", f"分母 {sketch.catalogue.metric(bottom).label}")
    if top != bottom:
        label = f"{sketch.catalogue.metric(top).label}占{sketch.catalogue.metric(bottom).label}"
        sketch.own(numerator, "measures", f"分子 {sketch.catalogue.metric(top).label}")
        ratio = Arithmetic("/", MetricRef(top), MetricRef(bottom), f"{label}的比例")
        sketch.measures.append((numerator, ratio))


def _is_inside(sketch: Sketch, left: list[int]) -> bool:
    """活期存款在存款中占多少: the second metric is the whole."""
    return len(left) == 2 and any(sketch.label(at) == "在" for at in range(left[0] + 1, left[1]))


def whole(sketch: Sketch) -> None:
    """Without a group, the share is of the same query less the numerator's filter."""
    if sketch.share is None:
        return
    if sketch.groups:
        return
    dimensions = [c.dimension for c in _flat(sketch.where) if isinstance(c, Condition)]
    verb = next((i for i, t in enumerate(sketch.tokens) if t.word("share") == "verb"), None)
    if verb is not None and len(dimensions) > 1:
        dimensions = _before(sketch, verb) or dimensions
    if len(set(dimensions)) == 1:
        sketch.share = Share("unfiltered", dimensions[0])
        return
    if dimensions:
        sketch.fault(
            "ambiguous_phrase", "占比的分母不清楚,请写明占谁的比例,例如“占全行的比例”。", at="share"
        )
    else:
        sketch.fault(
            "ambiguous_phrase", "求谁的占比不清楚,请写明按什么拆分,例如“各分行占比”。", at="share"
        )


def _before(sketch: Sketch, verb: int) -> list[str]:
    """Dimensions of the values that stand only before 占: the numerator's own."""
    before = _filtered(sketch, range(verb))
    after = _filtered(sketch, range(verb, len(sketch.tokens)))
    return [dimension for dimension in before if dimension not in after]


def _filtered(sketch: Sketch, places: range) -> list[str]:
    found = []
    for at in places:
        owner = sketch.owners.get(at)
        names = [n for n in sketch.tokens[at].names if isinstance(n, ValueName)]
        if names and owner and owner.slot == "where":
            found.append(names[0].dimension)
    return list(dict.fromkeys(found))


def _flat(where: list[Predicate]) -> list[Predicate]:
    return [c for p in where for c in (p.children if isinstance(p, And) else (p,))]
