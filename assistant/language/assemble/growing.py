"""连续三个月存款增长的分行, 哪些支行不良率连续两个季度上升: each period above the one before."""

from __future__ import annotations

from assistant.language.assemble.sketch import SOFT, Compared, Sketch
from assistant.language.deeds import Run
from assistant.language.time import TimeToken
from assistant.language.tokens import plain
from semantic_layer.query import (
    And,
    ChangeCondition,
    DimensionGroup,
    Membership,
    Period,
    Predicate,
    Relative,
    Set,
    Show,
    Unit,
)

UNITS: dict[str, Unit] = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}
MOST = 12
BESIDE = SOFT | {"throughout"}


def growing(sketch: Sketch) -> None:
    """Members whose figure rose, or fell, in each of the last whole periods."""
    if any(isinstance(m, TimeToken) and m.spans for t in sketch.tokens for m in t.meanings):
        return
    for at in range(len(sketch.tokens)):
        run = sketch.find(at, Run)
        if run is None or run.unit not in UNITS or run.count > MOST:
            continue
        metric = _metric(sketch, at)
        move = next((i for i in sketch.indices("delta") if i > at), None)
        if metric is None or move is None or sketch.word(move, "delta") not in ("up", "down"):
            continue
        dimension = _members(sketch, move)
        if dimension is not None and _is_all(sketch, at, move, metric):
            _keep(sketch, run, (at, metric, move), dimension)


def _metric(sketch: Sketch, at: int) -> int | None:
    """The metric right behind the run, or right before it."""
    before = sketch.before(at, BESIDE)
    if sketch.word(before, "base") == "mom":
        before = sketch.before(before, BESIDE)
    for place in (sketch.after(at, BESIDE), before):
        if 0 <= place < len(sketch.tokens) and sketch.metric(place):
            return place
    return None


def _members(sketch: Sketch, move: int) -> int | None:
    """The dimension behind 增长的, or the one that 哪些 asks for."""
    behind = sketch.after(move)
    places = [behind, *(i + 1 for i in sketch.indices("which")), *_before_which(sketch)]
    for place in places:
        dimension = sketch.dimension(place)
        if dimension is None:
            continue
        field = sketch.catalogue.manifest.dimensions[plain(dimension)].field
        if field.type not in ("number", "boolean"):
            return place
    return None


def _before_which(sketch: Sketch) -> list[int]:
    return [sketch.before(i) for i in sketch.indices("which")]


def _is_all(sketch: Sketch, at: int, move: int, metric: int) -> bool:
    """Nothing but 环比 stands between; 同比 over several periods is another question."""
    between = set(range(min(at, metric) + 1, move)) - {at, metric}
    return all(
        sketch.word(i, "base") == "mom"
        or any(sketch.word(i, role) for role in ("filler", "of", "throughout", "break"))
        for i in between
    )


def _keep(sketch: Sketch, run: Run, places: tuple[int, int, int], members: int) -> None:
    at, metric_at, move = places
    metric, dimension = sketch.metric(metric_at), sketch.dimension(members)
    assert metric is not None
    assert dimension is not None
    show: Show = "pp" if sketch.catalogue.is_rate(metric) else "diff"
    falls = sketch.word(move, "delta") == "down"
    leaves: list[Predicate] = [
        ChangeCondition(
            metric, "mom", show, "lt" if falls else "gt", 0,
            Period((Relative(UNITS[run.unit], -back),)),
        )
        for back in range(1, run.count + 1)
    ]  # fmt: skip
    label = f"{sketch.label(at)}{sketch.label(move)}"
    for place in range(min(at, metric_at), move + 1):
        if place != metric_at:
            sketch.own(place, "where", label)
    sketch.own(members, "group_by", f"按{sketch.catalogue.dimension_label(dimension)}")
    sketch.add_group(members, DimensionGroup(dimension))
    known = sketch.catalogue.metric(metric).label
    rises = "上升" if show == "pp" else "增长"
    said = f"{sketch.label(at)}{known}{'下降' if falls else rises}"
    kind = sketch.catalogue.dimension_label(dimension)
    sketch.where.append(Membership(Set(dimension, And(tuple(leaves)), f"{said}的{kind}")))
    sketch.compared.append(Compared("mom"))
    token, last = sketch.tokens[at], Relative(UNITS[run.unit], -1)
    sketch.times.append((at, TimeToken(token.start, token.end, token.text, "period", (last,))))
    sketch.assume("where", f"“{label}”按每期都{'低' if falls else '高'}于上一期计", 0.97)
