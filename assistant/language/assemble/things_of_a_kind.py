"""成交额前十的股票, 卖得最好的理财, 哪只基金: a member stands for the things below its level."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import DimensionName, Rank, ValueName, plain
from semantic_layer.query import DimensionGroup

BEFORE_THE_KIND = frozenset({"filler", "of"})


def things_of_a_kind(sketch: Sketch) -> None:
    """What is ranked or asked for by the name of its kind is listed one by one."""
    if sketch.groups:
        return
    for at, place in _asked_for(sketch):
        value = next((n for n in sketch.tokens[place].names if isinstance(n, ValueName)), None)
        owner = sketch.owners.get(place)
        if value is None or owner is None or owner.slot not in ("where", "measures"):
            continue
        if _names_a_dimension(sketch, place):
            continue  # AUM最高的三个客户经理, though one channel is called so, too
        thing = _finest(sketch, plain(value.dimension))
        if thing is not None:
            role, dot, _ = value.dimension.rpartition(".")
            if sketch.tokens[at].word("which"):
                sketch.own(at, "group_by")
            sketch.add_group(place, DimensionGroup(f"{role}{dot}{thing}"), each=True)
            label = sketch.catalogue.dimension_label(thing)
            sketch.assume("group_by", f"“{sketch.label(place)}”按{label}逐个看", 0.95)
            return


def _names_a_dimension(sketch: Sketch, at: int) -> bool:
    names = sketch.catalogue.lexicon.names.get(sketch.label(at), ())
    return any(isinstance(name, DimensionName) for name in names)


def _asked_for(sketch: Sketch) -> Iterator[tuple[int, int]]:
    """Words of rank, and which: with the place of what follows them."""
    for at, token in enumerate(sketch.tokens):
        if not sketch.is_free(at):
            continue
        which = token.word("which") in ("one", "list")
        ranks = token.word("extreme") or any(isinstance(m, Rank) for m in token.meanings)
        if which or ranks:
            place = at + 1
            while place < len(sketch.tokens) and any(
                sketch.tokens[place].word(role) for role in BEFORE_THE_KIND
            ):
                place += 1
            if place < len(sketch.tokens):
                yield at, place


def _finest(sketch: Sketch, dimension: str) -> str | None:
    """The last level under it; places are split by saying which level."""
    manifest = sketch.catalogue.manifest
    last = {
        hierarchy.levels[-1]
        for hierarchy in manifest.hierarchies
        if dimension in hierarchy.levels[:-1]
    }
    thing = last.pop() if len(last) == 1 else None
    spines = {name for name in (dimension, thing) if name and manifest.dimensions[name].field.spine}
    return None if spines else thing
