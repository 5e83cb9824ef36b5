"""Which chart fits the rows: a tuple of rules, the first that applies draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.explain.numbers import display_of, is_number, unit_of
from semantic_layer.result import Column, ResultSet

MAX_BARS = 60
MAX_SLICES = 6
WISHES = ("line", "bar", "pie", "table")


@dataclass(frozen=True, slots=True)
class Series:
    """One drawn column."""

    column: str
    name: str


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """What to draw; the page only paints it."""

    type: str
    """number | line | bar | grouped_bar | pie | table."""
    x: str | None
    series: tuple[Series, ...]
    unit: str
    """Unit of the axis as shown: 户, 万元, %."""
    divide_by: float = 1.0
    """Values are divided by this for the axis."""
    color: str | None = None
    """Second group, one colour per member."""

    def to_dict(self) -> dict[str, object]:
        """The `chart` object of the answer."""
        return {
            "type": self.type,
            "x": self.x,
            "series": [{"column": s.column, "name": s.name} for s in self.series],
            "unit": self.unit,
            "divide_by": self.divide_by,
            "color": self.color,
        }


Rule = Callable[[ResultSet], str | None]


def choose_chart(result: ResultSet, wish: str | None = None) -> ChartSpec | None:
    """The chart for a result; None when there is nothing to draw."""
    if not result.rows or not _drawable(result):
        return None
    if wish in WISHES and len(_groups(result)) == 1:
        return _spec(wish, result)
    kinds = (rule(result) for rule in RULES)
    kind = next((kind for kind in kinds if kind is not None), None)
    return _spec(kind, result) if kind else None


def _single_value(result: ResultSet) -> str | None:
    return "number" if not _groups(result) and len(result.rows) == 1 else None


def _too_many(result: ResultSet) -> str | None:
    return "table" if len(_groups(result)) > 2 or len(result.rows) > 10 * MAX_BARS else None


def _over_time(result: ResultSet) -> str | None:
    times = [c for c in result.columns if c.kind == "time"]
    return "line" if times and len(result.rows) > 1 else None


def _shares(result: ResultSet) -> str | None:
    shares = [i for i, c in enumerate(result.columns) if c.show == "share"]
    few = 1 < len(result.rows) <= MAX_SLICES and len(_groups(result)) == 1
    if not shares or not few or result.total_rows > len(result.rows):
        return None
    positive = all(is_number(r[shares[0]]) and r[shares[0]] >= 0 for r in result.rows)  # type: ignore[operator]
    return "pie" if positive else None


def _two_groups(result: ResultSet) -> str | None:
    if len(_groups(result)) != 2:
        return None
    return "grouped_bar" if len(result.rows) <= 2 * MAX_BARS else "table"


def _bars(result: ResultSet) -> str | None:
    return "bar" if len(_groups(result)) == 1 and len(result.rows) <= MAX_BARS else "table"


RULES: tuple[Rule, ...] = (
    _single_value,
    _too_many,
    _over_time,
    _shares,
    _two_groups,
    _bars,
)


def _spec(kind: str, result: ResultSet) -> ChartSpec:
    groups = _groups(result)
    axis = sorted(groups, key=lambda c: c.kind != "time")
    ids = [c.id for c in axis] + [None, None]
    drawn = _series(kind, result)
    first = result.columns.index(drawn[0])
    display = display_of(drawn[0], [row[first] for row in result.rows])
    return ChartSpec(
        type=kind,
        x=ids[0],
        series=tuple(Series(c.id, c.name) for c in drawn),
        unit=display.unit,
        divide_by=float(display.divide_by),
        color=ids[1] if kind != "table" else None,
    )


def _series(kind: str, result: ResultSet) -> list[Column]:
    values = _drawable(result)
    if kind == "pie":
        return [c for c in values if c.show == "share"][:1] or values[:1]
    first = values[0]
    same_unit = [c for c in values if unit_of(c) == unit_of(first) and c.show != "diff"]
    return same_unit[:4]


def _groups(result: ResultSet) -> list[Column]:
    return [c for c in result.columns if c.kind in ("dimension", "time")]


def _drawable(result: ResultSet) -> list[Column]:
    return [c for c in result.columns if c.kind in ("metric", "comparison") and c.show != "rank"]
