"""An owner changes a definition: tried before, in force at once, written down."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assistant import Assistant
from assistant.editing import NotSavedError
from assistant.errors import AuditError
from assistant.state import SqliteStore, Wanted
from metrics.editing.files import ConflictError

SETTINGS = """
[project]
name = "小店"
catalog = "catalog"
as_of = "2026-03-10"
default_user = "店长"
[database]
path = "shop.duckdb"
[state]
path = "state.db"
[[users]]
name = "店长"
roles = ["seller", "owner"]
[[users]]
name = "店员"
roles = ["seller"]
"""
DEFINITIONS = """\
version: 1
domain: 零售/订单
datasets:
  - name: orders
    label: 订单
    source: t_order
    key: order_id
    time: order_date
    fields:
      - {name: city, label: 城市, values: {甲: [甲城], 乙: []}}   # 两城
metrics:
  - name: sales   # 含税
    label: 销售额
    synonyms: [营业额]
    description: 已付款订单的金额合计
    owner: 财务部
    status: certified
    unit: CNY
    agg: sum
    expr: amount
    filter: "state = '已付款'"
    certified: {by: 委员会, date: 2026-01-01, hash: HASH}
policies:
  - {role: seller, unrestricted: [orders]}
"""
ORDERS = [  # two whole months with more than one: 100 + 50 paid, 30 not; 70 paid, 5 not
    (0, date(2024, 12, 5), "甲", 1, "已付款"),
    (1, date(2026, 1, 5), "甲", 100, "已付款"),
    (2, date(2026, 1, 9), "乙", 50, "已付款"),
    (3, date(2026, 1, 9), "乙", 30, "已取消"),
    (4, date(2026, 2, 3), "甲", 70, "已付款"),
    (5, date(2026, 2, 4), "甲", 5, "已取消"),
    (6, date(2026, 3, 4), "甲", 9, "已付款"),
]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Assistant]:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as bank:
        bank.execute(
            "create table t_order(order_id int, order_date date, city text,"
            " amount decimal(12,2), state text)"
        )
        bank.executemany("insert into t_order values (?, ?, ?, ?, ?)", ORDERS)
    (tmp_path / "wenshu.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "orders.yml").write_text(certified(DEFINITIONS), "utf-8")
    opened = Assistant.open(tmp_path, environment={})
    yield opened
    opened.close()


def certified(text: str) -> str:
    """With the fingerprint that lint asks for."""
    return text.replace(", hash: HASH", "")


def draft_of_sales(shop: Assistant):
    return shop.editor().open(shop.manifest.metrics["sales"])


def number(shop: Assistant, question: str):
    answer = shop.ask(question)
    assert answer.outcome == "answer", answer.message
    return [row[-1] for row in answer.rows]


def test_a_new_word_is_understood_as_soon_as_it_is_saved(shop: Assistant):
    assert shop.ask("2026年1月进账多少").outcome != "answer"
    editor = shop.editor()
    draft = draft_of_sales(shop).with_value(("synonyms",), ["营业额", "进账"])
    saved = editor.save(draft)
    assert number(shop, "2026年1月进账是多少") == [150]
    file = shop.catalog / "orders.yml"
    assert file.read_text("utf-8") == certified(DEFINITIONS).replace("[营业额]", "[营业额, 进账]")
    [edit] = shop.editor().edits("orders.yml")
    assert (edit["event"], edit["user"], edit["metric"]) == ("edit", "店长", "sales")
    assert (edit["hash_before"], edit["hash_after"]) == (saved.hash_before, saved.hash_after)
    assert edit["manifest_after"] == shop.manifest.hash != edit["manifest_before"]
    assert "+    synonyms: [营业额, 进账]" in edit["diff"].splitlines()
    assert shop.store().first_broken_audit_row() is None
    assert shop.editor().author_of("orders.yml", shop.editor().read("orders.yml")) == "店长"


def test_the_preview_shows_twelve_periods_before_and_after_and_saves_nothing(shop: Assistant):
    editor, before = shop.editor(), (shop.catalog / "orders.yml").read_bytes()
    draft = draft_of_sales(shop).with_value(("filter",), None)
    checked = editor.check(draft)
    assert checked.manifest is not None
    shown = editor.preview(draft, checked)
    assert [row.period for row in shown.rows][::11] == ["2025-03", "2026-02"]
    assert len(shown.rows) == 12
    assert [(r.before, r.after) for r in shown.rows if r.is_changed] == [
        ("150.00元", "180.00元"),
        ("70.00元", "75.00元"),
    ]
    assert (shop.catalog / "orders.yml").read_bytes() == before
    assert number(shop, "2026年1月销售额是多少") == [150]
    assert shop.editor().edits("orders.yml") == ()


def test_another_unit_is_another_number(shop: Assistant):
    editor, draft = shop.editor(), draft_of_sales(shop).with_value(("unit",), "USD")
    checked = editor.check(draft)
    assert checked.manifest is not None
    shown = editor.preview(draft, checked)
    assert shown.changed == 12
    assert (shown.rows[-1].before, shown.rows[-1].after) == ("70.00元", "70.00美元")


def test_a_new_metric_can_be_tried_and_asked_for(shop: Assistant):
    editor = shop.editor()
    values = {"name": "cancelled", "label": "取消金额", "unit": "CNY", "agg": "sum",
              "expr": "amount", "filter": "state = '已取消'"}  # fmt: skip
    draft = editor.begin("orders.yml", values)
    checked = editor.check(draft)
    assert checked.manifest is not None
    assert {f.code for f in checked.findings} >= {"M203", "M204"}
    tried = editor.preview(draft, checked)
    assert [r.after for r in tried.rows][-2:] == ["30.00元", "5.00元"]
    assert {r.before for r in tried.rows} == {""}
    editor.save(draft)
    assert number(shop, "2026年1月取消金额是多少") == [30]


def test_who_is_no_owner_can_look_and_not_save(shop: Assistant):
    editor = shop.editor("店员")
    draft = draft_of_sales(shop).with_value(("label",), "流水")
    assert "口径负责人" in editor.refusal
    with pytest.raises(NotSavedError, match="口径负责人"):
        editor.save(draft)
    assert draft.base == editor.read("orders.yml")


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        ("  - name: sales\n    label: [", "M004", None),
        ("  - name: sales\n    label: 销售额\n    unti: CNY\n", "M010", 14),
        ("  - name: sales\n    label: 销售额\n    unit: CNY\n    agg: sum\n    expr: amuont\n",
         "M302", None),
    ],
)  # fmt: skip
def test_a_draft_that_does_not_load_can_not_be_saved(shop: Assistant, lines, code, line):
    editor = shop.editor()
    draft = draft_of_sales(shop).with_lines(lines)
    checked = editor.check(draft)
    assert checked.manifest is None
    error = next(f for f in checked.errors if f.code == code)
    assert error.at is not None
    assert error.at.file == "catalog/orders.yml"
    assert line is None or error.at.line == line
    with pytest.raises(NotSavedError, match=rf"catalog/orders.yml:\d+ {checked.errors[0].code}"):
        editor.save(draft)
    assert number(shop, "2026年1月销售额是多少") == [150]


def test_a_metric_is_never_renamed(shop: Assistant):
    editor = shop.editor()
    lines = "  - {name: turnover, label: 销售额, unit: CNY, agg: sum, expr: amount}\n"
    with pytest.raises(NotSavedError, match="标识永不改变"):
        editor.save(draft_of_sales(shop).with_lines(lines))


def test_a_folder_that_only_may_be_read_can_be_tried_and_not_saved(
    shop: Assistant, monkeypatch: pytest.MonkeyPatch
):
    editor = shop.editor()
    draft = draft_of_sales(shop).with_value(("label",), "流水")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert editor.check(draft).manifest is not None
    with pytest.raises(NotSavedError, match="只读"):
        editor.save(draft)


def test_a_change_of_somebody_else_is_told_and_both_can_be_had(shop: Assistant):
    first, second = shop.editor(), shop.editor()
    mine = draft_of_sales(shop).with_value(("description",), "含税")
    theirs = draft_of_sales(shop).with_value(("label",), "流水")
    second.save(theirs)
    with pytest.raises(ConflictError) as told:
        first.save(mine)
    assert mine.begun_from(told.value.now) is None
    assert first.author_of("orders.yml", told.value.now) == "店长"
    first.save(mine.over(told.value.now))
    assert shop.manifest.metrics["sales"].label == "销售额"
    assert shop.manifest.metrics["sales"].description == "含税"


def test_a_change_elsewhere_in_the_file_moves_the_draft_to_the_newer_file(shop: Assistant):
    editor = shop.editor()
    mine = draft_of_sales(shop).with_value(("label",), "流水")
    editor.save(editor.begin("orders.yml", {"name": "n", "label": "订单数", "unit": "笔",
                                            "agg": "count"}))  # fmt: skip
    moved = mine.begun_from(editor.read("orders.yml"))
    assert moved is not None
    editor.save(moved)
    assert {m.label for m in shop.manifest.metrics.values()} == {"流水", "订单数"}


def test_without_the_note_in_the_audit_trail_nothing_is_saved(
    shop: Assistant, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise AuditError("磁盘已满")

    before = (shop.catalog / "orders.yml").read_bytes()
    monkeypatch.setattr(SqliteStore, "add_edit", full)
    with pytest.raises(AuditError):
        shop.editor().save(draft_of_sales(shop).with_value(("label",), "流水"))
    assert (shop.catalog / "orders.yml").read_bytes() == before


def test_a_note_that_fails_at_the_very_end_brings_the_file_back(
    shop: Assistant, monkeypatch: pytest.MonkeyPatch
):
    def published_but_not_noted(_store: object, _edit: object, publish) -> None:
        publish()
        raise AuditError("磁盘已满")

    before = (shop.catalog / "orders.yml").read_bytes()
    monkeypatch.setattr(SqliteStore, "add_edit", published_but_not_noted)
    with pytest.raises(AuditError):
        shop.editor().save(draft_of_sales(shop).with_value(("label",), "流水"))
    assert (shop.catalog / "orders.yml").read_bytes() == before


def test_a_formula_that_changes_takes_its_certificate_back(shop: Assistant):
    editor = shop.editor()
    draft = draft_of_sales(shop).with_value(("filter",), "state <> '已取消'")
    assert "M217" in {f.code for f in editor.check(draft_of_sales(shop)).findings}
    assert editor.check(draft).manifest is not None


def city(shop: Assistant):
    return shop.editor().open(shop.manifest.dimensions["city"])


def test_a_dimension_and_its_values_get_new_words_and_keep_every_other_byte(shop: Assistant):
    assert shop.ask("2026年1月东城销售额是多少").outcome != "answer"
    draft = city(shop).with_value(("synonyms",), ["门店城市"])
    draft = draft.with_value(("values", "乙"), ["东城"])
    shop.editor().save(draft)
    assert number(shop, "2026年1月东城销售额是多少") == [50]
    assert sorted(number(shop, "2026年1月各门店城市销售额")) == [50, 100]
    old = "values: {甲: [甲城], 乙: []}}"
    new = "values: {甲: [甲城], 乙: [东城]}, synonyms: [门店城市]}"
    text = (shop.catalog / "orders.yml").read_text("utf-8")
    assert text == certified(DEFINITIONS).replace(old, new)
    [edit] = shop.editor().edits("orders.yml")
    assert (edit["dimension"], edit["user"], edit.get("metric")) == ("city", "店长", None)
    assert shop.store().first_broken_audit_row() is None
    assert [e.what for e in shop.store().audit().entries(Wanted(what="edit", text="city"))] == [
        "edit"
    ]


def test_a_dimension_is_tried_by_its_members(shop: Assistant):
    draft = city(shop)
    lines = draft.block.text.replace("label: 城市,", "label: 城市, expr: \"city || '城'\",")
    draft = draft.with_lines(lines.replace("{甲: [甲城], 乙: []}", "[甲城, 乙城]"))
    checked = shop.editor().check(draft)
    tried = shop.editor().preview(draft, checked)
    assert tried is not None
    assert tried.by == "销售额按城市"
    shown = {row.period: (row.before, row.after, row.is_changed) for row in tried.rows}
    assert shown["甲城"] == ("", "179.00元", True)  # 2026: 100 + 70 + 9
    assert shown["乙"] == ("50.00元", "", True)


def test_a_dimension_that_clashes_or_vanishes_is_not_saved(shop: Assistant):
    editor = shop.editor()
    gone = city(shop).with_lines("      - {name: town, label: 城市}")
    assert "维度也不能在这里删除" in editor.obstacle(gone, editor.check(gone))
    mine = city(shop).with_value(("label",), "所在城市")
    editor.save(city(shop).with_value(("description",), "门店所在"))
    with pytest.raises(ConflictError):
        editor.save(mine)
    assert mine.begun_from(editor.read("orders.yml")) is None


def test_another_meaning_is_saved_only_as_another_version(shop: Assistant):
    editor = shop.editor()
    draft = draft_of_sales(shop).with_value(("filter",), "state <> '已取消'")
    assert "版本升为第2版" in editor.obstacle(draft, editor.check(draft))
    noted = editor.noted(draft, 2, "含未付款", date(2026, 2, 1), restates=False)
    checked = editor.check(noted)
    assert editor.due_version(noted, checked) is None
    editor.save(noted)
    sales = shop.manifest.metrics["sales"]
    assert sales.version == 2
    [change] = sales.changes
    assert (change.version, change.note, change.effective_from) == (2, "含未付款", "2026-02-01")
    assert change.was == (("filter", "state = '已付款'"),)
    again = draft_of_sales(shop).with_value(("unit",), "USD")
    assert shop.editor().due_version(again, shop.editor().check(again)) == 3


def test_words_alone_are_no_other_version(shop: Assistant):
    editor = shop.editor()
    draft = draft_of_sales(shop).with_value(("description",), "已付款")
    assert editor.due_version(draft, editor.check(draft)) is None
