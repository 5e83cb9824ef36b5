"""Down and up by clicks: the numbers are those of SQL written by hand."""

from __future__ import annotations

import duckdb

from assistant import Answer, Assistant
from assistant.explore import Choice

NEW_BY_BRANCH = "上个月各分行新增客户数是多少"


def drill(bank: Assistant, answer: Answer, label: str, **row: object) -> Answer:
    """The answer after one click on a row."""
    with bank.exploring(answer.query or {}, answer.user) as explorer:
        choices = [c for s in explorer.drills(row) for c in s.choices]  # type: ignore[arg-type]
    return click(bank, answer, choices, label)


def roll_up(bank: Assistant, answer: Answer, label: str) -> Answer:
    with bank.exploring(answer.query or {}, answer.user) as explorer:
        choices = list(explorer.rollups())
    return click(bank, answer, choices, label)


def click(bank: Assistant, answer: Answer, choices: list[Choice], label: str) -> Answer:
    choice = next(choice for choice in choices if choice.label == label)
    changed = bank.run(choice.change, answer.user, answer.session)
    assert changed.outcome == "answer", changed.message
    return changed


def test_from_branches_to_sub_branches_and_back(
    bank: Assistant, rows: duckdb.DuckDBPyConnection
) -> None:
    by_hand = rows.execute(
        "select o.sub_branch, count(distinct c.customer_id) from dim_customer c "
        "join dim_org o using (org_id) where o.branch = '银川分行' "
        "and c.open_date between '2026-10-01' and '2026-10-31' group by 1"
    ).fetchall()
    first = bank.ask(NEW_BY_BRANCH, session="下钻")
    lower = drill(bank, first, "看各支行", branch="银川分行")
    assert {name: n for name, n in lower.rows if n} == dict(by_hand)
    above = roll_up(bank, lower, "上卷到分行")
    assert (above.query, above.rows) == (first.query, first.rows)


def test_the_conversation_goes_on_from_where_clicks_led(bank: Assistant) -> None:
    first = bank.ask(NEW_BY_BRANCH, session="接着问")
    lower = drill(bank, first, "看各支行", branch="银川分行")
    later = bank.ask("9月呢", session="接着问")
    assert [c.id for c in later.columns] == [c.id for c in lower.columns]
    assert "银川分行" in (later.reading or "")
    assert "2026年9月" in (later.reading or "")


def test_from_months_to_days_and_back(bank: Assistant, rows: duckdb.DuckDBPyConnection) -> None:
    (whole,) = rows.execute(
        "select count(distinct customer_id) from dim_customer "
        "where open_date between '2026-10-01' and '2026-10-31'"
    ).fetchall()[0]
    first = bank.ask("今年各月新增客户数", session="按日")
    days = drill(bank, first, "看各日", month="2026-10")
    assert len(days.rows) == 31
    assert sum(n for _, n in days.rows) == whole
    months = roll_up(bank, days, "上卷到月")
    assert months.rows == first.rows


def test_only_one_row_is_its_number(bank: Assistant) -> None:
    first = bank.ask(NEW_BY_BRANCH, session="只看")
    alone = drill(bank, first, "只看银川分行", branch="银川分行")
    assert alone.rows == ((dict(first.rows)["银川分行"],),)


def test_what_was_said_of_branches_does_not_bind_their_outlets(bank: Assistant) -> None:
    first = bank.ask("10月各分行新增客户数前3", session="前三")
    assert len(first.rows) == 3
    lower = drill(bank, first, "看各支行", branch=first.rows[0][0])
    assert lower.query is not None
    assert "limit" not in lower.query
    assert sum(n for _, n in lower.rows) == first.rows[0][1]


def test_a_point_of_two_groups_is_held_in_both(bank: Assistant) -> None:
    first = bank.ask("今年各分行各月新增客户数", session="两组")
    index = [c.id for c in first.columns]
    row = next(r for r in first.rows if r[-1])
    groups = dict(zip(index[:-1], row[:-1], strict=True))
    with bank.exploring(first.query or {}) as explorer:
        only = next(s for s in explorer.drills(groups) if s.title == "只看").choices[0]
    assert bank.run(only.change, session="两组").rows == ((row[-1],),)
