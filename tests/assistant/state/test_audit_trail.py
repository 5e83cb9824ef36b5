"""The trail is filtered, and an answer of it is replayed as of its day."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from assistant import Assistant
from assistant.freshness import freshness
from assistant.replay import NOTHING_TO_RUN
from assistant.state import Wanted

QUESTION = "上个月各门店销售额是多少"


def test_the_trail_is_filtered_by_user_outcome_text_and_time(shop: Assistant):
    answered = shop.ask(QUESTION)
    shop.ask("流水")
    shop.ask("本月订单数", user="西店店长")
    shop.exported(answered.id, "csv")
    trail = shop.store().audit()

    def found(**wanted: object) -> list[tuple[str, str]]:
        return [(e.what, e.user) for e in trail.entries(Wanted(**wanted))]  # type: ignore[arg-type]

    everything = [
        ("export", "掌柜"),
        ("answer", "西店店长"),
        ("clarification", "掌柜"),
        ("answer", "掌柜"),
    ]
    assert found() == everything
    assert found(user="西店店长") == [("answer", "西店店长")]
    assert found(what="clarification") == [("clarification", "掌柜")]
    assert found(what="export") == [("export", "掌柜")]
    assert found(text="各门店") == [("answer", "掌柜")]
    assert found(text="SALES_AMOUNT", what="answer") == [("answer", "掌柜")]  # stands in its SQL
    assert found(text=answered.id) == [("export", "掌柜"), ("answer", "掌柜")]
    now = datetime.now(UTC)
    assert found(since=now - timedelta(hours=1)) == everything
    assert found(before=now - timedelta(hours=1)) == []
    assert found(since=now + timedelta(hours=1)) == []
    assert trail.users() == ("掌柜", "西店店长")
    assert trail.count(Wanted()) == 4
    assert [e.seq for e in trail.entries(Wanted(), most=2, skip=1)] == [3, 2]


def test_definitions_are_in_force_since_their_first_answer(shop: Assistant):
    assert shop.store().audit().in_force_since("never") is None
    before = datetime.now(UTC) - timedelta(hours=1)
    since = shop.store().audit().in_force_since(shop.manifest.hash)
    assert since is not None
    assert before < since


def test_an_answer_is_replayed_byte_for_byte(shop: Assistant):
    answer = shop.ask(QUESTION, as_of=date(2026, 11, 3))
    rows_before = shop.store().audit().count(Wanted())
    found = shop.replay(answer.id)
    assert found is not None
    assert found.is_same
    assert found.same_definitions
    assert [part.name for part in found.parts] == [
        "结局", "数据范围", "口径指纹", "读出的查询", "SQL", "结果行数", "结论句",
    ]  # fmt: skip
    assert shop.store().audit().count(Wanted()) == rows_before


def test_it_is_replayed_with_the_definitions_of_its_day(shop_folder: Path):
    shop = Assistant.open(shop_folder, environment={}, debug=True)
    answer = shop.ask(QUESTION)
    file = shop_folder / "catalog" / "shop.yml"
    file.write_text(file.read_text("utf-8").replace("expr: amount", "expr: amount * 2"), "utf-8")
    assert shop.ask(QUESTION).headline != answer.headline
    found = shop.replay(answer.id)
    shop.close()
    assert found is not None
    assert found.is_same
    assert not found.same_definitions


def test_what_differs_is_told_when_the_data_were_changed(shop_folder: Path):
    shop = Assistant.open(shop_folder, environment={}, debug=True)
    answer = shop.ask(QUESTION)
    shop.close()
    with duckdb.connect(str(shop_folder / "shop.duckdb")) as connection:
        connection.execute("UPDATE sales SET amount = 300 WHERE sale_id = 2")
    shop = Assistant.open(shop_folder, environment={}, debug=True)
    found = shop.replay(answer.id)
    shop.close()
    assert found is not None
    assert [part.name for part in found.parts if not part.is_same] == ["结论句"]


def test_later_data_do_not_move_the_dates_of_then(shop_folder: Path):
    shop = Assistant.open(shop_folder, environment={}, debug=True)
    answer = shop.ask("本月销售额")
    shop.close()
    with duckdb.connect(str(shop_folder / "shop.duckdb")) as connection:
        connection.execute("INSERT INTO sales VALUES (6, '2026-11-20', 1, '茶叶', 1, 0, '')")
    shop = Assistant.open(shop_folder, environment={}, debug=True)
    assert shop.ask("本月销售额").headline != answer.headline
    found = shop.replay(answer.id)
    shop.close()
    assert found is not None
    assert found.is_same


def test_rights_of_the_asker_hold_in_a_replay(make_shop: Callable[..., Path]):
    shop = Assistant.open(make_shop(rights=True), environment={}, debug=True)
    answer = shop.ask(QUESTION, user="西店店长")
    found = shop.replay(answer.id)
    shop.close()
    assert found is not None
    assert found.is_same
    assert {p.name: p.now for p in found.parts}["数据范围"] == "仅西店"


def test_what_gave_no_answer_cannot_be_replayed(shop: Assistant):
    found = shop.replay(shop.ask("流水").id)
    assert found is not None
    assert found.obstacle == NOTHING_TO_RUN
    assert shop.replay("nobody") is None


def test_the_first_broken_row_is_found(shop: Assistant):
    for _ in range(3):
        shop.ask(QUESTION)
    assert shop.store().first_broken_audit_row() is None
    with sqlite3.connect(shop.state_file) as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
        connection.execute("UPDATE audit SET entry = replace(entry, '门店', '分店') WHERE seq = 2")
    assert shop.store().first_broken_audit_row() == 2


@pytest.mark.parametrize(
    ("today", "late"), [(date(2026, 11, 22), False), (date(2026, 11, 23), True)]
)
def test_data_that_should_have_come_are_late(shop: Assistant, today: date, late: bool):
    """Rows of events may come three days after their day: up to 11-19 is late on 11-23."""
    found = {one.dataset: one for one in freshness(shop.snapshot(today))}
    assert found["sales"].last == date(2026, 11, 19)
    assert found["sales"].is_late is late
    assert found["shops"].due is None
