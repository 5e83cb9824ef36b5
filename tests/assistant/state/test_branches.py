"""A conversation that two tabs lead on: each goes on from what it shows itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.state import OpenOption, SqliteStore, Turn, Wanted
from semantic_layer.query import MetricQuery, MetricRef, Query, to_json

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEPOSITS, LOANS, FUNDS = (MetricQuery((MetricRef(name),)) for name in ("deposit", "loan", "fund"))
OPTION = OpenOption(1, "理财保有量", FUNDS, "余额", "fund")


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "state.db")


def say(
    store: SqliteStore, number: int, question: str, query: Query | None, session: str = "早会"
) -> None:
    """One turn a minute; without a query it is asked back."""
    answer = Answer(
        id=f"a{number}", session=session, user="张三", question=question,
        code="answered" if query else "ambiguous_metric", query=to_json(query) if query else None,
    )  # fmt: skip
    at = NOON + timedelta(minutes=number)
    store.record(Turn(at, answer, "m", query, () if query else (OPTION,)))


def test_a_branch_goes_on_from_its_turn_and_not_from_what_came_later(store: SqliteStore):
    say(store, 1, "存款", DEPOSITS)
    say(store, 2, "余额", None)
    say(store, 3, "贷款", LOANS)
    history = store.history("张三")
    history.branch("早会", 2, "另一页")
    branch = store.conversation("张三", "另一页")
    assert (branch.turn, branch.last_query, branch.unread) == (2, DEPOSITS, "余额")
    assert (branch.open_question, branch.open_options) == ("余额", (OPTION,))
    say(store, 4, "1", FUNDS, "另一页")
    assert [turn.question for turn in history.turns("另一页")] == ["存款", "余额", "1"]
    assert [turn.question for turn in history.turns("早会")] == ["存款", "余额", "贷款"]
    assert store.conversation("张三", "另一页").last_query == FUNDS
    assert store.conversation("张三", "另一页").earlier_query == DEPOSITS
    assert store.conversation("张三", "早会").last_query == LOANS
    assert [past.title for past in history.conversations()] == ["存款(续)", "存款"]


def test_a_branch_of_a_branch_knows_only_what_it_saw(store: SqliteStore):
    for number, query in enumerate((DEPOSITS, LOANS, FUNDS), start=1):
        say(store, number, f"第{number}问", query)
    history = store.history("张三")
    history.branch("早会", 2, "二")
    say(store, 4, "二的第3问", FUNDS, "二")
    history.branch("二", 1, "三")
    assert [turn.question for turn in history.turns("三")] == ["第1问"]
    assert store.conversation("张三", "三").last_query == DEPOSITS


def test_a_choice_made_later_elsewhere_is_not_remembered(store: SqliteStore):
    chosen = Answer(id="a1", session="早会", user="张三", question="1", query=to_json(LOANS))
    say(store, 0, "存款", DEPOSITS)
    store.record(Turn(NOON + timedelta(hours=1), chosen, "m", LOANS, choice=("余额", "loan")))
    history = store.history("张三")
    history.branch("早会", 1, "前")
    history.branch("早会", 2, "后")
    assert store.conversation("张三", "前").choices == ()
    assert store.conversation("张三", "后").choices == (("余额", "loan"),)


def test_a_branch_outlives_the_conversation_it_came_from(store: SqliteStore):
    say(store, 1, "存款", DEPOSITS)
    history = store.history("张三")
    history.branch("早会", 1, "另一页")
    say(store, 2, "按分行", LOANS, "另一页")
    history.forget("早会")
    assert [turn.question for turn in history.turns("另一页")] == ["按分行"]
    assert store.conversation("张三", "另一页").last_query == LOANS


def test_what_an_evaluation_asks_is_told_apart_from_what_people_ask(store: SqliteStore):
    say(store, 1, "存款", DEPOSITS)
    case = Answer(id="a2", session="一轮", user="张三", question="贷款", query=to_json(LOANS))
    store.record(Turn(NOON, case, "m", LOANS, purpose="evaluation"))
    trail = store.audit()
    found = {source: [e.answer_id for e in trail.entries(Wanted(source=source))]  # type: ignore[arg-type]
             for source in ("people", "evaluation", "")}  # fmt: skip
    assert found == {"people": ["a1"], "evaluation": ["a2"], "": ["a2", "a1"]}
    assert [e.is_evaluation for e in trail.entries(Wanted())] == [True, False]
    assert [past.title for past in store.history("张三").conversations()] == ["存款"]
    assert store.conversation("张三", "一轮").last_query == LOANS
    assert store.first_broken_audit_row() is None
