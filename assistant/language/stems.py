"""What a figure is called in short: 投诉件数 → 投诉, 银证转入额 → 转入."""

from __future__ import annotations

from collections.abc import Container, Iterator

from assistant.language.normalise import normalise_name
from assistant.language.words import closed_words
from semantic_layer.model import Aggregate, Manifest, Metric

COUNTS = ("笔数", "件数", "次数", "场次", "张数", "金额", "额", "数", "量")
"""What the name of a figure ends with and people leave out."""
ADDED_UP = frozenset({"sum", "count", "distinct"})
NET = "净"
LEFT_OVER = ("总", "余", "客户", "用户", "人", *COUNTS)
"""A stem that ends so was cut inside of a word."""
SHORTEST = 2
RATES = frozenset({"percent", "permyriad", "times"})


def stems_of(manifest: Manifest, names: Container[str]) -> dict[str, tuple[str, ...]]:
    """Names of flows less what they count in, with the figures that are called so."""
    flows = [m for m in manifest.metrics.values() if not m.hidden and _is_flow(m)]
    said = {
        m.name: [normalise_name(w) for w in (m.label, *m.synonyms)]
        for m in manifest.metrics.values()
    }
    found: dict[str, dict[str, None]] = {}
    for metric in flows:
        for word in said[metric.name]:
            for stem in _stems(word):
                found.setdefault(stem, {})[metric.name] = None
            for rest in _beyond_its_table(word, metric, manifest, names):
                if not _is_a_part(rest, metric.name, said):
                    found.setdefault(rest, {})[metric.name] = None
    known = (names, closed_words())
    kept = {s: tuple(metrics) for s, metrics in found.items() if not any(s in k for k in known)}
    return {
        **kept,
        **{s: metrics for s, metrics in shares_named(manifest).items() if s not in names},
    }


def shares_named(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """Share words that are what a figure is called: 份额, where there are 基金份额."""
    words = {w for w, said in closed_words().items() if any(m.role == "share" for m in said)}
    found: dict[str, dict[str, None]] = {}
    for metric in manifest.metrics.values():
        for name in map(normalise_name, (metric.label, *metric.synonyms)):
            for word in words if metric.unit not in RATES and not metric.hidden else ():
                if name.endswith(word) and len(name) > len(word) >= SHORTEST:
                    found.setdefault(word, {})[metric.name] = None
    return {word: tuple(metrics) for word, metrics in found.items()}


def _is_flow(metric: Metric) -> bool:
    definition = metric.definition
    added = isinstance(definition, Aggregate) and definition.agg in ADDED_UP
    return added and not metric.is_stock and metric.native is None


def _stems(word: str) -> Iterator[str]:
    tail = next((t for t in COUNTS if word.endswith(t)), "")
    stem = word.removesuffix(tail)
    if tail and len(stem) >= SHORTEST and not stem.endswith(LEFT_OVER):
        yield stem


def _beyond_its_table(
    word: str, metric: Metric, manifest: Manifest, names: Container[str]
) -> Iterator[str]:
    """银证转入额 of the table 银证转账 is also said 转入额 and 转入."""
    if not isinstance(metric.definition, Aggregate):
        return
    table = normalise_name(manifest.datasets[metric.definition.dataset].label)
    called, rest = word[:SHORTEST], word[SHORTEST:]
    whole = not any(word[:end] in names for end in range(SHORTEST + 1, len(word)))
    if called == table[:SHORTEST] and whole and not called.isascii():
        stems = tuple(_stems(rest))
        yield from (rest, *stems) if stems else ()


def _is_a_part(rest: str, metric: str, said: dict[str, list[str]]) -> bool:
    """转入 is said of 净转入 as well, which is its net; in 大额转入额 it is another figure."""
    others = (w for name, words in said.items() if name != metric for w in words)
    return any(rest in other.replace(f"{NET}{rest}", "") for other in others)
