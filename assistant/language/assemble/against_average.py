"""银川分行不良率比全行平均高多少, 各分行户均AUM与平均比: held against the whole."""

from __future__ import annotations

from assistant.language.assemble.sketch import OF_ALL, SOFT, Compared, Sketch
from assistant.language.tokens import MetricName
from semantic_layer.query import Condition, DimensionGroup, Focus, NumberOp, Predicate

GAPS = ("diff", "points", "all")
BEYOND: dict[str, NumberOp] = {"high": "gt", "low": "lt"}


def against_average(sketch: Sketch) -> None:
    """A word of comparison before 全行平均 makes the average the base."""
    for at in (*sketch.indices("average"), *sketch.indices("mean")):
        before = sketch.before(at, SOFT | {"scope"})
        following = sketch.after(at)
        gap = sketch.word(before, "side") and (
            sketch.word(following, "ask") == "amount" or sketch.word(following, "delta") == "points"
        )
        if (not sketch.word(before, "against") and not gap) or beyond(sketch, before, at):
            continue
        for place in range(before, at + 1):
            sketch.own(place, "compare", "与平均比")
        asked = sketch.word(following, "bare_extreme") and sketch.after(following) >= len(
            sketch.tokens
        )
        if sketch.word(following, "contrast") or asked:  # 比平均高吗
            sketch.own(following, "compare")
        whole = sketch.catalogue.manifest.whole
        said = "".join(sketch.label(place) for place in range(before, at + 1))
        if sketch.scoped and OF_ALL.search(said):
            sketch.fault(
                "permission",
                f"按您的权限看不到{whole}的平均;可以问您范围内的,例如“与平均水平比”。",
                said, "compare",
            )  # fmt: skip
        sketch.compared.append(Compared("average"))


def beyond(sketch: Sketch, before: int, at: int) -> NumberOp | None:
    """比全行平均低的分行, 哪些分行比平均高: a limit, where members are asked for."""
    following = sketch.after(at, frozenset({"filler"}))
    op = BEYOND.get(sketch.word(following, "bare_extreme") or "")
    if op is None or sketch.word(before, "against") != "than":
        return None
    behind = sketch.dimension(sketch.after(following))
    return op if behind or sketch.has("which") else None


def against_whole(sketch: Sketch) -> None:
    """不良率比全行高多少, 和全行比: a rate of the whole is what the members are held against."""
    for at in sketch.indices("scope"):
        before, following = sketch.before(at), sketch.after(at)
        gap = sketch.word(following, "delta") in GAPS and sketch.label(following)[0] in "高低是"
        beside = sketch.word(following, "contrast") is not None  # 和全行比
        if sketch.word(before, "against") != "than" or not (gap or beside) or sketch.has("base"):
            continue
        if beside:
            sketch.own(following, "compare")
        whole = sketch.catalogue.manifest.whole
        named = [n.metric for t in sketch.tokens for n in t.names if isinstance(n, MetricName)]
        said = sketch.label(before) + sketch.label(at)
        sketch.own(before, "compare", "与整体比")
        sketch.own(at, "compare", "与整体比")
        if not named or not all(map(sketch.catalogue.is_rate, named)):
            sketch.fault(
                "ambiguous_phrase",
                f"“{said}”是与合计比,比不出高低;可以问“与{whole}平均比”或占比。", said, "compare",
            )  # fmt: skip
        elif sketch.scoped:
            sketch.fault("permission", f"按您的权限看不到{whole}的数。", said, "compare")
        else:
            sketch.compared.append(Compared("average"))


def member_among_all(sketch: Sketch) -> None:
    """One member is held against the average of all: it is looked up among them."""
    if all(compared.base != "average" for compared in sketch.compared):
        return
    if any(isinstance(grouped.group, DimensionGroup) for grouped in sketch.groups):
        return
    found = [part for part in sketch.where if _is_one_member(sketch, part)]
    if len(found) != 1:
        sketch.fault(
            "ambiguous_phrase", "哪些机构或人群与平均比不清楚,请写明,例如“各分行”。", at="group_by"
        )
        return
    condition = found[0]
    assert isinstance(condition, Condition)
    sketch.where.remove(condition)
    sketch.focus = Focus(condition.dimension, str(condition.values[0]))
    sketch.add_group(-1, DimensionGroup(condition.dimension))


def _is_one_member(sketch: Sketch, part: Predicate) -> bool:
    return isinstance(part, Condition) and part.op == "in" and len(part.values) == 1
