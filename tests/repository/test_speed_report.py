"""`make bench` keeps working: a small run reports every figure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_small_run_reports_every_figure(demo_small: Path, tmp_path: Path) -> None:
    report = tmp_path / "benchmarks.md"
    few = ["--cold", "1", "--rounds", "2", "--questions", "2", "--output", str(report)]
    subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "answer_speed.py"), *few],
        env={**os.environ, "WENSHU_DATABASE_PATH": str(demo_small)},
        check=True,
    )
    text = report.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!毫秒)([^|]+[^| ]) \| +([\d.]+|—) ", text, flags=re.MULTILINE)
    assert len(rows) == 20
    assert [name for name, figure in rows if figure == "—"] == ["反问、拒答与说明"]
    assert str(ROOT) not in text


def test_statements_are_compiled_between_runs_and_alone(demo_small: Path, tmp_path: Path) -> None:
    report = tmp_path / "sql_speed.md"
    few = ["--rounds", "1", "--only", "上月新增客户数", "--output", str(report)]
    command = [sys.executable, str(ROOT / "benchmarks" / "statement_speed.py"), *few]
    subprocess.run([*command, "--database", str(demo_small)], check=True)
    text = report.read_text(encoding="utf-8")
    stations = re.findall(
        r"^\| ([^|÷]+,(?:执行之间|连续|再问)) \| +[\d.]+ \|", text, flags=re.MULTILINE
    )
    assert stations == [
        "核对 + 编译 + 写成文本,执行之间",
        "核对 + 编译 + 写成文本,连续",
        "取出语句,再问",
    ]
    assert re.search(r"^\| 单值 \| 上月新增客户数 \|( +[\d.]+ \|){7}$", text, flags=re.MULTILINE)
