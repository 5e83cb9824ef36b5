"""A shop with five sales, as a project folder of its own for each test that wants one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from assistant import Assistant

SHOP = Path(__file__).resolve().parents[1] / "fixtures" / "shop"


def open_shop(folder: Path, *, rights: bool = False) -> Path:
    shutil.copytree(SHOP, folder, dirs_exist_ok=True)
    (folder / "rights.yml").replace(folder / ("catalog/rights.yml" if rights else "rights.off"))
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute((folder / "shop.sql").read_text("utf-8"))
    return folder


@pytest.fixture
def shop_folder(tmp_path: Path) -> Path:
    return open_shop(tmp_path / "shop")


@pytest.fixture
def make_shop(tmp_path: Path) -> Callable[..., Path]:
    return lambda **options: open_shop(tmp_path / "shop", **options)


@pytest.fixture
def shop(shop_folder: Path) -> Iterator[Assistant]:
    assistant = Assistant.open(shop_folder, environment={}, debug=True)
    yield assistant
    assistant.close()


@pytest.fixture
def guarded_shop(make_shop: Callable[..., Path]) -> Iterator[Assistant]:
    assistant = Assistant.open(make_shop(rights=True), environment={}, debug=True)
    yield assistant
    assistant.close()
