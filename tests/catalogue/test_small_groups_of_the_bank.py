"""两位飞行员: a group of two people is hidden everywhere, and cannot be worked out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.project import Assistant
from semantic_layer.query import (
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Period,
    Relative,
    Scope,
    TimeGroup,
)
from ui.cli.text_answer import text_answer
from ui.page.chart.frame import frame_of
from ui.page.export import csv_bytes
from ui.page.table import table_view

ROOT = Path(__file__).parents[2]
BY_OCCUPATION = "10月末按职业看客户数"
SECOND_SMALLEST = """
    SELECT coalesce(c.occupation, '未知')
    FROM fact_cust_month AS m LEFT JOIN dim_customer AS c USING (customer_id)
    WHERE m.month_end = '2026-10-31' AND m.status = '正常'
    GROUP BY 1 ORDER BY count(DISTINCT m.customer_id), 1 LIMIT 2
"""


@pytest.fixture(scope="module")
def bank(demo_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The small bank with the limits of the demonstration project."""
    folder = tmp_path_factory.mktemp("small-groups")
    folder.joinpath("wenshu.toml").write_text(
        f"""
[project]
name = "示例银行(虚拟数据)"
catalog = "{ROOT / "metrics" / "catalog"}"
as_of = "2026-11-20"
default_user = "演示用户"
[database]
path = "{demo_small}"
[limits]
min_group_size = 3
[state]
path = "state.db"
[[users]]
name = "演示用户"
roles = ["analyst"]
""",
        encoding="utf-8",
    )
    assistant = Assistant.open(folder, environment={})
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def by_occupation(bank: Assistant) -> Answer:
    return bank.ask(BY_OCCUPATION)


@pytest.fixture(scope="module")
def hidden(small_bank) -> set[str]:
    """飞行员 and, so that the total does not give them away, the next smallest group."""
    members = {name for (name,) in small_bank.execute(SECOND_SMALLEST).fetchall()}
    assert "飞行员" in members
    return members


def test_rows_hide_the_two_and_one_more_group(by_occupation, hidden, small_bank):
    shown = {name: str(value) for name, value in by_occupation.rows}
    assert {name for name, value in shown.items() if value == "***"} == hidden
    [(everybody,)] = small_bank.execute(
        "SELECT count(DISTINCT customer_id) FROM fact_cust_month "
        "WHERE month_end = '2026-10-31' AND status = '正常'"
    ).fetchall()
    assert by_occupation.totals == {"cust_cnt": everybody}
    rest = sum(int(value) for value in shown.values() if value != "***")
    assert everybody - rest > 2
    assert "suppressed" in {warning.code for warning in by_occupation.warnings}


def test_the_headline_names_no_hidden_group(by_occupation, hidden):
    assert by_occupation.headline is not None
    assert not any(name in by_occupation.headline for name in hidden)
    assert "人数过少的组不显示" in by_occupation.headline
    assert "其余职业中" in by_occupation.headline


def test_json_says_null(by_occupation, hidden):
    for text in (by_occupation.to_json(), json.dumps(by_occupation.to_dict())):
        rows = dict(json.loads(text)["rows"])
        assert {name for name, value in rows.items() if value is None} == hidden


def test_the_chart_leaves_a_gap(by_occupation, hidden):
    assert by_occupation.chart is not None
    frame = frame_of(by_occupation, by_occupation.chart)
    [line] = frame.lines
    gaps = {n for n, v in zip(frame.categories, line.values, strict=True) if v is None}
    assert gaps == hidden


def test_tables_and_exports_say_three_stars(by_occupation, hidden):
    view = table_view(by_occupation)
    assert view is not None
    assert {row[0].text for row in view.rows if row[1].text == "***"} == hidden
    exported = csv.reader(io.StringIO(csv_bytes(by_occupation, "示例银行").decode("utf-8-sig")))
    assert {line[0] for line in exported if len(line) > 1 and line[1] == "***"} == hidden
    assert text_answer(by_occupation).count("***") >= len(hidden)


def test_one_cell_about_two_people_is_hidden(bank):
    answer = bank.ask("10月末职业是飞行员的客户AUM")
    assert [str(cell) for (cell,) in answer.rows] == ["***"]
    assert "***" in (answer.headline or "")
    assert "无法计算" not in (answer.headline or "")


def test_shares_keep_everybody_in_the_whole(bank, hidden, small_bank):
    answer = bank.ask("10月末各职业客户数占比")
    counted = dict(
        small_bank.execute(
            "SELECT coalesce(c.occupation, '未知'), count(DISTINCT m.customer_id) "
            "FROM fact_cust_month AS m LEFT JOIN dim_customer AS c USING (customer_id) "
            "WHERE m.month_end = '2026-10-31' AND m.status = '正常' GROUP BY 1"
        ).fetchall()
    )
    everybody = sum(counted.values())
    for name, value, share in answer.rows:
        if name in hidden:
            assert (str(value), str(share)) == ("***", "***")
        else:
            assert float(share) == pytest.approx(counted[name] / everybody)


def test_small_branches_are_no_small_groups(bank):
    answer = bank.ask("10月19日各分行新增客户数")
    assert not any(str(value) == "***" for _, value in answer.rows)
    assert "suppressed" not in {warning.code for warning in answer.warnings}


@pytest.mark.parametrize(
    "groups",
    [
        ("occupation",),
        ("occupation", "branch"),
        ("age_band", "outlet"),
        ("education", "gender", "cust_level"),
        ("risk_tolerance", "outlet"),
        ("interest", "@month"),
        ("age_band", "branch", "@month"),
    ],
    ids="+".join,
)
def test_no_answer_shows_or_implies_fewer_than_three_people(bank, groups):
    """客户数就是人数:显示的都不少于三户;同期隐去的合起来也不少于三户,且不止一组."""
    period = Period((Relative("quarter", -1) if "@month" in groups else Relative("month", -1),))
    query = MetricQuery(
        (MetricRef("cust_cnt"),),
        tuple(TimeGroup(g[1:]) if g[0] == "@" else DimensionGroup(g) for g in groups),
        Scope(period),
    )
    answer = bank.run(query)
    assert answer.code == "answered"
    values = [row[-1] for row in answer.rows]
    assert all(value is None or value == 0 or str(value) == "***" or value >= 3 for value in values)
    hidden = sum(str(value) == "***" for value in values)
    assert hidden != 1
    if hidden and "@month" not in groups:
        shown = sum(value for value in values if isinstance(value, int))
        assert answer.totals["cust_cnt"] - shown >= 3


@pytest.mark.parametrize(
    "question",
    [
        "10月末除飞行员外的客户数",
        "10月末飞行员和教师的客户数合计",
        "10月末除飞行员外的AUM",
        "10月末除飞行员和教师外的客户数",
    ],
)
def test_what_is_left_without_the_two_does_not_give_them_away(bank, question):
    answer = bank.ask(question)
    assert answer.outcome == "answer", answer.message
    assert {str(cell) for row in answer.rows for cell in row} == {"***"}
    assert "suppressed" in {warning.code for warning in answer.warnings}


def test_leaving_out_many_is_answered(bank, small_bank):
    [(others,)] = small_bank.execute(
        "SELECT count(DISTINCT m.customer_id) "
        "FROM fact_cust_month AS m LEFT JOIN dim_customer AS c USING (customer_id) "
        "WHERE m.month_end = '2026-10-31' AND m.status = '正常' "
        "AND c.occupation IS DISTINCT FROM '教师'"
    ).fetchall()
    assert bank.ask("10月末除教师外的客户数").rows == ((others,),)


def test_only_the_groups_that_give_somebody_away_are_hidden(bank, small_bank):
    few = {
        branch
        for branch, count in small_bank.execute(
            "SELECT o.branch, count(DISTINCT m.customer_id) "
            "FROM fact_cust_month AS m JOIN dim_customer AS c USING (customer_id) "
            "JOIN dim_org AS o ON o.org_id = c.org_id "
            "WHERE m.month_end = '2026-10-31' AND m.status = '正常' AND c.occupation = '飞行员' "
            "GROUP BY 1"
        ).fetchall()
        if count < 3
    }
    answer = bank.ask("10月末各分行除飞行员外的客户数")
    assert few
    assert {row[0] for row in answer.rows if str(row[1]) == "***"} == few
    assert {str(cell) for cell in answer.totals.values()} == {"***"}
