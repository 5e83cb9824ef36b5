"""产品名称包含养老, 产品以“稳健”开头: conditions on the text of a member."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import plain
from semantic_layer.query import Condition, DimensionOp

QUOTES = frozenset("\"'“”‘’《》")
ENDS: dict[str, DimensionOp] = {"prefix": "prefix", "suffix": "suffix"}
OF_A_TABLE = frozenset({"小计", "合计", "总计", "小计合计"})
"""含小计 asks for rows of the table, not for members of that name."""
MOST_TOKENS = 6


def texts(sketch: Sketch) -> None:
    """The words between the operator and 的 are text, whatever else they may mean."""
    for at in sketch.indices("text"):
        kind = sketch.word(at, "text") or ""
        subject = sketch.before(at, frozenset({"filler", "break"}))
        dimension = sketch.dimension(subject)
        if dimension is None or kind in ENDS:
            continue
        end, op = _end(sketch, at, kind)
        said = _text(sketch, at + 1, end)
        if op is None or not said or said in OF_A_TABLE:
            continue
        if op in ("contains", "not_contains") and not _occurs(sketch, dimension, said):
            label = sketch.catalogue.dimension_label(dimension)
            sketch.fault("unknown_value", f"没有名称包含“{said}”的{label}。", said, "where")
        for place in range(subject, end + (1 if kind == "open" else 0)):
            sketch.own(place, "where", f"{sketch.label(subject)} {said}")
        sketch.where.append(Condition(dimension, op, (said,)))


def _occurs(sketch: Sketch, dimension: str, said: str) -> bool:
    """Whether any member's name holds the text; where no names are kept, it may."""
    return sketch.catalogue.lexicon.may_hold(plain(dimension), said)


def _end(sketch: Sketch, at: int, kind: str) -> tuple[int, DimensionOp | None]:
    """Where the text ends, and how it is compared."""
    last = min(len(sketch.tokens), at + 1 + MOST_TOKENS)
    for place in range(at + 1, last):
        closing = sketch.word(place, "text")
        if kind == "open" and closing in ENDS:
            return place, ENDS[closing]
        if kind != "open" and sketch.word(place, "of"):
            return place, "contains" if kind == "contains" else "not_contains"
    return last, None


def _text(sketch: Sketch, start: int, end: int) -> str:
    """What is inside the quotes, or everything when there are none."""
    words = "".join(token.text for token in sketch.tokens[start:end])
    if not QUOTES & set(words):
        return words
    inside = words[1:-1] if words[0] in QUOTES and words[-1] in QUOTES else ""
    return "" if QUOTES & set(inside) else inside
