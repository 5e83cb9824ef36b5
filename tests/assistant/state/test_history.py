"""The list of conversations: one's own only, found, renamed, forgotten; and what is shared."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.outcomes import AnswerCode
from assistant.state import SqliteStore, Turn
from semantic_layer.query import MetricQuery, MetricRef, to_json

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEPOSITS = MetricQuery((MetricRef("deposit"),))


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "state.db")


def ask(
    store: SqliteStore,
    number: int,
    question: str | None,
    session: str = "早会",
    user: str = "张三",
    code: AnswerCode = "answered",
) -> None:
    answer = Answer(
        id=f"a{number}", session=session, user=user, question=question, code=code,
        as_of=date(2026, 11, 20), query=to_json(DEPOSITS) if code == "answered" else None,
        message=None if code == "answered" else "请选择", reading="存款",
    )  # fmt: skip
    store.record(Turn(NOON + timedelta(minutes=number), answer, "m"))


def titles(store: SqliteStore, text: str = "", user: str = "张三") -> list[str]:
    return [past.title for past in store.history(user).conversations(text)]


def test_the_newest_conversation_comes_first_under_its_first_question(store: SqliteStore) -> None:
    ask(store, 1, "存款余额", "一")
    ask(store, 2, "贷款余额", "二")
    ask(store, 3, "按分行看", "一")
    newest = store.history("张三").conversations()[0]
    assert (newest.session, newest.title, newest.turns) == ("一", "存款余额", 2)
    assert newest.at == NOON + timedelta(minutes=3)
    assert titles(store) == ["存款余额", "贷款余额"]


def test_any_question_of_a_conversation_finds_it(store: SqliteStore) -> None:
    ask(store, 1, "存款余额", "一")
    ask(store, 2, "App启动次数", "一")
    ask(store, 3, "贷款余额", "二")
    assert titles(store, "app") == ["存款余额"]
    assert titles(store, "余额") == ["贷款余额", "存款余额"]
    assert titles(store, "%") == []


def test_nobody_sees_the_conversations_of_another(store: SqliteStore) -> None:
    ask(store, 1, "存款余额")
    assert titles(store, user="李四") == []
    store.history("李四").rename("早会", "我的")
    store.history("李四").forget("早会")
    assert titles(store) == ["存款余额"]
    assert store.history("李四").turns("早会") == ()


def test_a_title_can_be_given_and_taken_back(store: SqliteStore) -> None:
    ask(store, 1, "存款余额")
    store.history("张三").rename("早会", "  周报用 ")
    assert titles(store, "周报") == ["周报用"]
    store.history("张三").rename("早会", " ")
    assert titles(store) == ["存款余额"]


def test_a_conversation_without_a_sentence_is_named_by_its_reading(store: SqliteStore) -> None:
    ask(store, 1, None)
    assert titles(store) == ["存款"]


def test_turns_come_back_with_their_query_or_their_message(store: SqliteStore) -> None:
    ask(store, 1, "余额", code="ambiguous_metric")
    ask(store, 2, "1")
    asked_back, answered = store.history("张三").turns("早会")
    assert (asked_back.question, asked_back.message) == ("余额", "请选择")
    assert not asked_back.is_answered
    assert answered.query == to_json(DEPOSITS)


def test_what_is_forgotten_begins_anew_and_stays_in_the_audit(
    store: SqliteStore, tmp_path: Path
) -> None:
    ask(store, 1, "存款余额")
    assert store.history("张三").share("a1")
    store.history("张三").forget("早会")
    assert titles(store) == []
    assert store.history("李四").shared("a1") is None
    assert store.conversation("张三", "早会").turn == 0
    ask(store, 2, "贷款余额")
    assert titles(store) == ["贷款余额"]
    with sqlite3.connect(tmp_path / "state.db") as other:
        assert other.execute("SELECT count(*) FROM turn").fetchone() == (2,)
        assert other.execute("SELECT count(*) FROM audit").fetchone() == (2,)
    assert store.first_broken_audit_row() is None


def test_only_what_its_asker_shares_can_be_opened(store: SqliteStore) -> None:
    ask(store, 1, "存款余额")
    ask(store, 2, "余额", code="ambiguous_metric")
    others = store.history("李四")
    assert others.shared("a1") is None
    assert not others.share("a1")
    assert not store.history("张三").share("a2")
    assert store.history("张三").share("a1")
    assert store.history("张三").share("a1")
    found = others.shared("a1")
    assert found is not None
    assert (found.question, found.query) == ("存款余额", to_json(DEPOSITS))


def test_a_state_file_of_before_is_carried_over(tmp_path: Path) -> None:
    """The layout of version 2, as it was written."""
    folder = Path(__file__).parents[3] / "assistant" / "state" / "migrations"
    with sqlite3.connect(tmp_path / "old.db") as old:
        for name in ("0001_conversations.sql", "0002_audit.sql"):
            old.executescript((folder / name).read_text("utf-8"))
        old.execute("PRAGMA user_version = 2")
        old.execute(
            "INSERT INTO conversation (user, session, started_at, turn) VALUES ('张三','旧','', 1)"
        )
        old.execute(
            "INSERT INTO turn (answer_id, conversation, turn, at, user, question, outcome, code,"
            " manifest_hash) VALUES ('a0', 1, 1, '2026-11-19T01:02:03.000+00:00', '张三',"
            " '旧问题', 'answer', 'answered', 'm')"
        )
    store = SqliteStore(tmp_path / "old.db")
    ask(store, 1, "新问题", "旧")
    assert titles(store) == ["旧问题"]
    assert [t.question for t in store.history("张三").turns("旧")] == ["旧问题", "新问题"]


def test_a_question_under_way_is_in_the_list_until_it_is_answered(store: SqliteStore) -> None:
    history = store.history("张三")
    history.begin("一", "存款余额")
    (begun,) = history.conversations()
    assert (begun.title, begun.under_way, begun.turns) == ("存款余额", "存款余额", 0)
    assert history.under_way("一") == "存款余额"
    assert store.history("李四").under_way("一") == ""
    ask(store, 1, "存款余额", "一")
    (answered,) = history.conversations()
    assert (answered.title, answered.under_way, answered.turns) == ("存款余额", "", 1)


def test_a_question_answered_before_it_is_noted_is_not_under_way(store: SqliteStore) -> None:
    ask(store, 1, "存款余额", "一")
    store.history("张三").begin("一", "存款余额", after=0)
    ask(store, 2, "按分行看", "一")
    store.history("张三").begin("一", "按分行看", after=1)
    assert store.history("张三").under_way("一") == ""


def test_a_question_left_in_the_middle_keeps_the_conversation_in_its_place(
    store: SqliteStore,
) -> None:
    ask(store, 1, "存款余额", "一")
    ask(store, 2, "贷款余额", "二")
    store.history("张三").begin("一", "按分行看", after=1)
    assert titles(store) == ["贷款余额", "存款余额"]
    assert store.history("张三").under_way("一") == "按分行看"
