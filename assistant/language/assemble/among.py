"""客户数,其中私行多少: the whole and one part of it."""

from __future__ import annotations

from assistant.language.assemble.runs import ValueRun, value_run
from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import MetricName, plain
from semantic_layer.query import DimensionGroup, Focus

AMONG = frozenset({"其中"})


def among(sketch: Sketch) -> None:
    """What follows 其中 is shown within the whole named before, which is shown as well."""
    for at in range(1, len(sketch.tokens)):
        if not sketch.is_free(at) or sketch.label(at) not in AMONG or not _has_whole(sketch, at):
            continue
        following = sketch.after(at)
        run = value_run(sketch, following)
        if run is None and not _is_condition(sketch, following):
            continue
        sketch.own(at, "focus", "其中")
        if run is None or _is_more(sketch, at, run):
            sketch.fault(
                "unsupported", "暂不支持总数和其中一部分一起这样看,请分开问。", "总数与其中"
            )
        else:
            _show(sketch, run)


def _has_whole(sketch: Sketch, at: int) -> bool:
    return any(sketch.find(place, MetricName) for place in range(at))


def _is_condition(sketch: Sketch, at: int) -> bool:
    """其中农村客户: a yes-no attribute or a governed set."""
    dimension = sketch.dimension(at)
    if dimension is not None:
        field = sketch.catalogue.manifest.dimensions[plain(dimension)].field
        return field.type == "boolean"
    return sketch.segment(at) is not None


def _is_more(sketch: Sketch, at: int, run: ValueRun) -> bool:
    """Members of several dimensions, another metric, groups or a rank: more than one part."""
    dimensions = {value.dimension for _, value in run.values}
    before = {sketch.metric(place) for place in range(at)}
    behind = (sketch.metric(place) for place in range(run.last + 1, len(sketch.tokens)))
    others = any(metric is not None and metric not in before for metric in behind)
    grouped = any(sketch.word(place, "group") == "each" for place in range(at))
    return len(dimensions) > 1 or others or grouped or run.alternative


def _show(sketch: Sketch, run: ValueRun) -> None:
    """One member has its place among all; of several the whole dimension is listed."""
    dimension = run.values[0][1].dimension
    for place in range(run.values[0][0], run.last + 1):
        sketch.own(place, "focus", sketch.label(place))
    following = run.last + 1
    if sketch.is_cue(following, run.values[-1][1]):
        sketch.own_cue(following, "focus", run.values[-1][1])
        following += 1
    if sketch.word(following, "noun"):
        sketch.own(following, "focus")
    dimension = sketch.paths.get(dimension, dimension)
    sketch.add_group(run.values[0][0], DimensionGroup(dimension))
    if len(run.values) == 1:
        sketch.focus = Focus(dimension, str(run.values[0][1].value))
    else:
        label = sketch.catalogue.dimension_label(dimension)
        sketch.assume("group_by", f"总数和各{label}一起列出")
