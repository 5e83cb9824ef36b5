"""AUM按10万一档的客户数, 存款0-5万、5-20万、20万以上各多少人: people by a number of theirs."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.bands import Bands
from assistant.language.time import TimeToken
from assistant.language.tokens import MetricName, plain
from semantic_layer.query import BucketGroup, MetricRef

PERSONS = frozenset({"户", "人"})
"""A number of people is nobody's own."""
BESIDE = SOFT | {"group", "noun"}


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is cut, and the kind of those who are counted."""

    at: int
    of: str
    unit: str
    label: str


def bands(sketch: Sketch) -> None:
    """The number named beside the bands is cut; what is not named is counted."""
    for at in range(len(sketch.tokens)):
        said = sketch.find(at, Bands)
        if said is None:
            continue
        subject = _subject(sketch, at)
        entity = _entity(sketch)
        if subject is None or entity is None or not _fits(said, subject):
            continue
        if said.count is not None and not _names_another(sketch, subject.at):
            continue  # 四分位 alone asks for the quartiles themselves
        _check_time(sketch, subject)
        label, name = entity
        sketch.own(at, "group_by", f"按{subject.label}分档")
        sketch.own(subject.at, "group_by", f"按{subject.label}分档")
        _own_between(sketch, subject.at, at)
        before = sketch.before(min(subject.at, at), frozenset({"filler"}))
        if sketch.word(before, "group"):
            sketch.own(before, "group_by")
        group = BucketGroup(subject.of, name, edges=said.edges, width=said.width, count=said.count)
        sketch.add_group(at, group)
        _count(sketch, label)
        if said.count is None:
            sketch.assume("group_by", "分档左闭右开,含下限、不含上限", 0.99)


def _fits(said: Bands, subject: _Subject) -> bool:
    """10岁 cuts no amount of money."""
    money = {None, "元"}
    return said.unit in money if subject.unit == "CNY" else said.unit in {None, subject.unit}


def _subject(sketch: Sketch, at: int) -> _Subject | None:
    """The metric or numeric attribute right before the bands, else right behind them."""
    for place in (sketch.before(at, BESIDE), sketch.after(at)):
        if not 0 <= place < len(sketch.tokens):
            continue
        if metric := sketch.metric(place):
            known = sketch.catalogue.metric(metric)
            if known.unit in PERSONS or sketch.catalogue.is_rate(metric):
                continue
            return _Subject(place, metric, known.unit, known.label)
        if dimension := sketch.dimension(place):
            field = sketch.catalogue.manifest.dimensions[plain(dimension)].field
            of = field.band.of if field.band else plain(dimension)
            behind = sketch.catalogue.manifest.dimensions.get(of)
            if behind is not None and behind.field.type == "number":
                unit = behind.field.unit or ("岁" if behind.label.endswith("年龄") else "")
                return _Subject(place, behind.name, unit, behind.label)
    return None


def _check_time(sketch: Sketch, subject: _Subject) -> None:
    """What adds up over time needs a time before people can be told apart by it."""
    flows = subject.of in sketch.catalogue.manifest.metrics and not sketch.catalogue.is_stock(
        subject.of
    )
    said = any(isinstance(m, TimeToken) and m.spans for t in sketch.tokens for m in t.meanings)
    if flows and not said:
        sketch.fault(
            "ambiguous_time", f"按哪段时间的{subject.label}分档没有说,请写明,例如“今年”。",
            subject.label, "group_by",
        )  # fmt: skip


def _names_another(sketch: Sketch, at: int) -> bool:
    places = (place for place in range(len(sketch.tokens)) if place != at)
    return any(sketch.find(place, MetricName) for place in places)


def _entity(sketch: Sketch) -> tuple[str, str] | None:
    """客户: whose numbers they are."""
    return next(iter(sketch.catalogue.entities.items()), None)


def _own_between(sketch: Sketch, subject: int, at: int) -> None:
    for place in range(min(subject, at) + 1, max(subject, at)):
        if sketch.word(place, "group") or sketch.word(place, "noun"):
            sketch.own(place, "group_by")


def _count(sketch: Sketch, label: str) -> None:
    """各多少人, 客户分布: without a metric of its own the question counts them."""
    if any(sketch.find(at, MetricName) for at in range(len(sketch.tokens))):
        return
    names = sketch.catalogue.lexicon.names.get(f"{label}数", ())
    metric = next((n.metric for n in names if isinstance(n, MetricName)), None)
    if metric is None:
        return
    sketch.measures.append((-1, MetricRef(metric)))
    for place in range(len(sketch.tokens)):
        if sketch.is_free(place) and sketch.word(place, "noun"):
            sketch.own(place, "measures", f"{label}数")
