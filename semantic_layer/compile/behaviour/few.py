"""Cells about too few people: found, covered by others, and taken out.

What is hidden could be found by subtraction from a sum that somebody else may ask for: over
all rows, over those of one period. So in each of them at least two cells and at least k
people stay hidden, the smallest ones first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from semantic_layer.compile.behaviour.shape import ascending, descending, select_from
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import all_of, any_of, column, named, number


@dataclass(frozen=True, slots=True)
class Few:
    """Where cells may tell of too few people."""

    least: int
    """How many people may be told of."""
    keys: tuple[str, ...]
    """What the rows are told apart by."""
    margins: tuple[tuple[str, ...], ...]
    """The keys of sums that others may ask for, each within the one before."""

    def judged(
        self,
        stage: str,
        kept: Iterable[str],
        counts: Mapping[str, tuple[exp.Expression, ...]],
        stages: Stages,
    ) -> str:
        """The stage with a mark for every count, 1 where it may not be shown.

        `counts`: column of the stage → numbers of people it tells of or gives away.
        """
        shown = [column(name) for name in dict.fromkeys((*kept, *counts))]
        own = [named(_one_if(self._is_few(people)), few(name)) for name, people in counts.items()]
        stage = stages.add("judged", select_from(stage, [*shown, *own]), "人数过少的格子")
        for margin in dict.fromkeys(self.margins) if self.keys else ():
            covered = [_as(_one_if(self._covered(name, margin)), few(name)) for name in counts]
            copies = [node.copy() for node in shown]
            query = select_from(stage, [*copies, *covered])
            stage = stages.add("covered", query, "防止由合计倒推")
        return stage

    def _is_few(self, people: tuple[exp.Expression, ...]) -> exp.Expression:
        found = any_of(
            exp.Between(this=count.copy(), low=number(1), high=number(self.least - 1))
            for count in people
        )
        assert found is not None
        return found

    def _covered(self, name: str, margin: tuple[str, ...]) -> exp.Expression:
        """Hidden for its own sake, or to cover another one of the same sum."""
        within = [column(key) for key in margin]
        people = exp.Nullif(this=column(name), expression=number(0))
        by = [descending(column(few(name))), ascending(people)]
        order = exp.Order(expressions=[*by, *(ascending(column(key)) for key in self.keys)])
        some = exp.Window(this=exp.Max(this=column(few(name))), partition_by=_copies(within))
        place = exp.Window(this=exp.RowNumber(), partition_by=_copies(within), order=order)
        smaller = exp.Sum(this=people.copy())
        before = exp.Window(
            this=smaller, partition_by=_copies(within), order=order.copy(), spec=_preceding()
        )
        lonely = any_of(
            [
                exp.LTE(this=place, expression=number(2)),
                exp.LT(
                    this=exp.Coalesce(this=before, expressions=[number(0)]),
                    expression=number(self.least),
                ),
            ]
        )
        there = exp.Not(this=exp.Is(this=people.copy(), expression=exp.Null()))
        terms = (exp.EQ(this=some, expression=number(1)), there, lonely)
        cover = all_of(term for term in terms if term is not None)
        own = exp.EQ(this=column(few(name)), expression=number(1))
        return exp.Or(this=own, expression=exp.Paren(this=cover))


def few(name: str) -> str:
    """The column that says whether another one may not be shown."""
    return f"few_{name}"


def is_hidden(*counts: str) -> exp.Expression:
    """Whether any of these counts may not be shown."""
    found = any_of(exp.EQ(this=column(few(name)), expression=number(1)) for name in counts)
    assert found is not None
    return found


def unless(hidden: exp.Expression | None, value: exp.Expression) -> exp.Expression:
    """The value, missing where it is hidden."""
    if hidden is None:
        return value
    return exp.Case(ifs=[exp.If(this=hidden.copy(), true=exp.Null())], default=value)


def _preceding() -> exp.WindowSpec:
    return exp.WindowSpec(
        kind="ROWS",
        start="UNBOUNDED",
        start_side="PRECEDING",
        end=number(1),
        end_side="PRECEDING",
    )


def _as(value: exp.Expression, name: str) -> exp.Expression:
    return exp.Alias(this=value, alias=exp.to_identifier(name))


def _one_if(condition: exp.Expression) -> exp.Expression:
    return exp.Case(ifs=[exp.If(this=condition, true=number(1))], default=number(0))


def _copies(nodes: list[exp.Column]) -> list[exp.Expression]:
    return [node.copy() for node in nodes]
