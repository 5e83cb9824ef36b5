"""存款和贷款差多少: one number held against another; of two members both are shown."""

from __future__ import annotations

from assistant.language.assemble.arithmetic import combine
from assistant.language.assemble.sketch import Sketch
from assistant.language.periods_text import DAY_WORDS
from assistant.language.time import TimeToken
from assistant.language.tokens import MetricName, ValueName

GAPS = ("差", "相差", "多", "少", "高", "低")
FALLING = ("少", "低")
JOINTS = ("conj", "against")


def differences(sketch: Sketch) -> None:
    """The words of a gap, where two metrics or two members stand beside it and no two times."""
    for at in sketch.indices("delta"):
        is_gap = sketch.word(at, "delta") in ("diff", "points", "rate", "fall_rate")
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
            sketch.assume("compare", f"{'、'.join(words)}并列,两者之差见第一句", 0.97)
            if len(words) > 2:
                sketch.fault(
                    "ambiguous_phrase", f"“{sketch.label(at)}”是哪两个之差不清楚,请分开问。",
                    sketch.label(at), "compare",
                )  # fmt: skip
        else:
            _against_a_member(sketch)
    _times_as_much(sketch)


def _times_as_much(sketch: Sketch) -> None:
    """机构客户的佣金是个人客户的几倍: the two are listed, 是 only holds them together."""
    for at in sketch.indices("times_as_much"):
        words = () if _compares_times(sketch) else _members(sketch)
        places = [place for place in range(at) if sketch.find(place, ValueName)]
        if len(words) != 2 or len(places) < 2:
            continue
        for place in range(places[0] + 1, places[-1]):
            if sketch.word(place, "equals"):
                sketch.own(place, "group_by")
        sketch.assume("compare", f"{'、'.join(words)}并列,两数相除就是倍数", 0.97)


def _against_a_member(sketch: Sketch) -> None:
    """手机银行登录比柜面多多少: what is held against the member is of another kind."""
    for at in sketch.indices("against"):
        value = sketch.find(sketch.after(at), ValueName)
        if value is not None:
            label = sketch.catalogue.value_label(value)
            sketch.fault(
                "ambiguous_phrase", f"与“{label}”比的是什么不清楚,请写明。", label, "compare"
            )


def _compares_times(sketch: Sketch) -> bool:
    """较上月差多少, 今年和去年差多少."""
    times = (sketch.find(at, TimeToken) for at in range(len(sketch.tokens)))
    spans = [span for time in times if time for span in time.spans or ()]
    after = (sketch.after(at, frozenset({"filler"})) for at in sketch.indices("against"))
    held = any((time := sketch.find(at, TimeToken)) and not time.days for at in after)
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


def _members(sketch: Sketch) -> tuple[str, ...]:
    """The members of one dimension that are told side by side."""
    found: dict[str, dict[str, None]] = {}
    for at in range(len(sketch.tokens)):
        value = sketch.find(at, ValueName)
        beside = sketch.tokens[at + 1].word("noun") if at + 1 < len(sketch.tokens) else None
        if value is None or sketch.has("exclude"):
            continue
        if beside or not value.weak:
            found.setdefault(value.dimension, {})[sketch.catalogue.value_label(value)] = None
    listed = next((tuple(names) for names in found.values() if len(names) > 1), ())
    return listed or _kinds_of_days(sketch)


def _kinds_of_days(sketch: Sketch) -> tuple[str, ...]:
    """工作日比周末多多少: told side by side like members."""
    times = (sketch.find(at, TimeToken) for at in range(len(sketch.tokens)))
    kinds = dict.fromkeys(DAY_WORDS[time.days] for time in times if time and time.days)
    return tuple(kinds) if len(kinds) > 1 else ()
