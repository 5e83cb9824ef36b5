"""`wenshu rollup build` on the shop: used at once, and never for other data or definitions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

ROLLUP = """
version: 1
rollups:
  - {name: by_kind, metrics: [sales_amount], by: [kind], grain: month}
  - {name: by_shop, metrics: [refund_amount], by: [shop], grain: date}
"""
BY_KIND = ("ask", "10月各品类销售额", "--format", "json")
BY_SHOP = ("ask", "10月各门店退款额", "--format", "json")
BUILD = ("rollup", "build", "--format", "json")


@pytest.fixture
def rolled_shop(shop_folder: Path) -> Path:
    """The shop with two rollups declared."""
    (shop_folder / "catalog" / "rollups.yml").write_text(ROLLUP, encoding="utf-8")
    return shop_folder


def sidecar(folder: Path) -> Path:
    """The file that was built."""
    (found,) = folder.rglob("rollups-*.duckdb")
    return found


def edited(folder: Path, before: str, after: str) -> None:
    """The shop's definitions with one thing changed."""
    file = folder / "catalog" / "shop.yml"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_rollups_answer_until_the_data_changes(run: Callable[..., Any], rolled_shop: Path) -> None:
    before = json.loads(run(*BY_KIND).out)
    assert "预汇总" not in before["sql"]
    assert "声明了但还没有建立" in run("doctor").out

    code, out, _ = run("rollup", "build")
    assert (code, out.startswith("by_kind_sales 3行")) == (0, True)
    after = json.loads(run(*BY_KIND).out)
    assert "取自预汇总 by_kind" in after["sql"]
    assert (after["rows"], after["columns"]) == (before["rows"], before["columns"])

    other = rolled_shop / "other.duckdb"
    shutil.copy(rolled_shop / "shop.duckdb", other)
    with duckdb.connect(str(other)) as connection:
        connection.execute("update sales set amount = amount + 1")
    other.replace(rolled_shop / "shop.duckdb")
    changed = json.loads(run(*BY_KIND).out)
    assert "预汇总" not in changed["sql"]
    assert changed["rows"] != after["rows"]
    assert "原来的预汇总不再使用" in run("doctor").out


def test_only_what_changed_goes_out_of_use_and_is_built_anew(
    run: Callable[..., Any], rolled_shop: Path
) -> None:
    run(*BUILD)
    edited(rolled_shop, "统计期内的销售金额合计", "统计期内卖出的金额")
    edited(rolled_shop, "统计期内的退款金额合计", "统计期内退回的金额")
    assert "取自预汇总 by_kind" in json.loads(run(*BY_KIND).out)["sql"]
    assert "取自预汇总 by_shop" in json.loads(run(*BY_SHOP).out)["sql"]

    edited(rolled_shop, "expr: amount\n", "expr: amount - refund\n")
    answer = json.loads(run(*BY_KIND).out)
    assert "预汇总" not in answer["sql"]
    assert sorted(row[-1] for row in answer["rows"]) == [50.25, 290.5]
    assert "取自预汇总 by_shop" in json.loads(run(*BY_SHOP).out)["sql"]
    assert "要重建才用的:by_kind_sales" in run("doctor").out

    built = json.loads(run(*BUILD).out)
    assert [(t["name"], t["kept"]) for t in built["tables"]] == [
        ("by_kind_sales", False), ("by_shop_sales", True),
    ]  # fmt: skip
    again = json.loads(run(*BY_KIND).out)
    assert "取自预汇总 by_kind" in again["sql"]
    assert again["rows"] == answer["rows"]
    assert "取自预汇总 by_shop" in json.loads(run(*BY_SHOP).out)["sql"]


def test_what_a_formula_reads_belongs_to_it(run: Callable[..., Any], rolled_shop: Path) -> None:
    """The kind of a sale becomes another formula; the metrics are as they were."""
    run(*BUILD)
    edited(rolled_shop, "{name: kind, label: 品类,", "{name: kind, label: 品类, expr: lower(kind),")
    assert "预汇总" not in json.loads(run(*BY_KIND).out)["sql"]
    assert "取自预汇总 by_shop" in json.loads(run(*BY_SHOP).out)["sql"]


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:6000])


def _scratched(file: Path) -> None:
    """One block of a table is damaged, the head is whole."""
    content = bytearray(file.read_bytes())
    content[12288 + 64 : 12288 + 4096] = bytes(4032)
    file.write_bytes(content)


def _foreign(file: Path) -> None:
    file.write_text("不是数据库", encoding="utf-8")


def _half_built(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop table rollup_info")


def _without_a_table(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop table by_shop_sales")


def _older(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("update rollup_info set value = '1' where name = 'format'")


def _garbled(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("update rollup_info set value = '{}' where name = 'by_kind_sales'")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_cut, "不完整或已损坏"),
        (_scratched, "不完整或已损坏"),
        (_foreign, "不完整或已损坏"),
        (_half_built, "不完整或已损坏"),
        (_without_a_table, "不完整或已损坏"),
        (_garbled, "不完整或已损坏"),
        (_older, "由另一版本的问数建立"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_not_used(
    run: Callable[..., Any], rolled_shop: Path, harm: Callable[[Path], None], told: str
) -> None:
    before = json.loads(run(*BY_KIND).out)
    run(*BUILD)
    harm(sidecar(rolled_shop))
    after = json.loads(run(*BY_KIND).out)
    assert "预汇总" not in after["sql"]
    assert after["rows"] == before["rows"]
    assert f"{told},已忽略,结果不受影响;要更快请运行 wenshu rollup build" in run("doctor").out
    run(*BUILD)
    assert "取自预汇总 by_kind" in json.loads(run(*BY_KIND).out)["sql"]
    assert "取自预汇总 by_shop" in json.loads(run(*BY_SHOP).out)["sql"]


def test_what_an_interrupted_build_left_is_cleared_away(
    run: Callable[..., Any], rolled_shop: Path
) -> None:
    run(*BUILD)
    left = sidecar(rolled_shop).with_suffix(".new")
    left.write_bytes(b"half")
    assert run("rollup", "build").code == 0
    assert not left.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("rollup",), 2, "后面还要写子命令:build。"),
        (("rollup", "biuld"), 2, "没有命令“biuld”,您是不是想写 build?"),
        (("rollup", "build", "by_kind"), 2, "多出了参数 by_kind。带空格的内容请加引号。"),
        (("rollup", "build", "--format", "csv"), 2, "只支持 text 和 json 格式,现在是“csv”。"),
        (("rollup", "build", "--frmat", "json"), 2, "没有选项 --frmat,您是不是想写 --format?"),
    ],
)
def test_a_wrong_command_line_is_one_sentence(
    run: Callable[..., Any], rolled_shop: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (code, "")
    assert told in ended.err
    assert len(ended.err.splitlines()) == 1


def test_nothing_declared_is_said(run: Callable[..., Any], shop_folder: Path) -> None:
    ended = run("rollup", "build")
    assert (ended.code, ended.out) == (0, "没有可以建立的预汇总:请在口径文件的 rollups: 里声明\n")
    assert not list(shop_folder.rglob("rollups-*"))


def test_a_missing_database_is_one_sentence(run: Callable[..., Any], rolled_shop: Path) -> None:
    (rolled_shop / "shop.duckdb").unlink()
    ended = run("rollup", "build")
    assert (ended.code != 0, len(ended.err.splitlines())) == (True, 1)
    assert "找不到数据库文件" in ended.err
