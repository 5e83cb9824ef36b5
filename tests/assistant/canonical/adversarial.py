"""Catalogues whose names are made to be misread: words of the grammar, glued and quoted."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from assistant.language.canonical.text import reserved_words
from semantic_layer.model import (
    Actor,
    Aggregate,
    Dataset,
    Dimension,
    EventLog,
    Field,
    FieldValue,
    Join,
    Manifest,
    Metric,
    NamedEvent,
    Segment,
)
from semantic_layer.query import Condition

PLAIN = (
    "存款",
    "余额",
    "存款余额",
    "分行",
    "行",
    "行为",
    "金额",
    "金额不",
    "客户",
    "户",
    "A",
    "交易",
    "类型",
    "登录",
    "B2",
)
SIGNS = (
    "、",
    ",",
    "(",
    ")",
    "」",
    "「",
    "”",
    "“",
    "』",
    "『",
    "的",
    "且",
    "或",
    "为",
    "其",
    "3",
    "100万",
    "→",
    "%",
    "[",
    "{a}",
    " ",
    "\n",
    ".",
    "÷",
)
UNITS = ("CNY", "percent", "户", "笔", "万元", "", "%", "x", "个工作日", "A", "亿")


def word(random: Random) -> str:
    """A name out of plain names, words of the grammar and signs."""
    words = sorted(reserved_words())
    pools = (PLAIN, PLAIN, words, words, SIGNS)
    return "".join(
        random.choice(random.choice(pools)) for _ in range(random.choice((1, 1, 2, 2, 3)))
    )


def names_of(manifest: Manifest, random: Random) -> dict[str, Sequence[str]]:
    """What queries over this catalogue name, with some that it does not know."""
    strange = [word(random) for _ in range(4)] + ["", "."]
    metrics, dimensions = [*manifest.metrics], [*manifest.dimensions]
    roles = [join.name for dataset in manifest.datasets.values() for join in dataset.joins]
    qualified = [f"{random.choice([*roles, 'x'])}.{name}" for name in dimensions]
    values = [v.value for d in manifest.dimensions.values() for v in d.field.values]
    texts = [v for v in values if isinstance(v, str)]
    labels = [v.label for d in manifest.dimensions.values() for v in d.field.values if v.label]
    words = [word(random) for _ in range(8)]
    events = [e.name for d in manifest.datasets.values() if d.events for e in d.events.named]
    entities = [d.entity for d in manifest.datasets.values() if d.entity]
    return {
        "metric": [*metrics, *metrics, *strange],
        "dimension": [*dimensions, *dimensions, *qualified, *strange],
        "figure": [*metrics, *dimensions, *strange],
        "entity": [*entities, "actor", *strange],
        "event": [*events, *events, *metrics, *strange],
        "segment": [*manifest.segments, *manifest.segments, *strange],
        "time_role": [role for d in manifest.datasets.values() for role, _ in d.time_roles] + strange,
        "feast": ["春节", "国庆", "618", *strange],
        "per": ["day", "month", "txn", *strange],
        "value": [*texts, *labels, *words, "是", "否", "空", "无", "2026-10-31", "2026-02-30", "10", "1e5", ""],
        "text": [*words, *strange, *labels],
    }  # fmt: skip


def adversarial_manifest(random: Random) -> Manifest:
    """A small catalogue of names that run into each other."""
    fields = tuple(_field(f"d{n}", random) for n in range(8))
    datasets = {
        name: Dataset(
            name, word(random), name, ("id",), fields, entity=f"e{name}",
            joins=(Join("b", f"r{name}", (("x", "y"),), label=word(random)),),
            time_roles=((word(random), "day"), (word(random), "day")),
            events=EventLog(
                (Actor("actor", "who", word(random)),), at="day",
                named=tuple(NamedEvent(f"{name}{n}", word(random), "day") for n in range(4)),
            ),
        )
        for name in "abc"
    }  # fmt: skip
    metrics = {
        f"m{n}": Metric(f"m{n}", word(random), Aggregate("a", "count"), random.choice(UNITS))
        for n in range(10)
    }
    dimensions = {f.name: Dimension(f.name, "a", f, ("a",)) for f in fields}
    segments = {
        f"s{n}": Segment(f"s{n}", word(random), "ea", Condition("d0", "not_null")) for n in range(4)
    }
    return Manifest("", datasets, metrics, dimensions, segments)


def _field(name: str, random: Random) -> Field:
    stored = [1, 2, True, "甲", word(random), word(random), 2.5]
    labels = [word(random), word(random), "甲", "是", None, "同", "同"]
    random.shuffle(labels)
    values = tuple(FieldValue(value, label) for value, label in zip(stored, labels, strict=True))
    return Field(name, word(random), values=values if random.random() < 0.6 else ())
