"""A shop with five sales, as a project folder of its own for each test that wants one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from assistant import Assistant

SHOP = Path(__file__).resolve().parents[1] / "fixtures" / "shop"


@pytest.fixture(scope="session")
def shop_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once; its cache already knows the definitions."""
    folder = tmp_path_factory.mktemp("template") / "shop"
    shutil.copytree(SHOP, folder)
    (folder / "rights.yml").rename(folder / "rights.off")
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute((folder / "shop.sql").read_text("utf-8"))
    assistant = Assistant.open(folder, environment={})
    assistant.ask("你好")
    assistant.close()
    (folder / ".wenshu" / "state.db").unlink()
    return folder


@pytest.fixture
def make_shop(shop_template: Path, tmp_path: Path) -> Callable[..., Path]:
    def make(*, rights: bool = False) -> Path:
        folder = shutil.copytree(shop_template, tmp_path / "shop")
        if rights:
            (folder / "rights.off").rename(folder / "catalog" / "rights.yml")
        return folder

    return make


@pytest.fixture
def shop_folder(make_shop: Callable[..., Path]) -> Path:
    return make_shop()


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
