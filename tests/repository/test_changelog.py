"""The changelog keeps its form: newest first, known sections, lines short enough to be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SECTIONS = {"新增", "变更", "弃用", "移除", "修复", "安全"}
MOST_WORDS = 25
CHARACTERS_PER_WORD = 1.7  # Chinese is written without spaces


def words(line: str) -> float:
    """Length in words, whatever the language."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", line))
    latin = len(re.findall(r"[A-Za-z0-9_.=/<>-]+", line))
    return chinese / CHARACTERS_PER_WORD + latin


def test_versions_are_known_and_the_newest_comes_first() -> None:
    versions = re.findall(r"^## \[([^\]]+)\]", TEXT, flags=re.MULTILINE)
    assert versions[0] == "未发布"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions[1:])
    numbers = [tuple(map(int, version.split("."))) for version in versions[1:]]
    assert numbers == sorted(numbers, reverse=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not versions[1:] or versions[1] == project["version"]


def test_sections_are_the_usual_ones() -> None:
    assert set(re.findall(r"^### (.+)$", TEXT, flags=re.MULTILINE)) <= SECTIONS


def test_every_line_has_at_most_25_words() -> None:
    lines = re.findall(r"^- .+(?:\n  .+)*", TEXT, flags=re.MULTILINE)
    assert lines
    assert [line for line in lines if words(line) > MOST_WORDS] == []
