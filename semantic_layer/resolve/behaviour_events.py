"""Which governed event a step means, and who acts in all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from semantic_layer.model import Actor, Aggregate, Dataset, Manifest
from semantic_layer.problem import Candidate, Problem
from semantic_layer.resolve.names import nearest
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolved import ResolvedStep


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """A governed event and what people call it."""

    step: ResolvedStep
    synonyms: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Label and synonyms."""
        return (self.step.label, *self.synonyms)


@lru_cache(maxsize=16)
def known_events(manifest: Manifest) -> tuple[KnownEvent, ...]:
    """Every event of the definitions, in their order."""
    return tuple(event for dataset in manifest.datasets.values() for event in _events(dataset))


def _events(dataset: Dataset) -> Iterator[KnownEvent]:
    log = dataset.events
    if log is None:
        return
    field = dataset.field(log.field) if log.field is not None else None
    moment = log.at or dataset.time
    for value in field.values if field is not None and moment is not None else ():
        label = value.label or str(value.value)
        assert moment is not None
        step = ResolvedStep(str(value.value), label, dataset.name, moment, value.value)
        yield KnownEvent(step, value.synonyms)
    for event in log.named:
        step = ResolvedStep(event.name, event.label, dataset.name, event.at, filter=event.filter)
        yield KnownEvent(step, event.synonyms)


def find_event(manifest: Manifest, name: str, at: str) -> ResolvedStep:
    """The event of that id, label or synonym, or a metric's rows; refused with candidates."""
    events = known_events(manifest)
    own = next((event.step for event in events if event.step.event == name), None)
    if own is not None:
        return own
    called = [event.step for event in events if name in event.spellings]
    if len(called) > 1:
        options = tuple(Candidate(step.event, step.label) for step in called)
        message = f"“{name}”可以指多个事件,请选择:{'、'.join(o.label for o in options)}。"
        raise RefusedError(Problem("ambiguous_phrase", message, at, name, options))
    step = called[0] if called else _metric_event(manifest, name)
    if step is None:
        raise RefusedError(_unknown(name, at, events))
    return step


def _metric_event(manifest: Manifest, name: str) -> ResolvedStep | None:
    """The rows that a metric counts, when its table tells who acts and when."""
    metric = manifest.metrics.get(name)
    if metric is None or not isinstance(metric.definition, Aggregate):
        return None
    definition = metric.definition
    dataset = manifest.datasets[definition.dataset]
    log = dataset.events
    if log is None:
        return None
    moment = definition.time or log.at or dataset.time
    if moment is None:
        return None
    return ResolvedStep(name, metric.label, dataset.name, moment, filter=definition.filter)


def _unknown(name: str, at: str, events: tuple[KnownEvent, ...]) -> Problem:
    near = nearest(name, ((e.step.event, e.step.label, e.synonyms) for e in events))
    names = "、".join(candidate.label for candidate in near)
    known = "、".join(event.step.label for event in events[:8]) or "无"
    hint = f"您是不是想问:{names}?" if names else f"可用的事件:{known}。"
    return Problem("unknown_term", f"没有找到事件“{name}”。{hint}", at, name, near)


def common_actors(manifest: Manifest, steps: tuple[ResolvedStep, ...]) -> tuple[Actor, ...]:
    """Who acts in every step, in the order of the first step's dataset."""
    logs = [manifest.datasets[step.dataset].events for step in steps]
    first = logs[0].by if logs[0] is not None else ()
    shared = tuple(a for a in first if all(log is not None and log.actor(a.name) for log in logs))
    return tuple(a for a in shared if _unknown_in(manifest, steps, a.name) is None)


def _unknown_in(
    manifest: Manifest, steps: tuple[ResolvedStep, ...], actor: str
) -> tuple[ResolvedStep, Actor] | None:
    """The step that happens before there is such an actor."""
    for step in steps:
        log = manifest.datasets[step.dataset].events
        known = log.actor(actor) if log is not None else None
        if known is not None and step.event in known.not_in:
            return step, known
    return None


def chosen_actor(
    manifest: Manifest, steps: tuple[ResolvedStep, ...], entity: str | None
) -> tuple[Actor, bool]:
    """Who is followed through the steps, and whether that was a choice among several."""
    shared = common_actors(manifest, steps)
    if not shared:
        names = "、".join(dict.fromkeys(step.label for step in steps))
        message = f"“{names}”没有共同的行为主体,连不成一串;请换成同一主体的事件。"
        raise RefusedError(Problem("dim_not_applicable", message, "steps"))
    if entity is None:
        return shared[0], len(shared) > 1
    found = next((actor for actor in shared if entity in (actor.name, actor.label)), None)
    if found is None:
        options = tuple(Candidate(actor.name, actor.label) for actor in shared)
        others = "、".join(o.label for o in options)
        early = _unknown_in(manifest, steps, entity)
        if early is None:
            message = f"这些事件不能按“{entity}”统计;可以按{others}。"
        else:
            who = early[1].label
            message = f"“{early[0].label}”时还没有{who}号,不能按{who}统计;可以按{others}问漏斗。"
        raise RefusedError(Problem("dim_not_applicable", message, "entity", entity, options))
    return found, False
