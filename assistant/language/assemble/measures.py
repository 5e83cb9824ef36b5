"""The metrics asked for, in the asker's order."""

from __future__ import annotations

import itertools
import re

from assistant.language.assemble.implied import UNSAID, implied
from assistant.language.assemble.sketch import Owner, Sketch
from assistant.language.time import TimeToken
from assistant.language.tokens import DimensionName, MetricName, Token, ValueName, plain
from semantic_layer.model import Dataset
from semantic_layer.query import (
    Condition,
    Measure,
    Membership,
    MetricRef,
    Predicate,
    SegmentCondition,
)

COUNTING = (
    "ask", "either", "each_own", "share", "spread", "trend", "extreme", "delta", "base", "sort",
)  # fmt: skip
SEPARATING = ("conj", "break", "ask", "against", "contrast")
ASKS = re.compile("(?:多少|几).?$")


def measures(sketch: Sketch) -> None:
    """Every free metric is asked for; two must be told apart by 和, 、 or a comma."""
    for at in range(len(sketch.tokens)):
        metric = sketch.metric(at)
        if metric is None:
            continue
        label = sketch.catalogue.metric(metric).label
        sketch.own(at, "measures", f"指标 {label}")
        sketch.measures.append((at, MetricRef(metric)))
        _own_head(sketch, at)
    if not sketch.measures:
        _implied_count(sketch)
    if not sketch.measures:
        implied(sketch)
    sketch.measures.sort(key=lambda pair: pair[0])
    _separated(sketch)
    _joined_alike(sketch)
    _not_another_metric(sketch)
    _apply_to_all(sketch)
    _grown_together(sketch)
    sketch.mentions = list(sketch.measures)
    _drop_repeats(sketch)


def _own_head(sketch: Sketch, at: int) -> None:
    """月活用户数, 销售额金额: a noun that only repeats what the metric counts."""
    metric = sketch.metric_ids[-1]
    head = sketch.word(at + 1, "head")
    if head is None or sketch.metric(at + 1):
        return
    if head in ("any", sketch.catalogue.metric(metric).unit):
        sketch.own(at + 1, "measures")


def _implied_count(sketch: Sketch) -> None:
    """私行客户有多少: a noun that is counted stands for its number, 客户 for 客户数."""
    if not (_counts_somebody(sketch) or _is_all_that_is_said(sketch)):
        return
    for at in reversed(range(len(sketch.tokens))):
        token = sketch.tokens[at]
        owner = sketch.owners.get(at)
        if not token.word("noun") or (owner and owner.slot != "where"):
            continue
        names = sketch.catalogue.lexicon.names.get(f"{token.text}数", ())
        metrics = [name.metric for name in names if isinstance(name, MetricName)]
        if len(metrics) == 1:
            label = sketch.catalogue.metric(metrics[0]).label
            sketch.owners[at] = Owner("measures", f"指标 {label}")
            sketch.measures.append((at, MetricRef(metrics[0])))
            return
    _counted_entity(sketch)


def _counts_somebody(sketch: Sketch) -> bool:
    """…的客户有多少, …的客户都在哪些分行."""
    if any(sketch.has(role) for role in COUNTING):
        return True
    dimensions = {at - 1 for at, t in enumerate(sketch.tokens) if _names_dimension(t)}
    return bool(dimensions & set(sketch.places.get("which", ())))


def _names_dimension(token: Token) -> bool:
    return any(isinstance(name, DimensionName) for name in token.names)


def _is_all_that_is_said(sketch: Sketch) -> bool:
    """又有理财又有基金的客户: conditions and the noun, and no word that wants them listed."""
    verbs = any(args.get("filler") in ("verb", "thing") for args in sketch.args)
    if verbs or sketch.has("which") or sketch.ranked or sketch.groups:
        return False
    if not any(isinstance(part, Membership) for part in sketch.where):
        return False
    last = sketch.before(len(sketch.tokens))
    if last < 0 or not sketch.tokens[last].word("noun"):
        return False
    sketch.assume("measures", f"没有说看什么,按{sketch.label(last)}数", 0.9)
    return True


def _counted_entity(sketch: Sketch) -> None:
    """男性占比, 农村客户有多少户: members of an entity that are counted count the entity."""
    asked = any(args.get("ask") == "count" for args in sketch.args)
    named = any(
        noun in sketch.label(at)
        for at, owner in sketch.owners.items()
        if owner.slot == "where"
        for noun in sketch.catalogue.entities
    )
    if not (sketch.has("share") or asked or (named and sketch.has("ask"))):
        return
    for condition in sketch.where:
        home = _home(sketch, condition)
        if home is None:
            continue
        names = sketch.catalogue.lexicon.names.get(f"{home.label}数", ())
        metrics = [name.metric for name in names if isinstance(name, MetricName)]
        if home.entity and len(metrics) == 1:
            label = sketch.catalogue.metric(metrics[0]).label
            sketch.measures.append((-1, MetricRef(metrics[0])))
            sketch.assume("measures", f"{UNSAID},按{label}", 0.9)
            return


def _home(sketch: Sketch, condition: Predicate) -> Dataset | None:
    """The table of the entities that a condition is about."""
    manifest = sketch.catalogue.manifest
    if isinstance(condition, Condition):
        return manifest.datasets[manifest.dimensions[plain(condition.dimension)].home]
    if isinstance(condition, SegmentCondition):
        entity = manifest.segments[condition.segment].entity
        labels = [label for label, known in sketch.catalogue.entities.items() if known == entity]
        return next((d for d in manifest.datasets.values() if d.label in labels), None)
    return None


def _separated(sketch: Sketch) -> None:
    places = [] if sketch.held else [at for at, _ in sketch.measures]
    for left, right in itertools.pairwise(places):
        if left == right:
            continue  # 私行客户多少,占客户多少
        between = range(left + 1, right)
        separated = any(sketch.tokens[i].word(role) for i in between for role in SEPARATING)
        letter = right == left + 1 and len(sketch.label(left)) == 1
        anew = sketch.label(right).startswith(("多少", "几"))  # 交易了多少笔多少钱
        anew = anew or _are_two_questions(sketch, left, right)
        if letter or anew or (separated and not _asked_between(sketch, right)):
            continue
        if any(owner.slot == "share" for i, owner in sketch.owners.items() if i in between):
            continue
        words = "".join(token.text for token in sketch.tokens[left : right + 1])
        sketch.fault(
            "ambiguous_phrase", f"“{words}”是哪个指标不清楚,请换个说法。", words, "measures"
        )


def _are_two_questions(sketch: Sketch, left: int, right: int) -> bool:
    """开户几户销户几户, 成交多少笔佣金多少."""
    asks = ASKS.search(sketch.label(right)) or sketch.after(right) in sketch.places.get("ask", ())
    return right == left + 1 and bool(ASKS.search(sketch.label(left)) and asks)


def _asked_between(sketch: Sketch, right: int) -> bool:
    """私行客户有多少存款: what stands before 有多少 is whose, not another figure."""
    before = sketch.before(right)
    asked_later = any(token.word("ask") for token in sketch.tokens[right + 1 :])
    if any(sketch.tokens[i].word("break") == "comma" for i in range(before + 1, right)):
        return False  # 卖了多少,赎回了多少
    return bool(sketch.tokens[before].word("ask")) and not asked_later


def _joined_alike(sketch: Sketch) -> None:
    """存款和贷款余额: 和 joins metrics with metrics, never a filter with a metric."""
    places = {at for at, _ in sketch.measures}
    for at, token in enumerate(sketch.tokens):
        if token.word("conj") is None:
            continue
        left, right = sketch.before(at), sketch.after(at)
        slots = [sketch.owners[i].slot for i in (left, right) if i in sketch.owners]
        if sketch.owners.get(at) == Owner("group_by", "并列"):
            continue  # 银川分行不良率与宁波分行相差多少
        if "where" in slots and (left in places or right in places):
            words = "".join(t.text for t in sketch.tokens[left : right + 1])
            sketch.fault("ambiguous_phrase", f"“{words}”并列的不是同一类,请分开问。", words)


def _not_another_metric(sketch: Sketch) -> None:
    """上月流失的私行客户有多少: 流失 may be meant as 流失客户数, a metric of its own."""
    counted = [at for at, _ in sketch.measures if at >= 0 and _ends_in_noun(sketch, at)]
    for at, token in enumerate(sketch.tokens):
        owner = sketch.owners.get(at)
        value = next((n for n in token.names if isinstance(n, ValueName)), None)
        if not counted or value is None or owner is None or owner.slot != "where":
            continue
        for noun in sketch.catalogue.entities:
            for name in sketch.catalogue.lexicon.names.get(f"{token.text}{noun}数", ()):
                if isinstance(name, MetricName) and name.metric not in sketch.metric_ids:
                    label = sketch.catalogue.metric(name.metric).label
                    dimension = sketch.catalogue.dimension_label(value.dimension)
                    sketch.ask(
                        f"“{token.text}”这里是{dimension}的取值;如果要看“{label}”,请直接写出来。",
                        token.text,
                    )


def _ends_in_noun(sketch: Sketch, at: int) -> bool:
    return any(sketch.label(at).endswith(noun) for noun in sketch.catalogue.entities)


def _apply_to_all(sketch: Sketch) -> None:
    """存款余额和上海分行的贷款余额: a filter, group or time between two metrics is no one's."""
    places = [at for at, _ in sketch.measures]
    for left, right in itertools.pairwise(places):
        if sketch.measures[places.index(left)][1] == sketch.measures[places.index(right)][1]:
            continue
        between = range(left + 1, right)
        joined = [i for i in between if sketch.args[i].get("conj") == "and"]
        if not joined:
            continue
        own = [i for i in between if _narrows(sketch, i)]
        whole = [i for i in between if "scope" in sketch.args[i] and sketch.where]
        if own or whole:
            words = "".join(token.text for token in sketch.tokens[left : right + 1])
            sketch.fault("ambiguous_phrase", f"“{words}”里的限定只管一个指标,请分开问。", words)


def _grown_together(sketch: Sketch) -> None:
    """农村客户数和普惠贷款余额: 农村 is one word with the first metric; is it the other's too?"""
    places = [at for at, _ in sketch.measures if at > 0]
    if len(places) < 2 or not any("conj" in args for args in sketch.args):
        return
    nouns = [noun for noun in sketch.catalogue.entities if sketch.label(places[0]).startswith(noun)]
    value = next((n for n in sketch.tokens[places[0] - 1].names if isinstance(n, ValueName)), None)
    owner = sketch.owners.get(places[0] - 1)
    if not nouns or value is None or owner is None or owner.slot != "where":
        return
    home = sketch.catalogue.manifest.dimensions[value.dimension].home
    others = [sketch.label(at) for at in places[1:] if nouns[0] not in sketch.label(at)]
    if others and sketch.catalogue.manifest.datasets[home].lifetime is None:
        said = sketch.label(places[0] - 1)
        whose = said if said.endswith(nouns[0]) else f"{said}{nouns[0]}"
        sketch.fault(
            "ambiguous_phrase",
            f"“{said}”只管“{sketch.label(places[0])}”,还是也管“{'、'.join(others)}”不清楚。"
            f"都管请写“{whose}的{sketch.label(places[0])}和{others[0]}”,不管请分开问。",
            said,
            "where",
        )  # fmt: skip


def _narrows(sketch: Sketch, at: int) -> bool:
    owner = sketch.owners.get(at)
    is_time = any(isinstance(m, TimeToken) for m in sketch.tokens[at].meanings)
    return is_time or (owner is not None and owner.slot in ("where", "group_by"))


def _drop_repeats(sketch: Sketch) -> None:
    seen: list[tuple[int, Measure]] = []
    for pair in sketch.measures:
        if all(pair[1] != known[1] for known in seen):
            seen.append(pair)
    sketch.measures = seen
