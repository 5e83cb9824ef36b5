"""A month is read without the rest of its table: DuckDB skips blocks by their first and last date.

Held against the same rows perfectly sorted; a shuffled table would be read whole for every month.
"""

from __future__ import annotations

import re

import pytest

BLOCK = 122_880
MOST = 1.3
DATED = {
    "fact_txn": "txn_date",
    "fact_balance": "month_end",
    "fact_balance_day": "date",
    "fact_aum_day": "date",
    "fact_loan_day": "date",
    "fact_touch": "touch_date",
    "fact_cust_month": "month_end",
}
MONTHS = [(f"2026-{month:02}-01", f"2026-{month:02}-31") for month in range(1, 11)]


@pytest.mark.parametrize("table", DATED)
def test_a_month_touches_hardly_more_blocks_than_sorted_rows_would(bank, table):
    day = DATED[table]
    stored = bank.execute(
        "select sum(count), string_agg(stats) from pragma_storage_info(?)"
        " where column_name = ? and segment_type <> 'VALIDITY' group by row_group_id",
        [table, day],
    ).fetchall()
    blocks = [(int(count), *_ends(stats)) for count, stats in stored]
    days = [
        row[0] for row in bank.execute(f"select {day}::varchar from {table} order by 1").fetchall()
    ]
    parts = [days[at : at + BLOCK] for at in range(0, len(days), BLOCK)]
    ideal = [(len(part), part[0], part[-1]) for part in parts]
    assert sum(block[0] for block in blocks) >= len(days)
    read, needed = (sum(_read(kind, *month) for month in MONTHS) for kind in (blocks, ideal))
    assert read <= MOST * needed


def _ends(stats: str) -> tuple[str, str]:
    found = re.findall(r"\d{4}-\d\d-\d\d", stats)
    return min(found), max(found)


def _read(blocks: list[tuple[int, str, str]], first: str, last: str) -> int:
    return sum(count for count, low, high in blocks if high >= first and low <= last)
