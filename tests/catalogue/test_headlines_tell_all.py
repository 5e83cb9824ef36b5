"""The sentence above the table holds every restriction, and names what was ranked."""

from __future__ import annotations

import duckdb

from assistant.project import Assistant


def test_a_kind_of_day_is_named_in_the_headline(small_assistant: Assistant) -> None:
    assert "(只算周末)" in (small_assistant.ask("10月周末交易金额").headline or "")
    assert "(只算工作日)" in (small_assistant.ask("10月工作日交易笔数").headline or "")


def test_a_ranking_by_growth_names_the_fastest_not_the_largest(
    small_assistant: Assistant, small_bank: duckdb.DuckDBPyConnection
) -> None:
    grown = small_bank.execute(
        """
        select branch, sum(end_balance) filter (month_end = date '2026-10-31')
               / sum(end_balance) filter (month_end = date '2025-10-31') as growth
        from fact_balance join dim_customer using (customer_id)
        join dim_org on dim_org.org_id = dim_customer.org_id
        where product_line = '存款' and branch like '%分行' group by 1 order by growth desc
        """
    ).fetchall()
    headline = small_assistant.ask("各分行存款同比增速排名").headline or ""
    assert f"同比增速最高的是{grown[0][0]}(" in headline
    assert f"最低的是{grown[-1][0]}(" in headline
