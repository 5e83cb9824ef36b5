"""存款和贷款差多少, 银川分行和固原分行存款差多少: one number held against another."""

from __future__ import annotations

from assistant.language.assemble.arithmetic import combine
from assistant.language.assemble.sketch import Sketch
from assistant.language.time import TimeToken
from assistant.language.tokens import MetricName, ValueName

GAPS = ("差", "相差", "多", "少", "高", "低")
FALLING = ("少", "低")
JOINTS = ("conj", "against")


def differences(sketch: Sketch) -> None:
    """The words of a gap, where two metrics or two members stand beside it and no two times."""
    for at in sketch.indices("delta"):
        is_gap = sketch.word(at, "delta") in ("diff", "points")
        if not is_gap or not sketch.label(at).startswith(GAPS) or _compares_times(sketch):
            continue
        pair = _two_metrics(sketch)
        if pair is not None:
            left, joint, right = pair
            if sketch.label(at).startswith(FALLING):
                left, right = right, left
            combine(sketch, "-", (left, joint, right), at)
        elif words := _members(sketch):
            sketch.own(at, "group_by", "并列")
            sketch.ask(f"暂不支持算出{words}之差,可以把它们的数并列看。", words, "compare")
            sketch.offer = f"并列看{words}"


def _compares_times(sketch: Sketch) -> bool:
    """较上月差多少, 今年和去年差多少."""
    times = (sketch.find(at, TimeToken) for at in range(len(sketch.tokens)))
    spans = [span for time in times if time for span in time.spans or ()]
    held = any(
        sketch.find(sketch.after(at, frozenset({"filler"})), TimeToken)
        for at in sketch.indices("against")
    )
    return sketch.has("base") or sketch.has("average") or held or len(spans) > 1


def _two_metrics(sketch: Sketch) -> tuple[int, int, int] | None:
    """The only two metrics, of one unit, with 和 or 比 between them."""
    places = [at for at in range(len(sketch.tokens)) if sketch.find(at, MetricName)]
    if len(places) != 2 or any(sketch.has(role) for role in ("share", "sort", "extreme")):
        return None
    left, right = places
    joint = sketch.after(left)
    joined = any(sketch.word(joint, role) for role in JOINTS)
    names = [sketch.metric(at) for at in places]
    if not joined or sketch.after(joint) != right or names[0] == names[1]:
        return None
    units = {sketch.catalogue.metric(name).unit for name in names if name}
    return (left, joint, right) if len(units) == 1 else None


def _members(sketch: Sketch) -> str:
    """The members of one dimension that are told side by side."""
    found: dict[str, dict[str, None]] = {}
    for at in range(len(sketch.tokens)):
        value = sketch.find(at, ValueName)
        if value is not None and not value.weak and not sketch.has("exclude"):
            found.setdefault(value.dimension, {})[sketch.catalogue.value_label(value)] = None
    return next(("、".join(names) for names in found.values() if len(names) > 1), "")
