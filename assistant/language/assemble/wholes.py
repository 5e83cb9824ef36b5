"""各分行女性客户占比: within each group or among the groups, the asker must say."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch, Whole
from assistant.language.normalise import normalise_name
from assistant.language.tokens import MetricName, plain
from semantic_layer.model import Aggregate, Ratio
from semantic_layer.query import (
    Arithmetic,
    Condition,
    DimensionGroup,
    Measure,
    MetricRef,
    SegmentCondition,
    Share,
)

PEOPLE = frozenset({"户", "人"})


def differs(sketch: Sketch, before: list[str], after: list[str]) -> bool:
    """Whether a filter of one side alone would narrow both sides of a ratio."""
    return any(not is_place(sketch, name) for name in set(before) ^ set(after))


def is_place(sketch: Sketch, name: str) -> bool:
    """分行, 支行: a place in front scopes the whole question."""
    manifest = sketch.catalogue.manifest
    homes = (hierarchy.levels for hierarchy in manifest.hierarchies if name in hierarchy.levels)
    return any(
        sum(manifest.dimensions[level].field.spine for level in levels) > 1 for levels in homes
    )


def related(sketch: Sketch, one: str, other: str) -> bool:
    """Whether one of them lies within the other: 支行 and 分行."""
    hierarchies = sketch.catalogue.manifest.hierarchies
    return any({one, other} <= set(hierarchy.levels) for hierarchy in hierarchies)


def among_groups(sketch: Sketch, own: list[str], verb: int | None) -> None:
    """Of the total shown, unless a filter or a narrow metric leaves two wholes."""
    groups = [plain(g.group.dimension) for g in sketch.groups
              if isinstance(g.group, DimensionGroup)]  # fmt: skip
    spread = any(args.get("share") == "makeup" or "spread" in args for args in sketch.args)
    _check_everything(sketch, verb)
    if spread or (verb is not None and of_everybody(sketch)):
        return
    doubtful = [d for d in own if plain(d) not in groups and not is_place(sketch, plain(d))]
    segments = [c for c in sketch.where if isinstance(c, SegmentCondition)]
    group = sketch.catalogue.dimension_label(groups[0])
    total = Whole(f"在各{group}间的分布(分母为合计)", Share("total"))
    inside: list[Whole] = []
    if len(doubtful) == 1 and not segments:
        label = sketch.catalogue.dimension_label(doubtful[0])
        share = Share("unfiltered", doubtful[0])
        inside = [Whole(f"在每个{group}内的占比(分母不限{label})", share)]
    elif not doubtful and not segments and verb is None and (ratio := _of_wider(sketch)):
        inside = [Whole(f"在每个{group}内的占比({ratio.label})", None, ratio)]
    if inside or doubtful or segments:
        sketch.wholes = [*inside, total]
        sketch.ask("占比的分母有几种可能,请选择。", at="share")


def of_everybody(sketch: Sketch) -> bool:
    """睡眠客户有多少,占比多少: a count that is a part of a wider one, and its share of that."""
    ratio = _of_wider(sketch)
    if ratio is None or _has_verb(sketch) or sketch.where or sketch.compared:
        return False
    asked = any(("ask" in args or "conj" in args) and "share" not in args for args in sketch.args)
    asked = asked and not any(args.get("share") == "verb" for args in sketch.args)
    asked = asked or any(t.word("share") and t.text.startswith("及") for t in sketch.tokens)
    place, counted = sketch.measures[0]
    verb = next((i for i, args in enumerate(sketch.args) if args.get("share") == "verb"), place)
    asked = asked or asked_apart(sketch, place, verb)
    share = _named_ratio(sketch, ratio)
    assert isinstance(ratio.right, MetricRef)
    sketch.share = None
    sketch.measures = [(place, counted), (place, share)] if asked else [(place, share)]
    sketch.assume("share", f"占比的分母是{sketch.catalogue.metric(ratio.right.metric).label}", 0.97)
    return True


def asked_apart(sketch: Sketch, place: int, verb: int) -> bool:
    """私行客户有多少,占客户的百分之几; 普惠贷款余额及占贷款的比例: the figure, then its share."""
    if any("conj" in sketch.args[i] for i in range(place + 1, verb)[-1:]):
        return True
    places = range(place, verb)
    asks = next((i for i in places if "ask" in sketch.args[i] or "多少" in sketch.label(i)), None)
    return asks is not None and any("break" in args for args in sketch.args[asks:verb])


def of_other_people(sketch: Sketch, verb: int) -> bool:
    """女性私行客户占全部客户的比例: 全部客户 are more than those of whom the number is."""
    ids = sketch.metric_ids
    said = (sketch.label(i) for i in range(verb, len(sketch.tokens)) if "scope" in sketch.args[i])
    noun = next((n for label in said for n in sketch.catalogue.entities if n in label), None)
    if noun is None or len(ids) != 1 or sketch.catalogue.metric(ids[0]).unit not in PEOPLE:
        return False
    names = sketch.catalogue.lexicon.names.get(f"{noun}数", ())
    return MetricName(ids[0], "name") not in names


def of_a_place(sketch: Sketch, dimension: str) -> bool:
    """银川分行睡眠客户占比: of the customers there, or of all branches."""
    ratio = _of_wider(sketch)
    if ratio is None or _has_verb(sketch) or not is_place(sketch, plain(dimension)):
        return False
    label = sketch.catalogue.dimension_label(dimension)
    sketch.wholes = [
        Whole(ratio.label or "", None, _named_ratio(sketch, ratio)),
        Whole(f"分母不限{label}", Share("unfiltered", dimension)),
    ]
    sketch.ask("占比的分母不清楚,请选择。", at="share")
    return True


def _has_verb(sketch: Sketch) -> bool:
    """Whether 占 names its whole; 占全部客户 names everybody, whose part a count may be."""
    verb = next((i for i, args in enumerate(sketch.args) if args.get("share") == "verb"), None)
    if verb is None:
        return False
    behind = (sketch.label(i) for i in range(verb, len(sketch.tokens)) if "scope" in sketch.args[i])
    return not any(noun in said for said in behind for noun in sketch.catalogue.entities)


def _named_ratio(sketch: Sketch, ratio: Arithmetic) -> Measure:
    """The metric that is this ratio already, where one has a name."""
    assert isinstance(ratio.left, MetricRef)
    assert isinstance(ratio.right, MetricRef)
    same = Ratio(ratio.left.metric, ratio.right.metric)
    known = sketch.catalogue.manifest.metrics.values()
    named = (m.name for m in known if m.definition == same and not m.hidden)
    found = next(named, None)
    return MetricRef(found) if found else ratio


def _check_everything(sketch: Sketch, verb: int | None) -> None:
    """银川分行各支行存款占全行的比例: the total of what is shown is not the bank."""
    if verb is None or not any("scope" in args for args in sketch.args[verb:]):
        return
    if any(isinstance(c, Condition) and is_place(sketch, plain(c.dimension)) for c in sketch.where):
        sketch.fault(
            "unsupported", "暂不支持部分机构分别占全行的比例,可以问各机构占全行的比例。",
            "部分机构占全行",
        )  # fmt: skip


def _of_wider(sketch: Sketch) -> Arithmetic | None:
    """私行客户数 over 客户数: the same count without the metric's own filter."""
    measures: list[Measure] = [measure for at, measure in sketch.measures if at >= 0]
    if len(measures) != 1 or not isinstance(measures[0], MetricRef) or measures[0].per:
        return None
    metric = sketch.catalogue.metric(measures[0].metric)
    label = normalise_name(metric.label)
    for start in range(1, len(label) - 1):
        for known in sketch.catalogue.lexicon.names.get(label[start:], ()):
            if isinstance(known, MetricName) and _is_wider(sketch, known.metric, metric.name):
                whole = _governed_whole(sketch, metric.name) or known.metric
                wider = sketch.catalogue.metric(whole)
                said = f"{metric.label}占{wider.label}的比例"
                return Arithmetic("/", measures[0], MetricRef(wider.name), said)
    return None


def _governed_whole(sketch: Sketch, narrow: str) -> str | None:
    """The whole that the one governed rate of this part divides by: 90天以上逾期率 of all loans."""
    known = (m for m in sketch.catalogue.manifest.metrics.values() if not m.hidden)
    wholes = {
        m.definition.to
        for m in known
        if isinstance(m.definition, Ratio)
        and m.definition.of == narrow
        and m.definition.to in sketch.catalogue.manifest.metrics
        and _is_wider(sketch, m.definition.to, narrow)
    }
    return next(iter(wholes)) if len(wholes) == 1 else None


def _is_wider(sketch: Sketch, wide: str, narrow: str) -> bool:
    one = sketch.catalogue.metric(wide).definition
    other = sketch.catalogue.metric(narrow).definition
    if not (isinstance(one, Aggregate) and isinstance(other, Aggregate)) or wide == narrow:
        return False
    alike = (one.dataset, one.agg, one.expr) == (other.dataset, other.agg, other.expr)
    stocks = {sketch.catalogue.is_stock(wide), sketch.catalogue.is_stock(narrow)}
    return alike and len(stocks) == 1 and other.filter is not None and one.filter != other.filter
