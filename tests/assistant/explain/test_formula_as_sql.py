"""The formula on the 口径 card as SQL."""

from __future__ import annotations

import duckdb
import pytest

from assistant import Assistant
from assistant.explain.formula_sql import formula_sql


@pytest.mark.parametrize(
    ("metric", "written"),
    [
        ("sales_amount", "SELECT SUM(amount) FROM sales"),
        ("order_count", "SELECT COUNT(*) FROM sales"),
    ],
)
def test_a_formula_names_table_and_column(shop: Assistant, metric: str, written: str) -> None:
    assert " ".join(formula_sql(metric, shop.manifest).split()) == written


def test_the_card_of_an_answer_carries_it(shop: Assistant) -> None:
    (card,) = shop.ask("上个月销售额").definitions
    assert "SUM(amount)" in str(card.to_dict()["sql"])


def test_what_is_written_can_be_run(shop: Assistant) -> None:
    with duckdb.connect(str(shop.database), read_only=True) as rows:
        for name in shop.manifest.metrics:
            assert rows.execute(formula_sql(name, shop.manifest)).fetchall()
