"""Each file under findings/ breaks one rule; findings.txt holds what its owner reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import metrics
from metrics import CODES

CASES = Path(__file__).parent / "findings"
NAMES = sorted(p.stem for p in CASES.glob("*.yml"))
ELSEWHERE = {"M001", "M002", "M003", "M301", "M302", "M303", "M304"}
"""Codes about folders, files and databases: tested beside what they are about."""


def expected() -> dict[str, str]:
    sections = CASES.joinpath("findings.txt").read_text(encoding="utf-8").split("== ")[1:]
    return {s.partition(" · ")[0]: s.partition(" · ")[2].strip() for s in sections}


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_definition_gets_this_sentence(name: str, tmp_path: Path):
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    shutil.copy(CASES / f"{name}.yml", catalog / "a.yml")
    manifest, findings = metrics.load(catalog)
    said = ["读成" if manifest else "没有读成", *map(str, findings)]
    assert "\n".join(said) == expected()[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_case_shows_the_code_of_its_name(name: str):
    assert f" {name[:4]} " in expected()[name]


def test_every_code_has_a_case():
    shown = {word for text in expected().values() for word in text.split() if word in CODES}
    assert set(CODES) == shown | ELSEWHERE


def test_errors_keep_definitions_from_loading_and_warnings_do_not(tmp_path: Path):
    for name in NAMES:
        catalog = tmp_path / name
        catalog.mkdir()
        shutil.copy(CASES / f"{name}.yml", catalog / "a.yml")
        manifest, findings = metrics.load(catalog)
        assert (manifest is None) == any(f.level == "error" for f in findings)
