"""笔均, shares compared, means, bands, 小计: from the question or the query to the sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant import Assistant
from semantic_layer.query import (
    ColumnRef,
    Comparison,
    Cumulative,
    DimensionGroup,
    Focus,
    Limit,
    MetricQuery,
    MetricRef,
    Order,
    Period,
    Relative,
    Rolling,
    Scope,
    Share,
    TimeGroup,
)
from semantic_layer.query.codec import to_json

D = Decimal
OCTOBER = Scope(Period((Relative("month", -1),)))
SALES = MetricRef("sales_amount")
SHOPS, CITIES, MONTHS = DimensionGroup("shop"), DimensionGroup("city"), TimeGroup("month")


@pytest.mark.parametrize("question", ["10月笔均销售额", "上个月销售额笔均是多少"])
def test_sales_per_transaction(shop: Assistant, question: str) -> None:
    # 10月:100.50+200.00+50.25,三笔
    answer = shop.ask(question)
    assert answer.outcome == "answer"
    assert [column.id for column in answer.columns] == ["sales_amount.per_txn"]
    assert answer.rows[0][0] == pytest.approx(350.75 / 3)
    assert "笔均销售额116.92元" in (answer.headline or "")


def test_shares_and_how_they_changed(shop: Assistant) -> None:
    # 10月:西店200.00、东店150.75;11月1—19日:西店80、东店20;10月1—19日同上
    answer = shop.ask("本月各门店销售额占比环比")
    assert answer.outcome == "answer"
    found = {row[0]: row[-1] for row in answer.rows}
    assert answer.columns[-1].id == "sales_amount.mom.share"
    assert found["西店"] == pytest.approx(0.8 - 200 / 350.75)
    assert "无法计算" not in (answer.headline or "")


QUERIES = {
    "与平均比": MetricQuery((SALES,), (SHOPS,), OCTOBER, compare=(Comparison("average"),)),
    "单日最高": MetricQuery((MetricRef("sales_amount", stat="max"),), (), OCTOBER),
    "小计": MetricQuery((SALES,), (CITIES, SHOPS), OCTOBER, subtotals=(0,)),
    "年和月": MetricQuery((SALES,), (TimeGroup("year"), MONTHS), OCTOBER),
    "累计同比": MetricQuery(
        (SALES,), (MONTHS,), OCTOBER, window=Cumulative(), compare=(Comparison("yoy"),)
    ),
    "按交易日滚动": MetricQuery((SALES,), (MONTHS,), OCTOBER, window=Rolling("trading_day", 5)),
    "前几和名次": MetricQuery(
        (SALES,), (SHOPS,), OCTOBER, order=(Order(ColumnRef(0)),), limit=Limit(1),
        focus=Focus("shop", "东店"),
    ),
    "占比和环比": MetricQuery((SALES,), (SHOPS,), OCTOBER, share=Share(), compare=(Comparison("mom"),)),
}  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
def test_every_shape_has_a_reading_a_text_and_a_headline(shop: Assistant, name: str) -> None:
    answer = shop.run(to_json(QUERIES[name]))
    assert answer.outcome == "answer", answer.message
    assert answer.rows
    assert answer.reading
    assert answer.canonical
    assert answer.headline


def test_against_the_mean_the_sentence_says_above_or_below(shop: Assistant) -> None:
    # 西店200.00、东店150.75、南店0;平均116.92
    only = MetricQuery(
        (SALES,), (SHOPS,), OCTOBER, compare=(Comparison("average"),),
        order=(Order(ColumnRef(0)),), limit=Limit(1),
    )  # fmt: skip
    answer = shop.run(to_json(only))
    assert answer.rows[0][:2] == ("西店", D("200.00"))
    assert answer.rows[0][3] == pytest.approx(200 - 350.75 / 3)


def test_subtotals_are_rows_of_their_own(shop: Assistant) -> None:
    answer = shop.run(to_json(QUERIES["小计"]))
    assert ("银川", "小计", D("350.75")) in answer.subtotals
    assert all("小计" not in row for row in answer.rows)
