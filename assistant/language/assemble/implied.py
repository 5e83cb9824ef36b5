"""三季度网银的转账转出金额, 9月投诉原因前三: the metric that a kind of rows is counted by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.assemble.sketch import SOFT, Owner, Sketch
from assistant.language.time import TimeToken
from assistant.language.tokens import DimensionName, MetricName, ValueName, plain
from semantic_layer.model import Aggregate
from semantic_layer.query import DimensionGroup, MetricRef

UNSAID = "没有说看哪个指标"
SHORTEST = 2
COUNTS = ("数", "量", "笔数", "件数", "次数")
AMOUNTS = ("金额", "额", "总额", "总金额")
ROWS = re.compile(r"(?:有|共|是|一共|总共|一共有)?(?:多少|几)[笔件次]")
MONEY = re.compile(r"(?:有|共|是|一共|总共|一共有)?(?:多少|几)(?:钱|元|万元?|亿元?)")
PARTS = frozenset({"part", "makeup"})


def implied(sketch: Sketch) -> None:
    """Fills the metric where the words leave no other one, and says so."""
    _of_a_kind(sketch)
    if not sketch.measures:
        _by_a_kind(sketch)


def _of_a_kind(sketch: Sketch) -> None:
    """取现金额, 取现了多少笔: rows of one kind, counted or added up as all of them are."""
    for at, value in _kinds(sketch):
        head = sketch.after(at, SOFT | {"scope"})
        while sketch.find(head, TimeToken):  # 取现上个月多少笔
            head = sketch.after(head, SOFT | {"scope"})
        endings = _endings(sketch, head)
        found = list(_own_metrics(sketch, value.dimension, endings))
        if len(found) == 1:
            label = sketch.catalogue.metric(found[0]).label
            sketch.owners[head] = Owner("measures", f"指标 {label}")
            sketch.measures.append((head, MetricRef(found[0])))
            return


def _kinds(sketch: Sketch) -> Iterator[tuple[int, ValueName]]:
    for at in sketch.owners:
        value = next((n for n in sketch.tokens[at].names if isinstance(n, ValueName)), None)
        if value is not None and sketch.owners[at].slot == "where":
            yield at, value


def _endings(sketch: Sketch, at: int) -> tuple[str, ...]:
    """What the noun or the question word behind the kind asks for."""
    if not sketch.is_free(at):
        return ()
    text = sketch.label(at)
    if sketch.word(at, "head") == "any" and text in AMOUNTS:
        return AMOUNTS[:1]
    if sketch.word(at, "ask"):
        return AMOUNTS[:1] if MONEY.fullmatch(text) else COUNTS if ROWS.fullmatch(text) else ()
    return ()


def _own_metrics(sketch: Sketch, dimension: str, endings: tuple[str, ...]) -> Iterator[str]:
    """交易类型 → 交易金额: of the table that the kind belongs to, called by the same word."""
    known = sketch.catalogue.manifest.dimensions[plain(dimension)]
    found: dict[str, None] = {}
    for length in range(len(known.label) - 1, SHORTEST - 1, -1):
        for ending in endings:
            for name in sketch.catalogue.lexicon.names.get(known.label[:length] + ending, ()):
                if isinstance(name, MetricName) and _is_of(sketch, name.metric, known.home):
                    found[name.metric] = None
        if found:
            break
    yield from found


def _is_of(sketch: Sketch, metric: str, table: str) -> bool:
    definition = sketch.catalogue.metric(metric).definition
    return isinstance(definition, Aggregate) and definition.dataset == table


def _by_a_kind(sketch: Sketch) -> None:
    """投诉原因排名, 年龄段分布: what is split counts one thing only."""
    groups = [g.group.dimension for g in sketch.groups if isinstance(g.group, DimensionGroup)]
    names = (sketch.find(at, DimensionName) for at in range(len(sketch.tokens)))
    said = list(dict.fromkeys(groups or [name.dimension for name in names if name]))
    said = [name for name in said if not _is_shown_in_full(sketch, name)] or said
    if len(said) != 1 or sketch.having:
        return
    found = list(_own_metrics(sketch, said[0], (*COUNTS, *AMOUNTS)))
    metric = found[0] if len(found) == 1 else None if found else _of_everybody(sketch, said[0])
    if metric is None or not _is_counted(sketch, metric):
        return
    sketch.measures.append((-1, MetricRef(metric)))
    sketch.assume("measures", f"{UNSAID},按{sketch.catalogue.metric(metric).label}", 0.9)
    for ranked in list(sketch.ranked):
        if ranked.arg in ("top", "rank"):
            at = sketch.ranked.index(ranked)
            sketch.ranked[at] = ranked._replace(arg="high")


def _is_shown_in_full(sketch: Sketch, dimension: str) -> bool:
    """分行 beside what is split by it."""
    return sketch.catalogue.manifest.dimensions[plain(dimension)].field.spine


def _is_counted(sketch: Sketch, metric: str) -> bool:
    return sketch.catalogue.metric(metric).unit not in (None, "CNY", "percent")


def _of_everybody(sketch: Sketch, dimension: str) -> str | None:
    """年龄段分布, 性别占比: an attribute of people splits their number."""
    shares = PARTS & {args.get("share", "") for args in sketch.args}
    if not (shares or sketch.has("spread")):
        return None
    manifest = sketch.catalogue.manifest
    home = manifest.datasets[manifest.dimensions[plain(dimension)].home]
    names = sketch.catalogue.lexicon.names.get(f"{home.label}数", ())
    metrics = [name.metric for name in names if isinstance(name, MetricName)]
    return metrics[0] if home.entity and len(metrics) == 1 else None
