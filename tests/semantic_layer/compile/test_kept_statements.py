"""What was worked out before is not worked out again, and never given to another question."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest
import sqlglot

from semantic_layer.compile import compile_query, compiled_once
from semantic_layer.guard import AllowedTables, UnsafeSQL, allowed_tables, check
from semantic_layer.model import Policy
from semantic_layer.principal import Principal
from semantic_layer.query import Condition, MetricQuery, Relative
from semantic_layer.resolve import resolve, resolved_once
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot
from semantic_layer.statement import Statement

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


@pytest.fixture
def with_rights(make_snapshot, make_manifest) -> Snapshot:
    """Some see everything, tellers only 中卫分行, where nothing was paid in October."""
    own = Policy("teller", allow=(("branch", ("中卫分行",)),))
    return make_snapshot(make_manifest((Policy("all"), own)))


def test_the_same_asker_is_told_what_was_resolved_before(mq, snapshot: Snapshot):
    query = mq("txn_amount", "gender", OCTOBER)
    first = resolved_once(query, snapshot, ANYBODY)
    assert resolved_once(mq("txn_amount", "gender", OCTOBER), snapshot, ANYBODY) is first
    assert first == resolve(query, snapshot, ANYBODY)
    assert resolved_once(query, replace(snapshot), ANYBODY) is not first
    assert resolved_once(replace(query, totals=False), snapshot, ANYBODY) is not first


def test_nobody_gets_the_statement_of_somebody_with_other_rights(mq, with_rights, bank):
    """10月交易金额120.00元,都在银川分行:只能看中卫分行的人,无论谁先问,都是0."""
    query = mq("txn_amount", (), OCTOBER)
    guard = partial(check, allowed=allowed_tables(with_rights.manifest, with_rights.column_types))
    teller, same_name = Principal("甲", ("teller",)), Principal("甲", ("all",))

    def amount(asker: Principal) -> Decimal:
        resolved = resolved_once(query, with_rights, asker)
        compiled = compiled_once(resolved, with_rights)
        text = compiled.passed.statement(compiled.statement, guard).text
        return bank.execute(text).fetchone()[0]

    asked = [amount(asker) for asker in (same_name, teller, same_name, teller)]
    assert asked == [120, 0, 120, 0]


def test_the_guard_looks_once_and_another_guard_looks_for_itself(mq, snapshot: Snapshot):
    seen = []
    allowed = allowed_tables(snapshot.manifest, snapshot.column_types)
    compiled = compile_query(resolved(mq("txn_amount", (), OCTOBER), snapshot), snapshot)

    def guard(tree):
        seen.append(tree)
        return check(tree, allowed)

    first = compiled.passed.statement(compiled.statement, guard)
    assert compiled.passed.statement(compiled.statement, guard) is first
    assert seen == [compiled.statement]
    with pytest.raises(UnsafeSQL):
        compiled.passed.statement(compiled.statement, partial(check, allowed=AllowedTables.of({})))


def test_what_was_let_through_is_what_runs(mq, snapshot: Snapshot):
    """谁若在放行之后改动了语句,执行的仍是放行时的那一条."""
    allowed = allowed_tables(snapshot.manifest, snapshot.column_types)
    guard = partial(check, allowed=allowed)
    compiled = compile_query(resolved(mq("txn_amount", (), OCTOBER), snapshot), snapshot)
    before = compiled.passed.statement(compiled.statement, guard).text
    compiled.statement.set("limit", sqlglot.exp.Limit(expression=sqlglot.exp.Literal.number(0)))
    assert compiled.passed.statement(compiled.statement, guard).text == before


def test_a_statement_knows_the_tables_it_reads():
    tree = sqlglot.parse_one(
        "WITH t AS (SELECT a FROM Fact), u AS (SELECT a FROM ods.Loan) /* 说明 */ "
        "SELECT * FROM t JOIN u USING (a) JOIN fact AS f USING (a)", dialect="duckdb",
    )  # fmt: skip
    statement = Statement.of(tree)
    assert sorted(statement.tables) == ["fact", "fact", "ods.loan"]
    assert "说明" not in statement.text
