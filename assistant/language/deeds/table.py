"""Words for what can be held or done, worked out of the names of the definitions."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.language.deeds.deed import How, Thing
from assistant.language.deeds.walks import NO_WALKS, Walks, walks_of
from assistant.language.normalise import normalise_name
from metrics.phrases import read_phrase
from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.resolve.behaviour_events import known_events

BALANCES = ("余额", "保有量")
COUNTS = ("笔数", "次数", "件数", "量", "数")
COUNTED_UNITS = frozenset({"笔", "次", "件"})
PEOPLE = frozenset({"户", "人"})
COUNTED_PEOPLE = ("用户数", "人数", "户数")
VERB = 2
"""Characters of a verb; longer stems say what kind of people they are."""
IN_FORCE = "有效"
"""Who has a policy has one in force."""
AMOUNTS = ("金额", "额")
OWNED_UNITS = frozenset({"张", "件", "份"})
OWNED_COUNTS = ("数量", "张数", "件数", "份数", "量", "数")
BOUGHT: Mapping[str, tuple[str, ...]] = {
    "买": ("买", "购买"), "申购": ("申购",), "认购": ("认购",), "赎回": ("赎回",),
}  # fmt: skip
"""Verbs of phrases of which the customer is the subject, with their other words."""
ASPECTS = frozenset("了过")


@dataclass(frozen=True, slots=True)
class Deeds:
    """The words, ready to be looked up in a question."""

    held: Mapping[str, Thing]
    done: Mapping[str, Thing]
    entities: tuple[str, ...]
    """What people call those who do it: 客户."""
    longest: int
    bought: Mapping[str, Thing] = field(default_factory=dict)
    """What is bought, by how much of it: 买理财."""
    parts: frozenset[str] = frozenset()
    """Held things that are named by a part of their figure's name: 理财."""
    counted: frozenset[str] = frozenset()
    """What those who do it have a governed number for: 开户客户数."""
    doubtful: frozenset[str] = frozenset()
    """Of those the ones whose number is a governed doubt: 理财客户数."""
    owned: frozenset[str] = frozenset()
    """Held things that are counted, not weighed: 信用卡."""
    walks: Walks = NO_WALKS
    """The events that follow one another."""

    def done_at(self, text: str, at: int) -> tuple[Thing, int] | None:
        """What is done at that place, 了 and 过 inside left out, and where it ends."""
        said, found = "", None
        for end in range(at, min(len(text), at + self.longest + 2)):
            if not (said and text[end] in ASPECTS):
                said += text[end]
            if said in self.done:
                found = self.done[said], end + 1
        return found

    def bought_for(self, text: str, start: int, end: int) -> Thing | None:
        """The amount of what is bought there, with 了 and 过 left out."""
        said = text[start:end]
        return self.bought.get(said) or self.bought.get(
            "".join(c for c in said if c not in ASPECTS)
        )

    def held_at(self, text: str, at: int) -> tuple[Thing, int] | None:
        """What is held at that place, and where it ends."""
        for length in range(min(self.longest, len(text) - at), 1, -1):
            thing = self.held.get(text[at : at + length])
            if thing is not None:
                return thing, at + length
        return None


def deeds_of(manifest: Manifest) -> Deeds:
    """What these definitions let people hold and do."""
    held = _unambiguous(_held(manifest), manifest)
    bought = {**_unambiguous(_spent(manifest)), **_unambiguous(_bought(manifest))}
    done = {**_unambiguous(_events(manifest)), **_unambiguous(_counted(manifest))}
    done = {**_unambiguous(_of_people(manifest), manifest), **bought, **done}
    whole = {normalise_name(w) for m in manifest.metrics.values() for w in (m.label, *m.synonyms)}
    labels = tuple(
        dict.fromkeys(d.label for d in manifest.datasets.values() if d.entity and len(d.key) == 1)
    )
    longest = max((len(word) for word in (*held, *done)), default=0)
    parts = frozenset(held) - whole
    metrics = manifest.metrics
    named = frozenset(
        _people_of((w for m in metrics.values() for w in (m.label, *m.synonyms)), labels)
    )
    near = (w for m in metrics.values() for w in m.near_misses)
    doubtful = frozenset(_people_of((*near, *manifest.ambiguous), labels))
    owned = frozenset(word for word, thing in held.items() if metrics[thing.ref].unit != "CNY")
    return Deeds(
        held, done, labels, longest, bought, parts, named | doubtful, doubtful, owned,
        walks_of(manifest),
    )  # fmt: skip


def _unambiguous(
    said: Iterator[tuple[str, Thing]], manifest: Manifest | None = None
) -> dict[str, Thing]:
    """Words that mean one thing only."""
    found: dict[str, set[Thing]] = {}
    for word, thing in said:
        found.setdefault(word, set()).add(thing)
    doubtful = {normalise_name(word) for word in manifest.ambiguous} if manifest else set()
    return {
        word: next(iter(things))
        for word, things in found.items()
        if len(things) == 1 and len(word) > 1 and word not in doubtful
    }


def _metrics(manifest: Manifest) -> Iterator[tuple[Metric, Aggregate, tuple[str, ...]]]:
    for metric in manifest.metrics.values():
        if isinstance(metric.definition, Aggregate) and not metric.hidden:
            words = tuple(normalise_name(word) for word in (metric.label, *metric.synonyms))
            yield metric, metric.definition, words


def _held(manifest: Manifest) -> Iterator[tuple[str, Thing]]:
    """存款余额 → 存款, 有效保单数 → 有效保单. A card is not held by a balance on it."""
    for metric, definition, words in _metrics(manifest):
        if not (metric.is_stock and metric.unit == "CNY" and definition.agg == "sum"):
            continue
        for word in words:
            stem = next((word.removesuffix(b) for b in BALANCES if word.endswith(b)), word)
            less = word.removesuffix(AMOUNTS[0])
            if less != word and len(less) > VERB:  # 信用卡逾期; 逾期 alone is of loans
                yield less, Thing(metric.name, "held")
            yield (word if stem.endswith("卡") else stem), Thing(metric.name, "held")
    for metric, definition, words in _metrics(manifest):
        if metric.is_stock and metric.unit in OWNED_UNITS and definition.agg == "distinct":
            for word in words:
                count = next((c for c in OWNED_COUNTS if word.endswith(c)), word)
                stem = word.removesuffix(count)
                yield stem, Thing(metric.name, "held")
                yield stem.removeprefix(IN_FORCE), Thing(metric.name, "held")


def _counted(manifest: Manifest) -> Iterator[tuple[str, Thing]]:
    """交易笔数 → 交易: rows that are counted, or times that are added up."""
    for metric, definition, words in _metrics(manifest):
        if metric.is_stock or metric.unit not in COUNTED_UNITS or definition.future:
            continue
        if definition.agg not in ("count", "sum"):
            continue
        how: How = "rows" if definition.agg == "count" else "amount"
        stems = {word.removesuffix(count) for word in words for count in COUNTS}
        for word in words:
            for count in COUNTS:
                stem = word.removesuffix(count)
                if stem and stem != word:
                    yield stem, Thing(metric.name, how)
                    yield from _verb_first(stem, stems, Thing(metric.name, how))
                    break
            else:
                yield word, Thing(metric.name, how)


def _of_people(manifest: Manifest) -> Iterator[tuple[str, Thing]]:
    """动账客户数 → 动账: who is counted there in a period did it; members are called otherwise."""
    labels = {d.label for d in manifest.datasets.values() if d.entity and len(d.key) == 1}
    members = {
        normalise_name(word)
        for dimension in manifest.dimensions.values()
        for value in dimension.field.values
        for word in (value.label or str(value.value), *value.synonyms)
    }
    for metric, definition, words in _metrics(manifest):
        if metric.is_stock or metric.unit not in PEOPLE or definition.future:
            continue
        if definition.agg != "distinct" or definition.expr not in _keys(manifest):
            continue
        for word in words:
            ending = next((f"{label}数" for label in labels if word.endswith(f"{label}数")), "")
            stem = word.removesuffix(ending)
            if ending and len(stem) == VERB and stem not in members:
                yield stem, Thing(metric.name, "amount")


def _people_of(words: Iterable[str], labels: tuple[str, ...]) -> Iterator[str]:
    """Stems of the names that tell how many people did or have something."""
    endings = (*(f"{label}数" for label in labels), *labels, *COUNTED_PEOPLE)
    for word in map(normalise_name, words):
        yield from (word.removesuffix(end) for end in endings if word.endswith(end))


def _keys(manifest: Manifest) -> frozenset[str]:
    """What tells one person from another: customer_id."""
    people = (d for d in manifest.datasets.values() if d.entity and len(d.key) == 1)
    return frozenset(dataset.key[0] for dataset in people)


def _verb_first(stem: str, stems: Container[str], thing: Thing) -> Iterator[tuple[str, Thing]]:
    """手机银行登录 beside 登录 is also said 登录手机银行."""
    for cut in range(2, len(stem) - 1):
        if stem[cut:] in stems:
            yield stem[cut:] + stem[:cut], thing


def _events(manifest: Manifest) -> Iterator[tuple[str, Thing]]:
    for event in known_events(manifest):
        for word in event.spellings:
            yield normalise_name(word).removesuffix("成功"), Thing(event.step.event, "event")


def _bought(manifest: Manifest) -> Iterator[tuple[str, Thing]]:
    """买了多少理财 asks for a metric: who bought some has more than nothing of it."""
    for metric, definition, _ in _metrics(manifest):
        if metric.is_stock or definition.agg != "sum":
            continue
        for phrase in filter(None, map(read_phrase, metric.phrases)):
            for verb in BOUGHT.get(phrase.verb, ()) if phrase.noun else ():
                yield normalise_name(verb + phrase.noun), Thing(metric.name, "amount")


def _spent(manifest: Manifest) -> Iterator[tuple[str, Thing]]:
    """刷卡金额 → 刷卡: how much was done of it, never how often."""
    for metric, definition, words in _metrics(manifest):
        if metric.is_stock or metric.unit != "CNY" or definition.agg != "sum":
            continue
        for word in words:
            stem = next((word.removesuffix(a) for a in AMOUNTS if word.endswith(a)), "")
            if stem:
                yield stem, Thing(metric.name, "amount")
