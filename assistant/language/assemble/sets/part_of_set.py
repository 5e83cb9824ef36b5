"""持有理财的客户占比, 女性客户中有贷款的占比: the set against those among whom it is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assistant.language.assemble.sets.heads import INSIDE, names_people
from assistant.language.assemble.sketch import OF_ALL, Owner, Sketch, Whole
from assistant.language.assemble.together import APART
from assistant.language.assemble.wholes import is_place
from assistant.language.predicate_text import predicate_text
from assistant.language.tokens import MetricName, plain
from semantic_layer.query import (
    Condition,
    DimensionGroup,
    Membership,
    MetricRef,
    Predicate,
    SegmentCondition,
    Share,
)

COUNTS = frozenset({"户", "人"})
EACH_OF_ALL = "暂不支持按条件选出来的各自占全部的比例,可以问它们合起来占多少。"
TWO_SCOPES = "暂不支持分子、分母的范围不同的占比,请分开问。"
BESIDE = frozenset({"share", "group_by", "order", "limit", "period"})
"""Slots behind 占 that say nothing of the whole."""
SOFT = frozenset({"share", "ask", "filler", "of", "break", "equals", "chart", "scope", "which"})
Named = Literal["everybody", "nothing", "something"]


def part_of_set(sketch: Sketch) -> None:
    """The share of a set is of the same figure without the set."""
    _two_counts(sketch)
    sets = [p for p in sketch.where if isinstance(p, Membership) and p.set.label is None]
    others = [p for p in sketch.where if p not in sets]
    if sketch.share is None or not (sets or any(isinstance(p, SegmentCondition) for p in others)):
        return
    _taken_together(sketch, sets)
    whole = _named(sketch)
    if whole == "something" or (others and not sets and len(others) > 1):
        sketch.fault("unsupported", TWO_SCOPES, "分子分母范围不同")
    if not sets or not others:
        sketch.share = Share("unfiltered")
        return
    _among(sketch, Share("unfiltered", entity=sets[0].set.entity), others, whole)


def _taken_together(sketch: Sketch, sets: Sequence[Membership]) -> None:
    """AUM前10名的支行存款占全行多少: all ten of it, each one is the whole of itself."""
    chosen = {part.set.entity for part in sets}
    groups = [
        known
        for known in sketch.groups
        if isinstance(known.group, DimensionGroup) and known.group.dimension in chosen
    ]
    if groups and any(token.text.startswith(APART) for token in sketch.tokens if not token.names):
        sketch.fault("unsupported", EACH_OF_ALL, "圈选的各自占比")
    for known in groups:
        sketch.groups.remove(known)


def _among(sketch: Sketch, own: Share, others: Sequence[Predicate], whole: Named) -> None:
    """With more conditions the words must say which of them make up the whole."""
    inside = _inside(sketch)
    behind = range(inside, len(sketch.tokens)) if inside else range(0)
    places = all(isinstance(p, Condition) and is_place(sketch, plain(p.dimension)) for p in others)
    if whole == "nothing" and inside and sketch.told.isdisjoint(behind):
        return  # 有贷款的客户中女性占比
    if whole == "nothing" and (places or (inside and not _conditions(sketch, behind))):
        sketch.share = own
    elif whole == "everybody" and not inside and (not places or _says_all(sketch)):
        sketch.share = Share("unfiltered")
    elif whole == "nothing" and not inside and all(isinstance(p, Membership) for p in others):
        sketch.share = own  # 有贷款没有存款的客户占有贷款的客户的比例
    elif not inside and (places or whole == "nothing"):
        rest = "、".join(predicate_text(p, sketch.catalogue.manifest) for p in others)
        sketch.share = own
        sketch.wholes = [Whole(f"分母限{rest}", own), Whole("分母不加条件", Share("unfiltered"))]
        sketch.ask("占比的分母不清楚,请选择。", at="share")
    else:
        sketch.fault("unsupported", TWO_SCOPES, "分子分母范围不同")


def _inside(sketch: Sketch) -> int:
    """女性客户中, 有贷款的客户里: behind the noun stand those who are looked for; 0 without."""
    places = range(1, len(sketch.tokens))
    found = (i for i in places if sketch.label(i) in INSIDE and names_people(sketch, i - 1))
    return next(found, 0)


def _conditions(sketch: Sketch, places: range) -> bool:
    """Whether a member or an attribute is told there."""
    owners = (sketch.owners.get(at) for at in places if at not in sketch.told)
    return any(owner is not None and owner.slot == "where" and owner.meaning for owner in owners)


def _named(sketch: Sketch) -> Named:
    """What 占 is said of: 全部客户, 全部AUM; 占流失客户多少 is something else."""
    verb = next((at for at, args in enumerate(sketch.args) if args.get("share") == "verb"), None)
    if verb is None:
        return "nothing"
    found: Named = "nothing"
    for at in range(verb + 1, len(sketch.tokens)):
        owner = sketch.owners.get(at)
        told = at in sketch.told or sketch.before(at) in sketch.told
        if told or (owner is not None and owner.slot in BESIDE):
            continue
        if _is_everybody(sketch, at, owner):
            found = "everybody"
        elif SOFT.isdisjoint(sketch.args[at]) or _noun(sketch, at):
            return "something"
    return found


def _is_everybody(sketch: Sketch, at: int, owner: Owner | None) -> bool:
    """全部客户 of a number of customers, the same figure again, or 全行."""
    if owner is not None and owner.meaning.startswith("分母"):
        return True
    noun = _noun(sketch, at)
    if noun is not None:
        return _counts_all(sketch, noun)
    return "scope" in sketch.args[at] and OF_ALL.search(sketch.label(at)) is not None


def _noun(sketch: Sketch, at: int) -> str | None:
    return next((noun for noun in sketch.catalogue.entities if noun in sketch.label(at)), None)


def _counts_all(sketch: Sketch, noun: str) -> bool:
    """Whether the figure is the number of all of them."""
    names = sketch.catalogue.lexicon.names.get(f"{noun}数", ())
    every = [MetricRef(name.metric) for name in names if isinstance(name, MetricName)]
    return [measure for _, measure in sketch.measures] == every[:1]


def _says_all(sketch: Sketch) -> bool:
    return any(OF_ALL.match(token.text) for token in sketch.tokens)


def _two_counts(sketch: Sketch) -> None:
    """私行客户在流失客户里占多少: a number at a point is no part of what happened over time."""
    if not any(args.get("share") == "verb" for args in sketch.args):
        return
    names = [n for t in sketch.tokens for n in t.names if isinstance(n, MetricName)]
    metrics = list(dict.fromkeys(name.metric for name in names))
    if len(metrics) != 2:
        return
    known = [sketch.catalogue.metric(metric) for metric in metrics]
    stocks = {sketch.catalogue.is_stock(metric) for metric in metrics}
    if all(metric.unit in COUNTS for metric in known) and len(stocks) == 2:
        sketch.fault(
            "unsupported",
            f"“{known[0].label}”是时点数,“{known[1].label}”是发生数,不能相除;"
            f"可以按客户等级等维度问“{known[1].label}”的占比。"
            if sketch.catalogue.is_stock(metrics[0])
            else f"“{known[1].label}”是时点数,“{known[0].label}”是发生数,不能相除;"
            f"可以按客户等级等维度问“{known[0].label}”的占比。",
            "分子分母范围不同",
        )  # fmt: skip
