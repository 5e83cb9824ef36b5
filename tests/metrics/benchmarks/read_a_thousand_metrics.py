"""How long 1,000 metrics take to read and lint; the bound is one second on two cores.

Run: python tests/metrics/benchmarks/read_a_thousand_metrics.py
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import metrics

FILES, PER_FILE = 20, 50
DATASET = """
datasets:
  - name: balances_{file}
    label: 余额快照{file}
    source: fact_balance_{file}
    key: [account_id, month_end]
    grain: month
    time: month_end
    fields:
      - {{name: line_{file}, label: 产品线{file}, values: {{存款{file}: [储蓄{file}], 理财{file}: }}}}
metrics:
"""
METRIC = """
  - name: m_{id}
    label: 第{id}号余额
    synonyms: [别名{id}, 又名{id}, 俗称{id}]
    description: 统计期最后一个快照日的余额合计,只含第{id}号产品,不含保证金
    owner: 零售数据部
    status: certified
    unit: CNY
    direction: up_is_good
    agg: sum
    expr: end_balance * (1 - rate_{id})
    filter: "line_{file} = '存款{file}' and account_id <> 'X{id}'"
    semi_additive: {{over: month_end, take: last}}
    certified: {{by: 数据治理委员会, date: 2026-09-01, hash: h1}}
"""


def main() -> None:
    """Writes the files into a temporary folder and prints the best of three readings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in range(FILES):
            ids = range(file * PER_FILE, (file + 1) * PER_FILE)
            text = DATASET.format(file=file)
            text += "".join(METRIC.format(id=i, file=file) for i in ids)
            (folder / f"f{file:02}.yml").write_text(text, encoding="utf-8")
        seconds = []
        for _ in range(3):
            started = time.perf_counter()
            loaded = metrics.load(folder)
            seconds.append(time.perf_counter() - started)
        assert loaded.manifest is not None
        print(f"{len(loaded.manifest.metrics)} 个指标,读入并检查 {min(seconds):.2f} 秒", end="")
        print(f"(首次 {seconds[0]:.2f} 秒)")


if __name__ == "__main__":
    main()
