"""The small demonstration bank as its three users see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assistant import Assistant

REPOSITORY = Path(__file__).resolve().parents[3]
PROJECT = """
[project]
name = "小银行(虚拟数据)"
catalog = "{catalog}"
as_of = "2026-11-20"
default_user = "分析员"
[database]
path = "{bank}"
[[users]]
name = "分析员"
roles = ["analyst"]
[[users]]
name = "银川行长"
roles = ["branch_manager"]
attributes = {{ branch = "银川分行" }}
[[users]]
name = "客户经理"
roles = ["customer_manager"]
attributes = {{ manager = "万琳慧(M0117)" }}
"""


@pytest.fixture(scope="session")
def bank(demo_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("exploring")
    catalog = REPOSITORY / "metrics" / "catalog"
    text = PROJECT.format(catalog=catalog, bank=demo_small)
    (folder / "wenshu.toml").write_text(text, "utf-8")
    assistant = Assistant.open(folder, environment={}, debug=True)
    yield assistant
    assistant.close()


@pytest.fixture(scope="session")
def rows(demo_small: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same data, for SQL written by hand."""
    with duckdb.connect(str(demo_small), read_only=True) as connection:
        yield connection
