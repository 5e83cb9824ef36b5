"""One key of one metric changes; every other byte of the file stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from metrics.editing.block import block_of, with_new_metric
from metrics.editing.change import NotEditableError, changed
from metrics.editing.subject import Subject

FILE = """\
# 存款   (两个空格以上的对齐也要留住)
version: 1
metrics:
  - name: deposit            # 永不改变
    label: 个人存款余额
    synonyms: [存款余额,   储蓄余额]   # 柜面叫法
    # 下一行是口径
    description: >-
      期末余额
      不含对公
    format: {style: currency}
    filter: "product_line = '存款'"
    also:
      - dataset: days      # 日表
        agg: sum
    near_misses:
      - 日均存款   # 另一个指标
      - 对公存款

  # 活期
  - {name: demand, label: 活期余额, synonyms: [活期], unit: CNY}
parameters: []
"""


@pytest.mark.parametrize(
    ("metric", "path", "value", "old", "new"),
    [
        ("deposit", ("label",), "存款余额合计", "label: 个人存款余额", "label: 存款余额合计"),
        ("deposit", ("label",), "on", "label: 个人存款余额", 'label: "on"'),
        ("deposit", ("synonyms",), ["存款余额", "储蓄余额", "揽储余额"],
         "[存款余额,   储蓄余额]", "[存款余额,   储蓄余额, 揽储余额]"),
        ("deposit", ("synonyms",), ["储蓄余额", "a, b"], "[存款余额,   储蓄余额]", '[储蓄余额, "a, b"]'),
        ("deposit", ("synonyms",), ["存款余额", "甲", "乙"], ",   储蓄余额]", ", 甲, 乙]"),
        ("deposit", ("synonyms",), None, "    synonyms: [存款余额,   储蓄余额]   # 柜面叫法\n", ""),
        ("deposit", ("near_misses",), ["日均存款", "存款规模"],
         "      - 对公存款\n", "      - 存款规模\n"),
        ("deposit", ("near_misses",), ["对公存款"], "      - 日均存款   # 另一个指标\n", ""),
        ("deposit", ("description",), "期末余额", ">-\n      期末余额\n      不含对公", "期末余额"),
        ("deposit", ("format", "scale"), "万元", "{style: currency}", "{style: currency, scale: 万元}"),
        ("deposit", ("format", "style"), "number", "{style: currency}", "{style: number}"),
        ("deposit", ("format", "style"), None, "    format: {style: currency}\n", ""),
        ("deposit", ("filter",), "a = 1", "\"product_line = '存款'\"", '"a = 1"'),
        ("deposit", ("owner",), "零售部", "      - 对公存款\n", "      - 对公存款\n    owner: 零售部\n"),
        ("demand", ("label",), "活期存款余额", "label: 活期余额", "label: 活期存款余额"),
        ("demand", ("synonyms",), ["活期", "随取"], "[活期]", "[活期, 随取]"),
        ("demand", ("synonyms",), None, "synonyms: [活期], ", ""),
        ("demand", ("unit",), None, ", unit: CNY", ""),
        ("demand", ("filter",), "x = '是'", "unit: CNY}", "unit: CNY, filter: \"x = '是'\"}"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_what_was_meant_changes(metric, path, value, old, new, newline):
    assert FILE.count(old) == 1
    text, wanted = (t.replace("\n", newline) for t in (FILE, FILE.replace(old, new)))
    assert changed(text, Subject(metric), path, value) == wanted


def test_a_change_to_what_it_is_already_changes_no_byte():
    assert changed(FILE, Subject("deposit"), ("owner",), None) == FILE
    assert changed(FILE, Subject("deposit"), ("synonyms",), ["存款余额", "储蓄余额"]) == FILE


def test_lines_that_hold_comments_are_not_rewritten_as_one():
    with pytest.raises(NotEditableError, match="注释"):
        changed(FILE, Subject("deposit"), ("also",), "days")


def test_an_unknown_metric_and_a_file_that_is_no_yaml_are_told():
    for text, metric in ((FILE, "loan"), ("metrics: [", "deposit")):
        with pytest.raises(NotEditableError, match="找不到"):
            changed(text, Subject(metric), ("label",), "x")


def test_an_entry_is_cut_out_of_its_file_with_its_own_lines_only():
    block = block_of(FILE, Subject("deposit"))
    assert block is not None
    assert block.whole == FILE
    assert block.first_line == 4
    assert block.text.startswith("  - name: deposit            # 永不改变\n")
    assert block.text.endswith("      - 对公存款\n")
    flow = block_of(FILE, Subject("demand"))
    assert flow is not None
    assert flow.text == "  - {name: demand, label: 活期余额, synonyms: [活期], unit: CNY}\n"


def test_a_new_metric_stands_after_the_last_one():
    new = {"name": "fixed", "label": "定期余额", "filter": "is_demand = 0"}
    lines = '  - name: fixed\n    label: 定期余额\n    filter: "is_demand = 0"\n'
    before, after = FILE.split("parameters")
    assert with_new_metric(FILE, new) == before + lines + "parameters" + after
    assert with_new_metric("version: 1", new) == "version: 1\nmetrics:\n" + lines
    assert with_new_metric("a: 1\nmetrics:\n- name: b", {"name": "c"}) == (
        "a: 1\nmetrics:\n- name: b\n- name: c\n"
    )


FIELDS = """\
datasets:
  - name: orgs      # 机构
    fields:
      - name: branch
        label: 分行   # 现行
        synonyms: [一级分行]
      - {name: kind, label: 类别, values: {线上: [线上渠道], 线下: 门店}}
      - name: is_town
        label: 城乡
        values:
          - {value: true, label: 乡镇网点}   # 按名单
          - {value: false, label: 城区网点, synonyms: [城里]}
          - unknown
      - {name: size, label: 规模, values: [小, 中型, '大']}
  - name: cards
    fields: [{name: kind, label: 卡种}]
"""
KIND, TOWN = Subject("kind", "orgs"), Subject("is_town", "orgs")


@pytest.mark.parametrize(
    ("subject", "path", "value", "old", "new"),
    [
        (Subject("branch", "orgs"), ("synonyms",), ["一级分行", "省分行"],
         "[一级分行]", "[一级分行, 省分行]"),
        (Subject("branch", "orgs"), ("label",), "一级行", "label: 分行 ", "label: 一级行 "),
        (KIND, ("values", "线上"), ["线上渠道", "网上"], "[线上渠道]", "[线上渠道, 网上]"),
        (KIND, ("values", "线下"), ["门店", "柜面"], "线下: 门店", "线下: [门店, 柜面]"),
        (KIND, ("values", "线上"), [], "[线上渠道]", "[]"),
        (TOWN, ("values", 0, "synonyms"), ["农村"], "label: 乡镇网点}",
         "label: 乡镇网点, synonyms: [农村]}"),
        (TOWN, ("values", 1, "synonyms"), None, ", synonyms: [城里]", ""),
        (TOWN, ("values", 2, "synonyms"), ["未知", "a, b"], "- unknown",
         '- {value: unknown, synonyms: [未知, "a, b"]}'),
        (Subject("size", "orgs"), ("values", 1, "synonyms"), ["中等"], "[小, 中型, '大']",
         "[小, {value: 中型, synonyms: [中等]}, '大']"),
        (Subject("kind", "cards"), ("synonyms",), ["卡类"], "label: 卡种}",
         "label: 卡种, synonyms: [卡类]}"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_dimension_is_changed_in_its_own_dataset(subject, path, value, old, new, newline):
    assert FIELDS.count(old) == 1
    text, wanted = (t.replace("\n", newline) for t in (FIELDS, FIELDS.replace(old, new)))
    assert changed(text, subject, path, value) == wanted


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "    changes: [{v: 2, note: 新}]\n"),
        ("    changes: [{v: 1, note: 旧}]\n", "    changes: [{v: 2, note: 新}, {v: 1, note: 旧}]\n"),
        ("    changes:   # 新的在前\n      - v: 1   # 首版\n        note: 旧\n",
         "    changes:   # 新的在前\n      - {v: 2, note: 新}\n      - v: 1   # 首版\n        note: 旧\n"),
    ],
)  # fmt: skip
def test_the_newest_entry_of_a_list_comes_first(before, after, newline):
    head = "metrics:\n  - name: a\n    label: 甲\n"
    text, wanted = (t.replace("\n", newline) for t in (head + before, head + after))
    had = [{"v": 1, "note": "旧"}] if before else []
    assert changed(text, Subject("a"), ("changes",), [{"v": 2, "note": "新"}, *had]) == wanted


CATALOG = Path(__file__).parents[3] / "metrics" / "catalog"
FILES = sorted(CATALOG.rglob("*.yml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_new_synonym_is_one_line_in_every_file_of_the_demonstration(file):
    text = file.read_text("utf-8")
    said = yaml.safe_load(text)
    metrics = [(Subject(entry["name"]), entry) for entry in (said.get("metrics") or [])[:2]]
    fields = [
        (Subject(field["name"], dataset["name"]), field)
        for dataset in said.get("datasets") or []
        for field in dataset.get("fields", [])[:2]
        if isinstance(field, dict)
    ]
    for subject, entry in metrics + fields:
        synonyms = [*entry.get("synonyms", []), "崭新的叫法"]
        new = changed(text, subject, ("synonyms",), synonyms)
        old_lines, new_lines = text.splitlines(), new.splitlines()
        assert sum(line not in old_lines for line in new_lines) == 1
        assert sum(line not in new_lines for line in old_lines) <= 1
        block = block_of(text, subject)
        assert block is not None
        assert new.startswith(block.before)
        assert new.endswith(block.after)
