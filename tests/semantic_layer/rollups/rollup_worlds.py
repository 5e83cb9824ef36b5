"""Random banks with random rollups, and random questions that those may answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import duckdb
from slow_reading.queries import DIMENSIONS_OF, METRICS_OF, random_query
from slow_reading.world import World
from slow_reading.worlds import loaded, random_world
from sqlglot import exp

from semantic_layer.compile import Compiled, compile_query
from semantic_layer.engines.duckdb_rollups import RollupWriter, table_of
from semantic_layer.model import Rollup
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    Comparison,
    Condition,
    Cumulative,
    DimensionGroup,
    InvalidQueryError,
    Limit,
    MetricQuery,
    MetricRef,
    Not,
    Period,
    Predicate,
    Scope,
    Share,
    TimeGroup,
)
from semantic_layer.resolve import resolve
from semantic_layer.rollups import Stored
from semantic_layer.rollups.build import build_queries, proven
from semantic_layer.snapshot import Snapshot

THEMES = ("sales", "sales", "stocks", "stocks", "daily", "mixed")
VALUES: dict[str, tuple[Any, ...]] = {
    "branch": ("甲", "乙", "未知"), "region": ("北", "南"), "outlet": ("网点o0", "网点o1"),
    "gender": ("男", "女", "未知"), "kind": ("A", "B", "未知"), "tier": ("金", "钻石"), "size": ("大",),
    "risk": ("高", "低"), "age_band": ("20以下", "30(含)—60"), "vip": (True, False),
}  # fmt: skip
Tables = list[list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class RolledBank:
    """A bank with the rollups that could be built for it."""

    world: World
    snapshot: Snapshot
    """With rollups."""
    database: duckdb.DuckDBPyConnection

    def both(self, query: MetricQuery, snapshot: Snapshot) -> tuple[Tables, Tables, bool] | None:
        """The rows with and without rollups, and whether those were used; None: no answer."""
        bare = replace(snapshot, rollups=None)
        resolved = resolve(query, bare, self.world.principal)
        if isinstance(resolved, Problem):
            return None
        raw, rolled = compile_query(resolved, bare), compile_query(resolved, snapshot)
        if isinstance(raw, Problem) or isinstance(rolled, Problem):
            assert raw == rolled
            return None
        return self._rows(rolled), self._rows(raw), "rollups." in rolled.sql()

    def _rows(self, compiled: Compiled) -> Tables:
        found = [self._run(compiled.statement)]
        found += [self._run(tree) for tree in (compiled.totals, compiled.count) if tree]
        found += [self._run(part.select) for part in compiled.subtotals]
        if compiled.others is not None:
            shown = len(compiled.columns)
            rest = compiled.others(tuple(row[:shown] for row in found[0]))
            found.append(self._run(rest if isinstance(rest, exp.Expression) else rest.select))
        return found

    def _run(self, tree: exp.Expression) -> list[tuple[Any, ...]]:
        return self.database.execute(tree.sql("duckdb")).fetchall()


@contextmanager
def rolled_bank(random: Random) -> Iterator[RolledBank]:
    """A random bank with random rollups."""
    world = _late(random, random_world(random, policies=0.4))
    rollups = tuple(_rollup(random, at) for at in range(random.randint(2, 4)))
    world = replace(world, manifest=replace(world.manifest, rollups=rollups))
    snapshot = Snapshot(
        world.manifest, world.as_of, world.data_dates, world.first_dates, world.calendar,
        world.column_types,
    )  # fmt: skip
    with loaded(world) as database:
        database.execute("attach ':memory:' as rollups")
        writer, facts = RollupWriter(database), {}
        for build in build_queries(snapshot):
            name = build.table.name
            types = writer.store(name, build.select)
            known = proven(build, snapshot, types, writer.rows, table_of(name))
            if known is not None:
                facts[name] = known
        stored = Stored.of(world.manifest, facts)
        yield RolledBank(world, replace(snapshot, rollups=stored), database)


def earlier(random: Random, snapshot: Snapshot) -> Snapshot:
    """The same rows and rollups some days before they were built."""
    today = snapshot.as_of - timedelta(days=random.choice([1, 5, 12, 25]))
    yesterday = today - timedelta(days=1)
    dates = {name: min(last, yesterday) for name, last in snapshot.data_dates.items()}
    return replace(snapshot, as_of=today, data_dates=dates)


def _late(random: Random, world: World) -> World:
    """Sometimes rows lie after the data date."""
    if random.random() < 0.6:
        return world
    dates = {n: d - timedelta(days=random.choice([0, 9, 31])) for n, d in world.data_dates.items()}
    return replace(world, data_dates=dates)


def _rollup(random: Random, at: int) -> Rollup:
    theme = random.choice(THEMES)
    by = dict.fromkeys(random.choices(DIMENSIONS_OF[theme], k=random.randint(0, 3)))
    metrics = dict.fromkeys(random.choices(METRICS_OF[theme], k=random.randint(2, 6)))
    grain = random.choice(["date", "date", "month", "month", "month", "quarter", "year"])
    return Rollup(f"r{at}", tuple(metrics), tuple(by), grain)


def any_query(random: Random, bank: RolledBank) -> MetricQuery:
    """A question of any form, or one that fits a rollup."""
    while random.random() < 0.75:
        try:
            return _fitting(random, random.choice(bank.world.manifest.rollups))
        except InvalidQueryError:
            continue
    return random_query(random, bank.world)


def _fitting(random: Random, rollup: Rollup) -> MetricQuery:
    names = random.sample(rollup.metrics, random.randint(1, min(2, len(rollup.metrics))))
    groups = random.sample(rollup.by, random.randint(0, min(2, len(rollup.by))))
    grain = random.choice([None, None, "date", "week", "month", "quarter", "year"])
    per = random.choice([None, None, None, None, "day", "month", "trading_day"])
    limited = bool(groups) and grain is None and random.random() < 0.4
    return MetricQuery(
        tuple(MetricRef(name, per) for name in names),
        (*map(DimensionGroup, groups), *([TimeGroup(grain)] if grain else [])),
        Scope(_period(random), _where(random, rollup.by)),
        compare=random.choice([(), (), (Comparison("yoy"),), (Comparison("mom"),)]),
        share=Share("total") if groups and random.random() < 0.3 else None,
        window=Cumulative("year") if grain == "month" and random.random() < 0.2 else None,
        limit=Limit(1, others=random.random() < 0.5) if limited else None,
        totals=random.random() < 0.5,
    )


def _period(random: Random) -> Period | None:
    """Whole months mostly; sometimes cut, sometimes beyond the data."""
    if random.random() < 0.1:
        return None
    start = date(2025, 6, 1) + timedelta(days=31 * random.randint(0, 17))
    if random.random() < 0.75:
        start = start.replace(day=1)
    months = random.choice([1, 1, 2, 3, 6, 12])
    end = (start + timedelta(days=31 * months)).replace(day=1) - timedelta(days=1)
    if random.random() < 0.25:
        end = random.choice([date(2026, 11, 19), date(2026, 11, 5), end - timedelta(days=3)])
    return Period((Absolute(start, max(start, end)),))


def _where(random: Random, by: tuple[str, ...]) -> Predicate | None:
    fitting = [name for name in by if name.rpartition(".")[2] in VALUES]
    if not fitting or random.random() < 0.5:
        return None
    terms = tuple(
        _condition(random, random.choice(fitting)) for _ in range(random.choice([1, 1, 2]))
    )
    if len(terms) > 1:
        return And(terms)
    return Not(terms[0]) if random.random() < 0.2 else terms[0]


def _condition(random: Random, name: str) -> Condition:
    values = VALUES[name.rpartition(".")[2]]
    chosen = random.sample(values, random.randint(1, min(2, len(values))))
    return Condition(name, random.choice(["in", "in", "not_in"]), tuple(chosen))
