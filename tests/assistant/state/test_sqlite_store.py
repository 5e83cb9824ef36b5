"""What is remembered, by whom, and that nothing of it can be lost or rewritten."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.errors import AuditError
from assistant.state import Export, Feedback, OpenOption, SqliteStore, Turn
from semantic_layer.query import DimensionGroup, MetricQuery, MetricRef

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEPOSITS = MetricQuery((MetricRef("deposit"),))
LOANS = MetricQuery((MetricRef("loan"),), group_by=(DimensionGroup("branch"),))


def answer(number: int, session: str | None = "早会", user: str = "张三", **more: object) -> Answer:
    fields = {"id": f"a{number}", "session": session, "user": user, "question": f"问题{number}"}
    return Answer(**{**fields, "as_of": date(2026, 11, 20), **more})


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "state.db")


def test_a_session_goes_on_in_another_process(tmp_path: Path) -> None:
    first = SqliteStore(tmp_path / "state.db")
    assert first.record(Turn(NOON, answer(1), "m", query=DEPOSITS)) == 1
    first.close()
    conversation = SqliteStore(tmp_path / "state.db").conversation("张三", "早会")
    assert (conversation.turn, conversation.last_query) == (1, DEPOSITS)


def test_sessions_of_the_same_name_belong_to_their_users(store: SqliteStore) -> None:
    store.record(Turn(NOON, answer(1), "m", query=DEPOSITS))
    assert store.conversation("李四", "早会").last_query is None


def test_a_clarification_leaves_the_last_answered_query(store: SqliteStore) -> None:
    store.record(Turn(NOON, answer(1), "m", query=DEPOSITS))
    option = OpenOption(1, "贷款余额", LOANS, "余额", "loan")
    asked_back = answer(2, code="ambiguous_metric")
    assert store.record(Turn(NOON, asked_back, "m", open_options=(option,))) == 2
    conversation = store.conversation("张三", "早会")
    assert conversation.last_query == DEPOSITS
    assert conversation.open_question == "问题2"
    assert conversation.open_options == (option,)


def test_the_next_turn_closes_the_options_and_the_choice_stays(store: SqliteStore) -> None:
    option = OpenOption(1, "贷款余额", LOANS, "余额", "loan")
    store.record(Turn(NOON, answer(1, code="ambiguous_metric"), "m", open_options=(option,)))
    store.record(Turn(NOON, answer(2), "m", query=LOANS, choice=("余额", "loan")))
    conversation = store.conversation("张三", "早会")
    assert conversation.open_options == ()
    assert conversation.choices == (("余额", "loan"),)


def test_without_a_session_only_turn_and_audit_are_written(store: SqliteStore) -> None:
    assert store.record(Turn(NOON, answer(1, session=None), "m", query=DEPOSITS)) is None
    assert store.first_broken_audit_row() is None


def test_turns_come_back_in_order(store: SqliteStore) -> None:
    for number in (1, 2, 3):
        store.record(Turn(NOON, answer(number), "m", query=DEPOSITS))
    assert [t["question"] for t in store.turns("张三", "早会")] == ["问题1", "问题2", "问题3"]


def test_an_answer_without_audit_row_is_not_recorded_at_all(store: SqliteStore) -> None:
    store.record(Turn(NOON, answer(1), "m"))
    with pytest.raises(AuditError, match="状态库"):
        store.record(Turn(NOON, answer(1), "m", query=DEPOSITS))
    assert store.conversation("张三", "早会").turn == 1


@pytest.mark.parametrize("change", ["UPDATE audit SET entry = 'x'", "DELETE FROM audit"])
def test_audit_rows_cannot_be_changed(store: SqliteStore, tmp_path: Path, change: str) -> None:
    store.record(Turn(NOON, answer(1), "m"))
    with (
        sqlite3.connect(tmp_path / "state.db") as connection,
        pytest.raises(sqlite3.IntegrityError, match="审计记录不能"),
    ):
        connection.execute(change)


def test_the_chain_shows_a_row_changed_behind_its_back(store: SqliteStore, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        store.record(Turn(NOON, answer(number), "m"))
    with sqlite3.connect(tmp_path / "state.db") as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
        connection.execute("UPDATE audit SET entry = replace(entry, '问题2', '别的') WHERE seq = 2")
    assert store.first_broken_audit_row() == 2


def test_the_chain_shows_a_row_taken_out(store: SqliteStore, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        store.record(Turn(NOON, answer(number), "m"))
    with sqlite3.connect(tmp_path / "state.db") as connection:
        connection.execute("DROP TRIGGER audit_is_never_deleted")
        connection.execute("DELETE FROM audit WHERE seq = 2")
    assert store.first_broken_audit_row() == 3


def test_definitions_of_the_day_are_kept_once(store: SqliteStore) -> None:
    store.keep_manifest("h1", {"a.yml": "version: 1"})
    store.keep_manifest("h1", {"a.yml": "changed"})
    assert store.has_manifest("h1")
    assert store.manifest_sources("h1") == {"a.yml": "version: 1"}
    assert store.manifest_sources("h2") is None


def test_feedback_is_stored(store: SqliteStore, tmp_path: Path) -> None:
    store.add_feedback(Feedback(NOON, "a1", "张三", "wrong", "应为期末数"))
    rows = sqlite3.connect(tmp_path / "state.db").execute("SELECT verdict, comment FROM feedback")
    assert rows.fetchall() == [("wrong", "应为期末数")]


def test_an_export_stands_in_the_audit_trail(store: SqliteStore, tmp_path: Path) -> None:
    store.record(Turn(NOON, answer(1), "m"))
    store.add_export(Export(NOON, "a1", "张三", "xlsx"))
    rows = sqlite3.connect(tmp_path / "state.db").execute("SELECT entry FROM audit ORDER BY seq")
    entry = json.loads(rows.fetchall()[1][0])
    assert entry["event"] == "export"
    assert (entry["answer_id"], entry["user"], entry["format"]) == ("a1", "张三", "xlsx")
    assert store.first_broken_audit_row() is None


def test_threads_share_a_store(store: SqliteStore) -> None:
    def ask(start: int) -> None:
        for number in range(start, start + 20):
            store.record(Turn(NOON, answer(number), "m", query=DEPOSITS))

    threads = [threading.Thread(target=ask, args=(n * 100,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [t["turn"] for t in store.turns("张三", "早会")] == list(range(1, 81))
    assert store.first_broken_audit_row() is None


def _record_ten(path: Path, start: int) -> None:
    store = SqliteStore(path)
    for number in range(start, start + 10):
        store.record(Turn(NOON, answer(number), "m", query=DEPOSITS))


def test_processes_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.db"
    spawn = multiprocessing.get_context("spawn")  # a fork would copy locks that threads hold
    processes = [spawn.Process(target=_record_ten, args=(path, n * 100)) for n in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    store = SqliteStore(path)
    assert store.conversation("张三", "早会").turn == 30
    assert store.first_broken_audit_row() is None


def test_a_file_that_is_no_state_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("这不是数据库" * 100, encoding="utf-8")
    with pytest.raises(AuditError, match=r"\[state\] path"):
        SqliteStore(tmp_path / "state.db")


def test_a_newer_state_file_is_left_alone(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "state.db").close()
    with sqlite3.connect(tmp_path / "state.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(AuditError, match="升级"):
        SqliteStore(tmp_path / "state.db")
