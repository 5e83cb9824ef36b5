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
