"""`wenshu rollup build` on the shop: used at once, and never for other data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

ROLLUP = """
version: 1
rollups:
  - {name: by_kind, metrics: [sales_amount], by: [kind], grain: month}
"""


def test_rollups_answer_until_the_data_changes(run: Callable[..., Any], shop_folder: Path) -> None:
    (shop_folder / "catalog" / "rollups.yml").write_text(ROLLUP, encoding="utf-8")
    question = ("ask", "10月各品类销售额", "--format", "json")
    before = json.loads(run(*question).out)
    assert "预汇总" not in before["sql"]
    assert "声明了但还没有建立" in run("doctor").out

    code, out, _ = run("rollup", "build")
    assert (code, out.startswith("by_kind_sales 3行")) == (0, True)
    after = json.loads(run(*question).out)
    assert "预汇总" in after["sql"]
    assert (after["rows"], after["columns"]) == (before["rows"], before["columns"])

    other = shop_folder / "other.duckdb"
    shutil.copy(shop_folder / "shop.duckdb", other)
    with duckdb.connect(str(other)) as connection:
        connection.execute("update sales set amount = amount + 1")
    other.replace(shop_folder / "shop.duckdb")
    changed = json.loads(run(*question).out)
    assert "预汇总" not in changed["sql"]
    assert changed["rows"] != after["rows"]
    assert "原来的预汇总不再使用" in run("doctor").out
