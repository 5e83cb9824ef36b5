"""However a good file is mangled, its owner gets sentences with a line, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import metrics

TEXT = (
    Path(__file__).parents[1] / "fixtures" / "second_company" / "catalog" / "insurance.yml"
).read_text(encoding="utf-8")
LINES = TEXT.splitlines()
EVERY = 7
"""A different seventh of the lines for each way of mangling keeps the test short."""

MANGLES = {
    "line lost": lambda line: "",
    "indented": lambda line: "  " + line,
    "tab": lambda line: "\t" + line,
    "value lost": lambda line: re.sub(r": .*", ":", line),
    "value a list": lambda line: re.sub(r": .*", ": [1, {a: b}]", line),
    "value a number": lambda line: re.sub(r": .*", ": 12.5", line),
    "value a mapping": lambda line: re.sub(r": .*", ": {x: {y: 1}}", line),
    "key misspelt": lambda line: re.sub(r"(\w+):", r"\1x:", line, count=1),
    "quote opened": lambda line: line + ' "',
    "colon doubled": lambda line: line.replace(": ", ": a: ", 1),
    "half a line": lambda line: line[: len(line) // 2],
}


@pytest.mark.parametrize("name", MANGLES)
def test_a_mangled_line_is_a_finding_with_a_place(name: str, tmp_path: Path):
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    mangle = MANGLES[name]
    for number in range(len(name) % EVERY, len(LINES), EVERY):
        line = LINES[number]
        text = "\n".join([*LINES[:number], mangle(line), *LINES[number + 1 :]])
        (catalog / "a.yml").write_text(text, encoding="utf-8")
        manifest, findings = metrics.load(catalog)
        assert (manifest is None) == any(f.level == "error" for f in findings)
        for finding in findings:
            assert finding.at is not None
            assert 1 <= finding.at.line <= len(LINES) + 1
            assert re.search(r"[\u4e00-\u9fff]", finding.message + finding.fix)
            assert finding.message.endswith(("。", "?"))
