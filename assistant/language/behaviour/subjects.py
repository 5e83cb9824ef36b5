"""注册漏斗, 贷款申请漏斗: the governed events that a subject runs through, in their order."""

from __future__ import annotations

from functools import lru_cache

from assistant.language.behaviour.events import core, event_words
from assistant.language.normalise import normalise_name
from assistant.language.tokens import EventName
from semantic_layer.model import Dataset, Manifest, NamedEvent
from semantic_layer.query import Step

SUCCESS = "成功"
Chain = tuple[EventName, ...]


def chain_of(manifest: Manifest, subject: str) -> Chain:
    """The events of a subject from its first to its last; empty when it has fewer than two."""
    found = [
        chain
        for dataset in manifest.datasets.values()
        if len(chain := _chain(dataset, normalise_name(subject))) > 1
    ]
    return found[0] if len(found) == 1 else ()


@lru_cache(maxsize=16)
def known_chains(manifest: Manifest) -> dict[str, Chain]:
    """Subject → its chain, for the subjects that end in success."""
    subjects = dict.fromkeys(
        core(name.label)
        for names in event_words(manifest).values()
        for name in names
        if name.label.endswith(SUCCESS)
    )
    chains = {subject: chain_of(manifest, subject) for subject in subjects}
    order = {name.step.event: at for at, name in enumerate(_in_order(manifest))}
    found = [(s, c) for s, c in chains.items() if c]
    return dict(sorted(found, key=lambda pair: order[pair[1][-1].step.event]))


def between(manifest: Manifest, first: EventName, last: EventName) -> Chain:
    """The chain that begins and ends with them; empty when there is none."""
    for chain in known_chains(manifest).values():
        if (chain[0].step, chain[-1].step) == (first.step, last.step):
            return chain
    return ()


def _in_order(manifest: Manifest) -> list[EventName]:
    return [name for dataset in manifest.datasets.values() for name in _declared(dataset)]


def _declared(dataset: Dataset) -> list[EventName]:
    log = dataset.events
    if log is None or log.field is None:
        return []
    field = dataset.field(log.field)
    values = field.values if field is not None else ()
    return [EventName(Step(str(v.value)), v.label or str(v.value)) for v in values]


def _chain(dataset: Dataset, subject: str) -> Chain:
    log = dataset.events
    if log is None:
        return ()
    declared = _declared(dataset)
    about = [at for at, name in enumerate(declared) if subject in normalise_name(name.label)]
    if len(about) > 1:
        return tuple(declared[about[0] : about[-1] + 1])
    named = tuple(_one_a_moment(log.named))
    if subject == normalise_name(dataset.label) or all(subject in e.label for e in named):
        return tuple(EventName(Step(event.name), event.label) for event in named)
    return ()


def _one_a_moment(events: tuple[NamedEvent, ...]) -> list[NamedEvent]:
    """审结 and 审批通过 happen at once: the narrower of them is the step."""
    found: dict[str, NamedEvent] = {}
    for event in events:
        if event.at not in found or (event.filter and not found[event.at].filter):
            found[event.at] = event
    return list(found.values())
