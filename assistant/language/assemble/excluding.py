"""除了信用卡, 不含北京和上海: the negation covers every value joined after it."""

from __future__ import annotations

from assistant.language.assemble.runs import ValueRun, value_run
from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import ValueName
from semantic_layer.query import Condition, Value

ENDINGS = ("以外", "之外", "除外")


def excluding(sketch: Sketch) -> None:
    """Values after a word of exclusion are taken out."""
    for at in sketch.indices("exclude"):
        if sketch.word(at, "exclude") != "open":
            continue
        start = sketch.after(at, frozenset({"filler"}))
        if _is_cue(sketch, start):
            start = sketch.after(start, frozenset({"filler", "equals"}))
        run = value_run(sketch, start)
        if run is None:
            continue
        _take_out(sketch, at, _without_rest(sketch, run))
    for at in sketch.indices("exclude"):
        if sketch.label(at).startswith(ENDINGS):
            _closed_only(sketch, at)


def _take_out(sketch: Sketch, at: int, run: ValueRun) -> None:
    for place in range(at, run.last + 1):
        sketch.own(place, "where", "排除")
    _own_tail(sketch, run.last, run.values[-1][1])
    before = sketch.before(at, frozenset({"filler"}))
    if sketch.is_cue(before, run.values[0][1]):
        sketch.own(before, "where", "排除")
    by_dimension: dict[str, list[Value]] = {}
    for _, value in run.values:
        by_dimension.setdefault(value.dimension, []).append(value.value)
    for dimension, values in by_dimension.items():
        sketch.where.append(Condition(dimension, "not_in", tuple(values)))


def _closed_only(sketch: Sketch, at: int) -> None:
    """上海分行和银川分行以外的分行: only the end of the exclusion is said."""
    for start in range(at):
        run = value_run(sketch, start)
        if run is None:
            continue
        last, value = run.last, run.values[-1][1]
        end = last + 1 if sketch.is_cue(last + 1, value) else last
        if end + 1 == at:
            _take_out(sketch, start, run)
            return


def _is_cue(sketch: Sketch, at: int) -> bool:
    """除了渠道为手机银行: the dimension named before its value."""
    dimension = sketch.dimension(at)
    value = sketch.value(sketch.after(at, frozenset({"filler", "equals"})))
    return dimension is not None and value is not None and value.dimension == dimension


def _own_tail(sketch: Sketch, last: int, value: ValueName) -> None:
    """北京分行以外的, 手机银行渠道, 北京和上海的分行."""
    place = last + 1
    if sketch.is_cue(place, value):
        sketch.own(place, "where")
        place += 1
    if sketch.word(place, "exclude") == "close":
        sketch.own(place, "where", "排除")
        place = sketch.after(place, frozenset({"of"}))
        if sketch.is_cue(place, value):
            sketch.own(place, "where")
        else:
            _own_rest(sketch, place, value)
    elif sketch.word(sketch.after(last), "rest"):
        _own_rest(sketch, sketch.after(last), value)
    elif sketch.word(place, "of") and sketch.is_cue(place + 1, value):
        sketch.own(place, "where")
        sketch.own(place + 1, "where")


def _without_rest(sketch: Sketch, run: ValueRun) -> ValueRun:
    """除了北京分行,其他分行: 其他 is no member beside it, whatever is called so."""
    values = list(run.values)
    while len(values) > 1 and "rest" in sketch.args[values[-1][0]]:
        values.pop()
    last = values[-1][0]
    return run._replace(values=tuple(values), joined=tuple(i for i in run.joined if i < last))


def _own_rest(sketch: Sketch, at: int, value: ValueName) -> None:
    """除了银川分行,其他分行: what is left, said again."""
    at = sketch.after(at - 1)
    if sketch.word(at, "rest"):
        sketch.own(at, "where", "排除")
        if sketch.is_cue(at + 1, value):
            sketch.own(at + 1, "where")
