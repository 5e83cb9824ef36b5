"""Every kind of chart in a real browser, and the files that leave the page."""

from __future__ import annotations

import json
import sqlite3
import struct
from pathlib import Path

import openpyxl
import pytest

from tests.ui.page.conftest import Visit
from tests.ui.page.test_page_browser import ask

pytestmark = pytest.mark.browser
INK = """() => {
  const found = [...document.querySelectorAll(".st-key-chart .stEChartsChart canvas")];
  let ink = 0;
  for (const canvas of found) {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) ink += 1;
  }
  return ink > 500;
}"""
QUESTIONS = {
    "stacked": "10月末各客户等级各性别的客户数",
    "heatmap": "今年各月各分行活跃客户数",
    "funnel": "上个月注册漏斗",
    "sankey": "从打开App出发的路径",
    "scatter": "10月末各分行客户数和户均存款",
    "box": "上半年各分行从开户到首次打开App的间隔",
}


def test_the_rarer_kinds_of_chart_are_drawn(visit: Visit):
    page = visit(color_scheme="dark")
    for kind, question in QUESTIONS.items():
        ask(page, question)
        assert page.wait_for_function(INK), kind


def test_picture_and_workbook_are_downloaded_and_noted(
    visit: Visit, page_project: Path, tmp_path: Path
):
    page = visit()
    ask(page, "10月末各分行个人存款余额")
    page.wait_for_function(INK)
    for key in ("png", "xlsx"):
        with page.expect_download() as waiting:
            page.locator(f".st-key-{key} button").click()
        waiting.value.save_as(tmp_path / f"answer.{key}")
        assert waiting.value.suggested_filename.endswith(f"个人存款余额.{key}")
    content = (tmp_path / "answer.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert width > 1200
    assert height > 500
    book = openpyxl.load_workbook(tmp_path / "answer.xlsx")
    numbers = [[cell.value for cell in row] for row in book["数据"].iter_rows()]
    shown = page.locator(".st-key-table tbody tr").all()
    assert [row[0] for row in numbers[1:-1]] == [
        row.locator("td").first.inner_text() for row in shown
    ]
    assert numbers[-1][1] == pytest.approx(sum(row[1] for row in numbers[1:-1]))
    said = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert (said["范围"], said["用户"]) == ("全行", "分析员")
    assert "虚拟数据" in said["数据性质"]
    with sqlite3.connect(page_project / "state.db") as state:
        entries = [json.loads(row[0]) for row in state.execute("SELECT entry FROM audit")]
    taken = [(e["format"], e["user"]) for e in entries if e.get("event") == "export"]
    assert taken[-2:] == [("png", "分析员"), ("xlsx", "分析员")]
