"""Random questions over random banks: the compiler and the slow reading say the same."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from random import Random

import duckdb
import pytest
from slow_reading.judge import compiled_answer, difference, judged
from slow_reading.queries import random_query
from slow_reading.rows import Reader
from slow_reading.world import RefusedError, World
from slow_reading.worlds import load, random_world

from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import DimensionGroup, MetricQuery, canonical_text

QUESTIONS = 3
COUNTED = ("sales", "daily", "stocks", "orgs")


@pytest.fixture(scope="module")
def database():
    """One database for one bank after the other."""
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


@pytest.mark.parametrize("seed", range(60))
def test_rows_order_and_totals_agree(seed, database):
    random = Random(seed)
    world = random_world(random)
    load(world, database)
    for _ in range(QUESTIONS):
        query = random_query(random, world)
        verdict = judged(world, query, database)
        assert verdict.outcome != "differs", f"{canonical_text(query)}\n{verdict.detail}"


@pytest.mark.parametrize("seed", range(80, 110))
def test_a_row_policy_equals_removing_the_rows(seed, database):
    random = Random(seed)
    world = replace(random_world(random, policies=1), principal=_manager(random))
    for _ in range(QUESTIONS):
        query = random_query(random, world)
        if not _reads_only_counted(query):
            continue
        load(world, database)
        limited = compiled_answer(world, query, database)
        if isinstance(limited, Problem):
            continue
        removed = _without_hidden_rows(world)
        load(removed, database)
        free = compiled_answer(removed, query, database)
        assert not isinstance(free, Problem)
        assert not difference(limited, free), canonical_text(query)


def _manager(random: Random) -> Principal:
    return Principal("经理", ("manager",), (("branch", (random.choice(["甲", "乙"]),)),))


def _without_hidden_rows(world: World) -> World:
    """The rows that the person may see, in a bank without policies.

    Whoever was answered read no table that cannot be limited; those keep their rows.
    """
    reader, tables = Reader(world), dict(world.tables)
    for name in COUNTED:
        with suppress(RefusedError):
            tables[name] = reader.rows(name)
    return replace(world, manifest=replace(world.manifest, policies=()), tables=tables)


def _reads_only_counted(query: MetricQuery) -> bool:
    """Whether hidden rows are all that the answer may depend on.

    Names that a counted row reaches stay readable, so those tables keep their rows; members
    without rows come from such a table; an account that moved is known at its newest outlet only.
    """
    text = canonical_text(query)
    elsewhere = ("home_org", "member", "sets", "credit", "clients", "known_balance", '"of":"age"')
    groups = {g.dimension for g in query.group_by if isinstance(g, DimensionGroup)}
    return not any(word in text for word in elsewhere) and "gender" not in groups
