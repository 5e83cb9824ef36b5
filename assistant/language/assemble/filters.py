"""Members named in the question narrow it: 上海分行, 私行和钻石客户, 渠道为手机银行."""

from __future__ import annotations

from dataclasses import replace

from assistant.language.assemble.runs import ValueRun, value_run
from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.tokens import ValueName, plain
from semantic_layer.query import (
    Condition,
    DimensionGroup,
    DimensionOp,
    Or,
    Predicate,
    SegmentCondition,
    Value,
)

SIDE_BY_SIDE = (
    "each_own", "contrast", "against", "compare_extreme", "which", "times_as_much",
)  # fmt: skip
AND_WORDS = frozenset({"和", "与", "及", "以及", "跟", "同", "还有", "加上"})
ABSENT = frozenset({"没有", "无", "没"})
OWNED_BY_SIDES = frozenset({"each_own", "contrast", "against", "times_as_much"})


def filters(sketch: Sketch) -> None:
    """Free values become conditions; several of one dimension a list."""
    found: dict[str, list[ValueRun]] = {}
    for at in range(len(sketch.tokens)):
        run = value_run(sketch, at)
        if run is None or not _stands(sketch, run):
            continue
        said, run = run, _from_here(sketch, run)
        _own(sketch, run)
        for dimension in dict.fromkeys(v.dimension for _, v in run.values):
            found.setdefault(dimension, []).append(said)
        sketch.where += _conditions(run)
        _note_members(sketch, said)
    _one_level_only(sketch, found)
    _merge_sides(sketch, found)
    _segments(sketch)
    _yes_or_no(sketch)
    _empty(sketch)


def _one_level_only(sketch: Sketch, found: dict[str, list[ValueRun]]) -> None:
    """金卡及以上比大众: a range of levels beside another member is not read."""
    for runs in found.values():
        for run in runs:
            if len(runs) > 1 and "from_here" in _roles_after(sketch, run):
                words = "、".join(sketch.label(r.values[0][0]) for r in runs)
                sketch.fault("ambiguous_phrase", f"“{words}”请分开问。", words, "where")


def _roles_after(sketch: Sketch, run: ValueRun) -> list[str]:
    following = run.last + 1
    return list(sketch.args[following]) if following < len(sketch.tokens) else []


def _from_here(sketch: Sketch, run: ValueRun) -> ValueRun:
    """金卡及以上: that member and every one declared after it."""
    way = sketch.word(run.last + 1, "from_here")
    at, value = run.values[0]
    order = [v.value for v in sketch.catalogue.manifest.dimensions[value.dimension].field.values]
    if way is None or len(run.values) > 1 or value.value not in order or len(order) < 3:
        return run
    place = order.index(value.value)
    kept = order[place:] if way == "up" else order[: place + 1]
    label = sketch.catalogue.manifest.dimensions[value.dimension].label
    words = "、".join(sketch.catalogue.value_label(replace(value, value=v)) for v in kept)
    sketch.own(run.last + 1, "where", f"{label}={words}")
    sketch.assume("where", f"“{sketch.label(at)}{sketch.label(at + 1)}”按{words}计")
    return run._replace(values=tuple((at, replace(value, value=v)) for v in kept), joined=())


def _segments(sketch: Sketch) -> None:
    for at in range(len(sketch.tokens)):
        segment = sketch.segment(at)
        if segment:
            label = sketch.catalogue.manifest.segments[segment].label
            sketch.own(at, "where", f"人群 {label}")
            sketch.where.append(SegmentCondition(segment))


def _yes_or_no(sketch: Sketch) -> None:
    """农村客户: a yes-no dimension without a grouping word is a condition."""
    for at in range(len(sketch.tokens)):
        dimension = sketch.dimension(at)
        if dimension is None or sketch.word(at - 1, "group") or sketch.word(at - 1, "which"):
            continue
        field = sketch.catalogue.manifest.dimensions[plain(dimension)].field
        if field.type == "boolean":
            sketch.own(at, "where", field.label)
            sketch.where.append(Condition(dimension, "in", (True,)))


def _empty(sketch: Sketch) -> None:
    """对方银行为空, 没有对方银行: nothing is stored there."""
    for at in sketch.indices("empty"):
        place = sketch.before(at, SOFT | {"equals"})
        op: DimensionOp = "is_null" if sketch.word(at, "empty") == "is_null" else "not_null"
        _missing(sketch, place, (at,), op)
    for at in range(len(sketch.tokens)):
        if sketch.is_free(at) and sketch.label(at) in ABSENT:
            _missing(sketch, sketch.after(at), (at,), "is_null")


def _missing(sketch: Sketch, place: int, words: tuple[int, ...], op: DimensionOp) -> None:
    dimension = sketch.dimension(place)
    if dimension is None:
        return
    label = sketch.catalogue.dimension_label(dimension)
    for at in (place, *words):
        sketch.own(at, "where", f"{label}{'为空' if op == 'is_null' else '不为空'}")
    sketch.where.append(Condition(dimension, op, ()))


def _stands(sketch: Sketch, run: ValueRun) -> bool:
    """女, 其他 need their dimension or a noun like 客户 beside them."""
    return all(not value.weak or _has_cue(sketch, at, value, run) for at, value in run.values)


def _has_cue(sketch: Sketch, at: int, value: ValueName, run: ValueRun) -> bool:
    near = (at + 1, run.last + 1, sketch.before(run.values[0][0], SOFT | {"equals"}))
    if len(run.values) > 1 or _names_an_entity(sketch, at + 1):
        return True
    return any(sketch.is_cue(place, value) or sketch.word(place, "noun") for place in near)


def _names_an_entity(sketch: Sketch, at: int) -> bool:
    """女 in 女客户数: the metric behind it counts what the value is about."""
    if sketch.metric(at) is None:
        return False
    return any(sketch.label(at).startswith(noun) for noun in sketch.catalogue.entities)


def _own(sketch: Sketch, run: ValueRun) -> None:
    first, last = run.values[0][0], run.last
    for at, value in run.values:
        label = sketch.catalogue.manifest.dimensions[value.dimension].label
        sketch.own(at, "where", f"{label}={sketch.catalogue.value_label(value)}")
    for at in run.joined:
        sketch.own(at, "where")
    _own_cue_before(sketch, first, run.values[0][1])
    _own_cue_after(sketch, last, run.values[-1][1])
    before = sketch.before(first, frozenset({"filler"}))
    for role in ("only", "prep"):
        if sketch.word(before, role):
            sketch.own(before, "where")


def _own_cue_before(sketch: Sketch, first: int, value: ValueName) -> None:
    """渠道为手机银行, 性别女."""
    before = sketch.before(first, frozenset({"equals", "filler"}))
    if sketch.is_cue(before, value) and not sketch.word(before - 1, "group"):
        sketch.own_cue(before, "where", value)
        for at in range(before + 1, first):
            sketch.own(at, "where")


def _own_cue_after(sketch: Sketch, last: int, value: ValueName) -> None:
    """手机银行渠道, 北京和上海的分行."""
    place = last + 1
    if sketch.word(place, "of") and sketch.is_cue(place + 1, value):
        sketch.own(place, "where")
        place += 1
    if sketch.is_cue(place, value):
        sketch.own_cue(place, "where", value)
        place += 1
    if sketch.word(place, "noun"):
        sketch.own(place, "where")


def _conditions(run: ValueRun) -> list[Predicate]:
    by_dimension: dict[str, list[Value]] = {}
    for _, value in run.values:
        by_dimension.setdefault(value.dimension, []).append(value.value)
    conditions: list[Predicate] = [
        Condition(dimension, "in", tuple(values)) for dimension, values in by_dimension.items()
    ]
    if run.alternative and len(conditions) > 1:
        return [Or(tuple(conditions))]
    return conditions


def _note_members(sketch: Sketch, run: ValueRun) -> None:
    """北京和上海 are listed; 北京分行和五一路支行 are not of one kind."""
    dimensions = {value.dimension for _, value in run.values}
    if len({value.value for _, value in run.values}) < 2 or run.alternative:
        return
    if len(dimensions) == 1:
        sketch.listed.append((run.values[0][0], run.values[0][1].dimension))
    elif any(sketch.label(at) in AND_WORDS for at in run.joined):
        words = "和".join(sketch.label(at) for at, _ in run.values)
        sketch.fault(
            "ambiguous_phrase", f"“{words}”不是同一类,请分开问。", words, "where"
        )  # fmt: skip


def _merge_sides(sketch: Sketch, found: dict[str, list[ValueRun]]) -> None:
    """北京分行比上海分行: both sides are shown; without such a word two lists are a doubt."""
    for dimension, runs in found.items():
        values = tuple(v.value for run in runs for _, v in run.values if v.dimension == dimension)
        several = len(set(values)) > 1
        sides = [
            (i, role)
            for role in SIDE_BY_SIDE
            for i in sketch.indices(role)
            if not _joins_metrics(sketch, i)
        ]
        if several and sides and not _compares_times(sketch):
            for at, role in sides:
                if role in OWNED_BY_SIDES and "share" not in sketch.args[at]:
                    sketch.own(at, "group_by", "并列")
            sketch.add_group(runs[0].values[0][0], DimensionGroup(dimension))
        elif len(runs) > 1 and several:
            words = "、".join(sketch.label(run.values[0][0]) for run in runs)
            sketch.fault(
                "unattached_condition", f"“{words}”分别限定什么不清楚,请分开问。", words, "where"
            )
        if len(runs) > 1:
            sketch.where = [c for c in sketch.where if not _is_on(c, dimension)]
            sketch.where.append(Condition(dimension, "in", values))


def _joins_metrics(sketch: Sketch, at: int) -> bool:
    """The 和 of 存款余额和贷款余额 holds no members against each other."""
    both = (sketch.before(at), sketch.after(at))
    return "conj" in sketch.args[at] and all(sketch.metric(place) for place in both)


def _compares_times(sketch: Sketch) -> bool:
    return len(sketch.times) > 1 or bool(sketch.compared)


def _is_on(predicate: Predicate, dimension: str) -> bool:
    return (
        isinstance(predicate, Condition)
        and predicate.dimension == dimension
        and predicate.op == "in"
    )
