"""从打开App出发最常见的5条路径, 申购成功之前的路径."""

from __future__ import annotations

from typing import Literal

from assistant.language.behaviour.line import Line
from assistant.language.behaviour.plan import Plan, Shape
from assistant.language.behaviour.sequence import event_places
from assistant.language.behaviour.subjects import SUCCESS, known_chains
from assistant.language.behaviour.words import OPENING
from assistant.language.tokens import EventName
from semantic_layer.model import Manifest
from semantic_layer.query import PathQuery, Step

Direction = Literal["from", "to"]
STATIONS = TOP = 5
MOST_OPTIONS = 4


def path(line: Line) -> Plan | None:
    """The plan of the most frequent paths; None when none are asked for."""
    cues = line.places("path", "walked")
    if not line.places("path"):
        return None
    places = event_places(line)
    plan = Plan("path", tuple(places))
    ways = [_direction(line, at) for at in places]
    for at in (*cues, *line.places("common")):
        line.own(at, "路径")
    top, length = _count(line, plan, "top", TOP), _count(line, plan, "length", STATIONS)
    if not places:
        plan.ask("没有说从哪个事件出发或到哪个事件为止,请选择或写明。", line.tokens[cues[0]].text)
        plan.make = lambda _: tuple(_unsaid(line.catalogue.manifest, length, top))
        return plan
    if len(places) > 2:
        plan.fault("unsupported", "路径只看从一个事件出发,或到一个事件为止。", "路径分析")
    if len(places) == 2:
        plan.ask("路径只看从一个事件出发,或到一个事件为止,请选择。", line.tokens[cues[0]].text)
    elif ways[0] is None:
        plan.ask("是从这个事件出发的路径,还是到它为止的?请选择。", line.tokens[places[0]].text)

    def make(names: tuple[EventName, ...]) -> tuple[Shape, ...]:
        if len(names) == 2:
            return (_shape(names[0], "from", length, top), _shape(names[1], "to", length, top))
        chosen: tuple[Direction, ...] = (ways[0],) if ways[0] else ("from", "to")
        return tuple(_shape(names[0], way, length, top) for way in chosen)

    plan.make = make
    return plan


def _direction(line: Line, at: int) -> Direction | None:
    """By the words before and after the event; they are taken with it."""
    line.own(at, f"事件 {line.events(at)[0].label}")
    found: Direction | None = None
    sides: tuple[tuple[int, tuple[str, ...], Direction], ...] = (
        (at + 1, ("before",), "to"), (at + 1, ("out", "after"), "from"),
        (at - 1, ("from",), "from"), (at - 1, ("to",), "to"),
    )  # fmt: skip
    for place, roles, way in sides:
        if line.role(place, *roles):
            line.own(place, "路径")
            found = found or way
    return found


def _count(line: Line, plan: Plan, role: str, usual: int) -> int:
    places = line.places(role)
    for at in places:
        line.own(at, "路径")
    said = [word.numbers[0] for at in places if (word := line.role(at, role))]
    if not said:
        text = f"前{usual}条" if role == "top" else f"最多{usual}站"
        plan.assume(role, f"没有说{'几条' if role == 'top' else '几步'},按{text}")
    return said[0] if said else usual


def _shape(name: EventName, way: Direction, length: int, top: int) -> Shape:
    label = f"从{name.label}出发" if way == "from" else f"到{name.label}之前"
    return Shape(PathQuery(name.step, way, length, top), label)


def _unsaid(manifest: Manifest, length: int, top: int) -> list[Shape]:
    """From the opening of the app, and to what is achieved in it."""
    opened = opening_of(manifest)
    shapes = [_shape(name, "from", length, top) for name in opened[:1]]
    ends = [chain[-1] for chain in known_chains(manifest).values()]
    shapes += [_shape(n, "to", length, top) for n in ends if n.label.endswith(SUCCESS)]
    return shapes[:MOST_OPTIONS]


def opening_of(manifest: Manifest) -> list[EventName]:
    """打开APP, 登录: the events by which somebody shows up."""
    found: list[EventName] = []
    for dataset in manifest.datasets.values():
        log = dataset.events
        field = dataset.field(log.field) if log is not None and log.field else None
        for value in field.values if field is not None else ():
            label = value.label or str(value.value)
            if OPENING.match(label):
                found.append(EventName(Step(str(value.value)), label))
    return found
