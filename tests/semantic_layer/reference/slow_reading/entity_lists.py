"""名单: who belongs to a set, with attributes and figures of each, the first ones by a figure."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import duckdb
from slow_reading.answer import Answer, table_of
from slow_reading.judge import Verdict, compiled_answer, difference
from slow_reading.queries import SPANS, random_set
from slow_reading.question import pose
from slow_reading.ranking import compared
from slow_reading.rows import shown
from slow_reading.sets import check_set, is_flow, members_of
from slow_reading.world import RefusedError, World

from semantic_layer.problem import Problem
from semantic_layer.query import (
    ColumnRef,
    DimensionGroup,
    EntityQuery,
    MetricQuery,
    MetricRef,
    Order,
    Period,
    Scope,
)

ATTRIBUTES = ("gender", "age", "age_band", "vip", "tier")
MEASURES = ("amount", "count", "balance", "holders", "rate", "avg_amount", "credit", "per_buyer")


def random_list(random: Random, world: World) -> EntityQuery:
    """A list of clients."""
    names = random.sample(MEASURES, random.choice([1, 1, 2]))
    order = (Order(ColumnRef(random.randrange(len(names))), random.random() < 0.6),)
    period = None if random.random() < 0.2 else Period((random.choice(SPANS),))
    return EntityQuery(
        random_set(random, world, "client"),
        tuple(random.sample(ATTRIBUTES, random.choice([0, 1, 2]))),
        tuple(map(MetricRef, names)),
        Scope(period),
        order=random.choice([(), order]),
        limit=random.choice([None, 1, 3]),
    )


def listed(world: World, query: EntityQuery) -> Answer:
    """Keys, attributes and figures in order; ties by key."""
    measures = [m.metric for m in query.measures if isinstance(m, MetricRef)]
    asked = MetricQuery(query.measures, (DimensionGroup("@client"),), query.scope, totals=False)
    question = pose(world, asked, inside=True)
    check_set(question, query.set)
    lines, _ = table_of(question)
    figures = {line["client"]: line for line in lines}
    members, reader = members_of(question, query.set, None), question.reader
    rows: list[list[Any]] = []
    for row in reader.rows("clients"):
        if row["client"] in members:
            values = [figures.get(row["client"], {}).get(name) for name in measures]
            filled = [
                Fraction(0) if value is None and is_flow(question, name) else value
                for value, name in zip(values, measures, strict=True)
            ]
            own = [shown(world, a, reader.dimension("clients", row, a)) for a in query.attributes]
            rows.append([row["client"], *own, *filled])
    order = query.order[0] if query.order else Order(ColumnRef(0))
    at = 1 + len(query.attributes) + (order.column.measure or 0)
    rows.sort(key=lambda row: row[0])
    rows = _sorted(rows, at, order.descending)
    found = rows if query.limit is None else rows[: query.limit]
    return Answer(["client", *query.attributes, *measures], found, None, None, len(rows))


def _sorted(rows: list[list[Any]], at: int, down: bool) -> list[list[Any]]:
    from functools import cmp_to_key

    def compare(a: list[Any], b: list[Any]) -> int:
        return compared([(a[at], down)], [(b[at], down)])

    return sorted(rows, key=cmp_to_key(compare))


def judged_list(world: World, query: EntityQuery, database: duckdb.DuckDBPyConnection) -> Verdict:
    """Whether both say the same."""
    ours = compiled_answer(world, query, database)
    try:
        right = listed(world, query)
    except RefusedError as error:
        if isinstance(ours, Problem) or error.code == "unsupported":
            return Verdict("refused" if isinstance(ours, Problem) else "unjudged")
        return Verdict("differs", f"answered, should be refused: {error.code}\n{ours.rows}")
    if isinstance(ours, Problem):
        known = ours.code in ("unsupported", "too_expensive")
        text = f"refused {ours.code} ({ours.message}), should be\n{right.rows}"
        return Verdict(ours.code) if known else Verdict("differs", text)
    found = difference(ours, right)
    return Verdict("differs", found) if found else Verdict("answered")
