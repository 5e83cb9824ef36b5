"""What was compiled before is not compiled again, and never given to another question."""

from __future__ import annotations

from dataclasses import replace

from semantic_layer.compile import compile_query, compiled_once
from semantic_layer.principal import Principal
from semantic_layer.query import Condition, MetricQuery, Relative
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

ANYBODY = Principal("甲")
OCTOBER = Relative("month", -1)


def resolved(query: MetricQuery, snapshot: Snapshot) -> ResolvedQuery:
    found = resolve(query, snapshot, ANYBODY)
    assert isinstance(found, ResolvedQuery)
    return found


def test_the_same_question_again_gets_the_statement_that_is_there(mq, snapshot: Snapshot):
    query = mq("txn_amount", "gender", OCTOBER)
    first = compiled_once(resolved(query, snapshot), snapshot)
    assert compiled_once(resolved(query, snapshot), snapshot) is first
    assert first.sql() == compile_query(resolved(query, snapshot), snapshot).sql()


def test_running_leaves_the_statement_as_it_was(mq, snapshot: Snapshot, ask):
    query = mq(["txn_amount", "deposit"], "branch", OCTOBER)
    kept = compiled_once(resolved(query, snapshot), snapshot)
    before = kept.sql()
    ask(query)
    kept.sql("spark")
    assert kept.sql() == before


def test_another_state_of_the_world_is_compiled_anew(mq, snapshot: Snapshot):
    query = resolved(mq("txn_amount", "gender", OCTOBER), snapshot)
    assert compiled_once(query, snapshot) is not compiled_once(query, replace(snapshot))


def test_equal_values_of_other_types_are_other_questions(mq, snapshot: Snapshot):
    by_gender = resolved(mq("txn_amount", "gender", OCTOBER), snapshot)
    one, true = (
        replace(by_gender, where=Condition("gender", "in", (value,))) for value in (1, True)
    )
    assert one == true
    assert compiled_once(one, snapshot).sql() != compiled_once(true, snapshot).sql()
