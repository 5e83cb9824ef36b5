"""A table is due as its slowest reader says: month ends are loaded by the month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import metrics
from metrics.live.dates import due_day

DEFINITIONS = """\
version: 1
datasets:
  - name: balances
    label: 月末余额
    source: month_ends
    key: [account_id, month_end]
    grain: month
    time: month_end
    data_date: {from: etl_load}
    fields: []
  - name: openings
    label: 开立
    source: month_ends
    key: [account_id, month_end]
    time: opened_on
    data_date: {from: etl_load}
    fields: []
  - name: sales
    label: 流水
    source: sales
    key: sale_id
    time: sold_on
    data_date: {from: etl_load}
    fields: []
"""


def test_days_read_out_of_month_ends_are_due_with_the_month(tmp_path: Path):
    (tmp_path / "all.yml").write_text(DEFINITIONS, "utf-8")
    manifest, _ = metrics.load(tmp_path)
    assert manifest is not None

    def due(name: str, today: date) -> date | None:
        return due_day(manifest.datasets[name], manifest, today)

    for today, month_end in (
        (date(2026, 11, 20), date(2026, 10, 31)),
        (date(2026, 11, 5), date(2026, 9, 30)),  # ten days after its end a month may still come
    ):
        assert due("balances", today) == due("openings", today) == month_end
    assert due("sales", date(2026, 11, 20)) == date(2026, 11, 17)
