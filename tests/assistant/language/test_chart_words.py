"""画成…图: the wish is kept apart from what is asked."""

from __future__ import annotations

import pytest

WISHES = """
各分行存款余额,画成饼图 -> pie
各分行存款余额,用热力图展示 -> heatmap
各分行存款余额画个堆积柱状图 -> stacked_bar
各分行存款余额做成簇状柱形图 -> grouped_bar
用散点图看各分行存款余额 -> scatter
用箱线图看各分行存款余额 -> box
各分行存款余额,绘制成桑基图 -> sankey
各分行存款余额,生成表格 -> table
"""


@pytest.mark.parametrize("line", WISHES.strip().splitlines())
def test_a_wish_changes_nothing_of_the_question(bank, line):
    text, _, kind = line.partition(" -> ")
    reading = bank.read(text)
    assert (reading.chart, bank.compact(reading.query)) == (kind, "deposit by branch")
