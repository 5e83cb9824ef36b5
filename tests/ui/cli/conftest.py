"""The command line in this process, on the shop with five sales."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from ui.cli import main

SHOP = Path(__file__).resolve().parents[2] / "fixtures" / "shop"


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def shop_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop") / "shop"
    shutil.copytree(SHOP, folder)
    (folder / "rights.yml").unlink()
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute((folder / "shop.sql").read_text("utf-8"))
    return folder


@pytest.fixture
def shop_folder(shop_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, so that no --project is needed."""
    folder = tmp_path / "shop"
    shutil.copytree(shop_template, folder, ignore=shutil.ignore_patterns(".wenshu"))
    monkeypatch.chdir(folder)
    monkeypatch.delenv("WENSHU_PROJECT", raising=False)
    return folder


@pytest.fixture
def run(
    shop_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    def command(*arguments: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        captured = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, captured.out, captured.err)

    return command
