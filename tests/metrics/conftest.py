from __future__ import annotations

import runpy
from pathlib import Path
from textwrap import dedent

import pytest

import metrics
from semantic_layer.model import Manifest

ROOT = Path(__file__).parents[2]
SECOND_COMPANY = ROOT / "tests" / "fixtures" / "second_company"


@pytest.fixture
def folder(tmp_path: Path):
    """Writes definition files into a folder named catalog: folder(a=text, b=text)."""

    def write(**files: str) -> Path:
        catalog = tmp_path / "catalog"
        catalog.mkdir(exist_ok=True)
        for name, text in files.items():
            (catalog / f"{name}.yml").write_text(dedent(text), encoding="utf-8")
        return catalog

    return write


@pytest.fixture
def manifest_of(folder):
    """The manifest of definition files that must load."""

    def load(**files: str) -> Manifest:
        loaded = metrics.load(folder(**files))
        assert loaded.manifest is not None, [str(f) for f in loaded.findings]
        return loaded.manifest

    return load


@pytest.fixture(scope="session")
def second_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second company's project folder, Parquet files included."""
    build = runpy.run_path(str(SECOND_COMPANY / "build.py"))["build"]
    return build(tmp_path_factory.mktemp("second_company"))
