"""Full accounting: every token has an owner, or is a word that changes nothing."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.deeds import Deed, Run
from assistant.language.number import ComparatorToken, NumberRange, NumberToken
from assistant.language.time import GrainToken, TimeToken
from assistant.language.tokens import (
    DimensionName,
    MetricName,
    Rank,
    SegmentName,
    SensitiveName,
    SpokenMetric,
    SpokenVerb,
    Token,
    ValueName,
)
from semantic_layer.problem import Problem
from semantic_layer.query import Condition

HARMLESS = ("filler", "of", "break", "chart")
MEMBERS = frozenset({"家", "个", "位", "名", "种", "款", "只"})
COUNTERS = {
    "户": "户人个", "人": "户人", "位": "户人", "名": "户人", "笔": "笔", "件": "件单", "张": "张",
    "次": "次笔", "条": "条", "家": "家", "天": "天", "场": "场次个",
    "单": "单件笔", "起": "起件宗", "宗": "宗件笔", "例": "例件", "台": "台辆", "辆": "辆台",
    "套": "套", "份": "份件", "只": "只",
}  # fmt: skip
GROUP_COUNTERS = "家个只"
"""What members of a dimension are counted in."""
AFTER_WHICH_PLACE = frozenset({"period", "where", "group_by", "filler", "measures"})
SHOWN_TOGETHER = frozenset({"measures", "share", "compare", "order", "limit"})
MONEY = ("钱", "元")
LENIENT = frozenset({"、", "+", "并", "同时"})
"""They also separate words that were merely listed."""
URGENCY = {"sensitive_field": 0, "unsupported": 0, "unknown_term": 1}
"""Which of several problems is told."""


def leftovers(sketch: Sketch) -> tuple[Problem, ...]:
    """What nobody owns and nobody may drop, gaps first."""
    found = []
    for at, token in enumerate(sketch.tokens):
        if at in sketch.owners:
            continue
        if token.is_gap:
            found.append(Problem("unknown_term", f"没有读懂“{token.text}”。", subject=token.text))
        elif not _is_harmless(sketch, at, token):
            found.append(_told(sketch, at, token))
        else:
            sketch.own(at, "filler")
    return tuple(sorted(found, key=lambda problem: URGENCY.get(problem.code, 2)))


def _told(sketch: Sketch, at: int, token: Token) -> Problem:
    if _asks_what_is_new(sketch, token):
        return _newly(token)
    if token.word("ask") == "count" and not sketch.measures:
        message = f"“{token.text}”数的是什么没有说,请选择或写明。"
        return Problem("missing_metric", message, "measures")
    return _never(sketch, at) or _problem(token)


def _never(sketch: Sketch, at: int) -> Problem | None:
    """大于100万且小于50万 is no amount at all."""
    first, second = at - 1, at + 1
    if not (0 < at < len(sketch.tokens) - 1 and sketch.word(at, "link")):
        return None
    both = [_range(sketch.tokens[first]), _range(sketch.tokens[second])]
    if both[0] is None or both[1] is None or both[0].unit != both[1].unit:
        return None
    limits = (*both[0].limits, *both[1].limits)
    low = max((value for op, value in limits if op in ("gt", "ge")), default=None)
    high = min((value for op, value in limits if op in ("lt", "le")), default=None)
    if low is None or high is None or low < high:
        return None
    words = "".join(sketch.label(i) for i in range(first, second + 1))
    message = f"“{words}”不能同时成立,请检查上下限。"
    return Problem("contradictory_filter", message, "where", words)


def _range(token: Token) -> NumberRange | None:
    return next((m.range for m in token.meanings if isinstance(m, ComparatorToken)), None)


def _asks_what_is_new(sketch: Sketch, token: Token) -> bool:
    return token.word("delta") == "new" and not sketch.measures


def _newly(token: Token) -> Problem:
    """上个月新增了多少: of what is not said."""
    message = f"“{token.text}”的是什么没有说,请选择或写明。"
    return Problem("missing_metric", message, "measures", token.text)


def _is_harmless(sketch: Sketch, at: int, token: Token) -> bool:
    if token.word("filler") == "after_time":
        return _follows(sketch, at, AFTER_WHICH_PLACE)
    if token.word("filler") == "after_value":
        return _follows(sketch, at, frozenset({"where"}))
    if any(token.word(role) for role in HARMLESS):
        return True
    if token.word("prep"):
        following = sketch.after(at)
        return following < len(sketch.tokens) and "chart" in sketch.args[following]
    if token.word("conj"):
        return token.text in LENIENT or _joins_alike(sketch, at)
    if token.word("scope"):
        return True
    if kind := token.word("ask"):
        if token.text.endswith(MONEY):
            return not sketch.metric_ids or _is_of_money(sketch)
        return kind == "amount" or _counts(sketch, token) or _counts_firms(sketch, at)
    if token.word("which"):
        return bool(sketch.groups or sketch.measures)
    if token.word("exist"):
        return bool(sketch.having)
    return _counts_the_named(sketch, at) or _is_redundant(sketch, at, token)


def _counts_the_named(sketch: Sketch, at: int) -> bool:
    """北京上海两家分行: as many as were named right before."""
    number = sketch.find(at, NumberToken)
    before = sketch.owners.get(at - 1)
    if number is None or before is None or before.slot != "where":
        return False
    named = (len(c.values) for c in sketch.where if isinstance(c, Condition) and c.op == "in")
    return number.unit in MEMBERS and number.value in {count for count in named if count > 1}


def _is_of_money(sketch: Sketch) -> bool:
    """代发多少户,多少钱 asks for an amount of money beside the number."""
    return any(sketch.catalogue.metric(metric).unit == "CNY" for metric in sketch.metric_ids)


def _is_redundant(sketch: Sketch, at: int, token: Token) -> bool:
    if token.word("total"):
        return len(_spans(sketch)) < 2
    if token.word("distinct"):
        return all(_is_distinct(sketch, metric) for metric in sketch.metric_ids)
    if token.word("each_own"):
        several = (sketch.measures, _spans(sketch), sketch.compared)
        return bool(sketch.groups) or any(len(found) > 1 for found in several)
    if token.word("noun") or token.word("head"):
        return _is_attached(sketch, at)
    if token.word("contrast"):
        side_by_side = bool(sketch.groups) and len(token.text) > 1
        days = {time.days for _, time in sketch.times if time.days}
        return bool(sketch.compared) or len(_spans(sketch)) > 1 or side_by_side or len(days) > 1
    return bool(token.word("equals")) and _between_owned(sketch, at)


def _follows(sketch: Sketch, at: int, slots: frozenset[str]) -> bool:
    """上海分行里, 上个月中: a word of place says something only after a name."""
    owner = sketch.owners.get(sketch.before(at))
    return owner is not None and owner.slot in slots


def _joins_alike(sketch: Sketch, at: int) -> bool:
    """和 joins like with like: two metrics, two groups, a metric and its share."""
    left = sketch.owners.get(sketch.before(at))
    right = sketch.owners.get(sketch.after(at))
    if left is None or right is None:
        return False
    if (left.slot, right.slot) == ("measures", "group_by"):
        return sketch.share is not None
    return left.slot == right.slot or {left.slot, right.slot} <= SHOWN_TOGETHER


def _spans(sketch: Sketch) -> list[object]:
    return [span for _, time in sketch.times for span in time.spans or ()]


def _between_owned(sketch: Sketch, at: int) -> bool:
    left, right = sketch.before(at), sketch.after(at)
    return left in sketch.owners and right in sketch.owners


def _counts(sketch: Sketch, token: Token) -> bool:
    """有多少笔 asks for a count of that kind, not for an amount."""
    counter = token.text.rstrip("呢了")[-1]
    if counter in GROUP_COUNTERS and sketch.having:
        return counts_groups(sketch)
    fitting = COUNTERS.get(counter)
    if fitting is None:
        return True
    units = {sketch.catalogue.metric(metric).unit for metric in sketch.metric_ids}
    return bool(units) and all(unit in fitting for unit in units)


def _counts_firms(sketch: Sketch, at: int) -> bool:
    """团体客户有多少家: right behind the noun of those who are counted 家 is as good as 户."""
    before = sketch.before(at)
    behind_noun = before >= 0 and sketch.tokens[before].word("noun") is not None
    units = {sketch.catalogue.metric(metric).unit for metric in sketch.metric_ids}
    is_firms = sketch.label(at).rstrip("呢了").endswith("家") and not sketch.groups
    return is_firms and behind_noun and bool(units) and units <= {"户", "人"}


def counts_groups(sketch: Sketch) -> bool:
    """不良率高于2%的支行有几家: the answer lists them and says how many there are."""
    shaped = sketch.ranked or sketch.share or sketch.trend or sketch.focus
    return len(sketch.groups) == 1 and bool(sketch.having) and not shaped


def _is_distinct(sketch: Sketch, metric: str) -> bool:
    return getattr(sketch.catalogue.metric(metric).definition, "agg", "") == "distinct"


def _is_attached(sketch: Sketch, at: int) -> bool:
    """客户 beside a value, a group or a metric about customers only names what is counted."""
    before = sketch.before(at)
    if before not in sketch.owners:
        return _is_whose(sketch, at)
    return _is_whose(sketch, at) or sketch.owners[before].slot in (
        "where",
        "group_by",
        "limit",
        "order",
    )


def _is_whose(sketch: Sketch, at: int) -> bool:
    """客户的户均AUM: every figure is of those people; 客户存款前十 would rank them."""
    owner = sketch.owners.get(sketch.after(at))
    if owner is None or owner.slot != "measures" or sketch.ranked or sketch.has("which"):
        return False
    label = sketch.label(at)
    return label in sketch.catalogue.entities or label in sketch.catalogue.lexicon.people


def _problem(token: Token) -> Problem:
    text = token.text
    for meaning in token.meanings:
        if isinstance(meaning, Deed | Run):
            return _of_nobody(token, meaning)
        if isinstance(meaning, TimeToken):
            return Problem("ambiguous_time", f"“{text}”指哪一段时间不清楚,请写明。", subject=text)
        if isinstance(meaning, ComparatorToken | NumberToken):
            return Problem(
                "unattached_condition", f"“{text}”限定的是哪个指标不清楚,请写在指标后面。",
                subject=text,
            )  # fmt: skip
        if isinstance(meaning, MetricName | DimensionName | ValueName | SegmentName | GrainToken):
            return Problem("unattached_condition", f"“{text}”用在哪里不清楚。", subject=text)
        if isinstance(meaning, SensitiveName):
            return Problem("sensitive_field", f"{meaning.label}属于敏感信息。", subject=text)
        if isinstance(meaning, SpokenVerb):
            return Problem(
                "unknown_metric", f"没有这样说的口径(“{text}”),请写出指标的名字。", subject=text
            )
        if isinstance(meaning, SpokenMetric):
            return Problem("ambiguous_phrase", f"“{text}”要看什么不清楚,请写明多少。", subject=text)
        if isinstance(meaning, Rank):
            return Problem("ambiguous_phrase", f"“{text}”是对什么排名不清楚。", subject=text)
    return _word_problem(token)


def _of_nobody(token: Token, meaning: Deed | Run) -> Problem:
    """A condition on people that the rest of the question does not take up."""
    if isinstance(meaning, Run):
        message = f"暂不支持“{token.text}”的这种条件,可以问“{token.text}都大于…”或“有…”。"
        return Problem("unsupported", message, subject="连续几期的条件")
    return Problem(
        "unattached_condition",
        f"“{token.text}”说的是谁、要看什么不清楚,请写成“{token.text}的客户数”这样。",
        subject=token.text,
    )


def _word_problem(token: Token) -> Problem:
    text = token.text
    if capability := token.word("unsupported"):
        return Problem(
            "unsupported", f"暂不支持{capability}(“{text}”)。", subject=capability
        )  # fmt: skip
    if token.word("ask") == "count" and text.rstrip("呢了")[-1] in GROUP_COUNTERS:
        return Problem(
            "unsupported", f"暂不支持数符合条件的有几个(“{text}”),可以改问“有哪些”。",
            subject="符合条件的个数",
        )  # fmt: skip
    if token.word("vague"):
        return Problem("vague_term", f"“{text}”没有统一口径,请写明标准。", subject=text)
    if token.word("approx"):
        return Problem("unattached_condition", f"“{text}”是约数,请写明上限和下限。", subject=text)
    if (stat := token.word("stat")) == "median":
        return Problem("unsupported", f"暂不支持逐户或逐个机构的{text}。", subject="分位数")
    if stat:
        return Problem(
            "unsupported", f"暂不支持期间内的{text}。", subject="期间内的最大、最小、中位数"
        )
    return Problem("ambiguous_phrase", f"“{text}”在这里的意思不清楚,请换个说法。", subject=text)
