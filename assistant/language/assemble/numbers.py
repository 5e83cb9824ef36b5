"""不良率高于2%的分行, AUM超过100万的客户, 年龄30以上: conditions with a number."""

from __future__ import annotations

from assistant.language.assemble.against_average import beyond
from assistant.language.assemble.sketch import OF_ALL, REACHED, SOFT, Limited, Sketch
from assistant.language.assemble.units import limits_in_unit, unit_of
from assistant.language.assemble.whole_bands import whole_bands
from assistant.language.number import ComparatorToken
from assistant.language.tokens import MetricName, plain
from semantic_layer.query import (
    And,
    Condition,
    DimensionOp,
    Membership,
    MetricCondition,
    NumberOp,
    Predicate,
    Set,
)

DIMENSION_OPS: dict[NumberOp, DimensionOp] = {
    "gt": "gt", "ge": "ge", "lt": "lt", "le": "le", "eq": "in", "ne": "not_in",
}  # fmt: skip
SIDES: dict[str, NumberOp] = {"above": "gt", "below": "lt"}
BEFORE = frozenset({"filler", "equals", "scope", "prep"})
FILLER = frozenset({"filler"})
LISTED = (*SOFT, "after", "which")
SHARES = frozenset({"%", "‰", "‱", "成", "bp", "pp", "百分点"})
COUNTED_BY = {
    "户": "户人", "人": "户人", "名": "户人", "位": "户人", "个": "户人个", "次": "笔次",
    "单": "单件", "宗": "宗件", "笔": "笔", "件": "件单", "天": "天", "日": "天",
}  # fmt: skip
UNIT_FREE = frozenset({"percent", "permyriad", "times"})


def numbers(sketch: Sketch) -> None:
    """Each comparison with a number finds the metric or attribute that it limits."""
    for at in range(len(sketch.tokens)):
        comparator = sketch.find(at, ComparatorToken)
        if comparator is None:
            continue
        if comparator.range.approximate:
            sketch.fault(
                "unattached_condition",
                f"“{comparator.text}”是约数,请写明上限和下限。", comparator.text, "having",
            )  # fmt: skip
            continue
        subject = sketch.before(at, BEFORE)
        metric = sketch.metric(subject)
        if metric is None and (clause := _clause_of_its_own(sketch, at)) is not None:
            subject, metric = clause, sketch.metric(clause)
        if metric and counts_alike(sketch, metric, comparator):
            _metric_limit(sketch, subject, at, comparator)
        elif subject >= 0 and _is_completion(sketch, subject):
            _reached_limit(sketch, at, comparator)
        elif sketch.word(subject, "share") == "part":
            _share_limit(sketch, at, comparator)
        elif (dimension := sketch.dimension(subject)) and (number := _number(sketch, dimension)):
            in_bands = number != dimension
            _attribute(sketch, number, (subject, at), comparator, in_bands=in_bands)
        elif dimension := _by_age(sketch, comparator):
            _attribute(sketch, dimension, (at,), comparator)
        else:
            whole_bands(sketch, at, comparator)
    _above_average(sketch)


def _clause_of_its_own(sketch: Sketch, at: int) -> int | None:
    """各分行不良率,超过2%的列出来: behind the comma a limit alone is one of the only metric."""
    named = [place for place in range(len(sketch.tokens)) if sketch.metric(place)]
    if len(named) != 1 or named[0] > at or not sketch.word(sketch.before(at, FILLER), "break"):
        return None
    behind = range(at + 1, len(sketch.tokens))
    grouped = any(sketch.word(place, role) for place in range(at) for role in ("group", "which"))
    ends = all(any(sketch.word(place, role) for role in LISTED) for place in behind)
    return named[0] if grouped and ends else None


def _metric_limit(sketch: Sketch, subject: int, at: int, comparator: ComparatorToken) -> None:
    metric = sketch.metric(subject)
    assert metric is not None
    if not unit_fits(sketch, metric, comparator):
        return
    entity = _entity_after(sketch, at)
    label = f"{sketch.catalogue.metric(metric).label} {comparator.text}"
    if entity is not None:
        for place in (subject, at):
            sketch.own(place, "where", label)
        leaves = [MetricCondition(metric, op, value) for op, value in comparator.range.limits]
        inner: Predicate = leaves[0] if len(leaves) == 1 else And(tuple(leaves))
        sketch.where.append(Membership(Set(entity, inner)))
        return
    sketch.own(at, "having", label)
    for op, value in comparator.range.limits:
        sketch.having.append(Limited(subject, "value", op, value))


def _entity_after(sketch: Sketch, at: int) -> str | None:
    """The kind of thing that must fulfil the condition: …的客户, …的客户数."""
    following = sketch.after(at)
    if following >= len(sketch.tokens):
        return None
    word = sketch.tokens[following]
    entities = sketch.catalogue.entities
    if word.word("noun"):
        return next((e for label, e in entities.items() if label in word.text), None) or next(
            iter(entities.values()), None
        )
    if sketch.find(following, MetricName):
        return next((e for label, e in entities.items() if word.text.startswith(label)), None)
    return None


def counts_alike(sketch: Sketch, metric: str, comparator: ComparatorToken) -> bool:
    """25岁 limits no number of customers, 3户 no amount."""
    unit = comparator.range.unit
    if unit is None or unit in SHARES or unit in ("元", "倍"):
        return True
    return sketch.catalogue.metric(metric).unit in COUNTED_BY.get(unit, unit)


def unit_fits(sketch: Sketch, metric: str, comparator: ComparatorToken) -> bool:
    """2 for a rate, 20% for an amount: not what was meant."""
    unit, value = comparator.range.unit, comparator.range.limits[0][1]
    is_share = unit in SHARES
    rate = sketch.catalogue.is_rate(metric)
    if rate and not is_share and abs(value) > 1:
        sketch.fault(
            "unattached_condition",
            f"“{comparator.text}”要与比率比较,请写成百分数,例如 {value}%。", comparator.text,
        )  # fmt: skip
        return False
    if is_share and sketch.catalogue.metric(metric).unit not in UNIT_FREE:
        label = sketch.catalogue.metric(metric).label
        sketch.fault(
            "unattached_condition",
            f"{label}不是比率,“{comparator.text}”要说明是增速还是占比。", comparator.text,
        )  # fmt: skip
        return False
    return True


def _is_completion(sketch: Sketch, at: int) -> bool:
    return sketch.tokens[at].word("base") == "target" and sketch.label(at).endswith(REACHED)


def _reached_limit(sketch: Sketch, at: int, comparator: ComparatorToken) -> None:
    """完成率低于80%."""
    if comparator.range.unit not in SHARES:
        return
    sketch.own(at, "having", comparator.text)
    for op, value in comparator.range.limits:
        sketch.having.append(Limited(-1, "rate", op, value))


def _share_limit(sketch: Sketch, at: int, comparator: ComparatorToken) -> None:
    sketch.own(at, "having", comparator.text)
    for op, value in comparator.range.limits:
        sketch.having.append(Limited(-1, "share", op, value))


def _number(sketch: Sketch, dimension: str) -> str | None:
    """年收入10万到20万: what is told in bands is limited by the number behind them."""
    dimensions = sketch.catalogue.manifest.dimensions
    role, dot, name = dimension.rpartition(".")
    field = dimensions[name].field
    if field.band is None:
        return dimension if field.type == "number" else None
    behind = dimensions.get(field.band.of)
    if behind is None or behind.field.type != "number" or behind.field.sensitivity == "pii":
        return None
    return f"{role}{dot}{behind.name}"


def _by_age(sketch: Sketch, comparator: ComparatorToken) -> str | None:
    """35岁以上: only an age is told in years of life; 6个月以上 and 5万元以上 limit many things."""
    found = [
        dimension.name
        for dimension in sketch.catalogue.manifest.dimensions.values()
        if comparator.range.unit == "岁"
        and dimension.field.type == "number"
        and unit_of(dimension.field) == "岁"
    ]
    return found[0] if len(found) == 1 else None


def _attribute(
    sketch: Sketch,
    dimension: str,
    places: tuple[int, ...],
    comparator: ComparatorToken,
    *,
    in_bands: bool = False,
) -> None:
    field = sketch.catalogue.manifest.dimensions[plain(dimension)].field
    label = f"{sketch.catalogue.dimension_label(dimension)} {comparator.text}"
    for place in places:
        sketch.own(place, "where", label)
    for op, value in limits_in_unit(sketch, field, comparator, in_bands=in_bands) or ():
        sketch.where.append(Condition(dimension, DIMENSION_OPS[op], (value,)))


def _above_average(sketch: Sketch) -> None:
    """高于全行平均, 低于平均水平."""
    for at in (*sketch.indices("average"), *sketch.indices("mean"), *_wholes(sketch)):
        before = sketch.before(at, SOFT)
        over = beyond(sketch, before, at)
        op = SIDES.get(sketch.word(before, "side") or "") or over
        if op is None:
            continue
        subject = sketch.before(before, BEFORE)
        if sketch.metric(subject):
            sketch.own(before, "having")
            sketch.own(at, "having", f"{sketch.label(before)}{sketch.label(at)}")
            if over:
                sketch.own(sketch.after(at, frozenset({"filler"})), "having")
            sketch.having.append(Limited(subject, "value", op, "average"))
            if sketch.scoped and OF_ALL.search(sketch.label(at)):
                sketch.fault(
                    "permission",
                    f"按您的权限看不到{sketch.catalogue.manifest.whole}的平均;可以问您范围内的,例如“高于平均水平”。",
                    sketch.label(at), "having",
                )  # fmt: skip


def _wholes(sketch: Sketch) -> list[int]:
    """不良率高于全行: the whole's own value, where no other figure follows."""
    return [
        at
        for at in sketch.indices("scope")
        if at and sketch.metric(sketch.after(at)) is None and "side" in sketch.args[at - 1]
    ]
