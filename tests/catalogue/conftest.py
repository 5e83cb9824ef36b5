from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assistant.project import Assistant

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def small_assistant(
    demo_small: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """The bank's own definitions over the small demonstration bank, seen by 总行分析."""
    folder = tmp_path_factory.mktemp("known-values")
    folder.joinpath("wenshu.toml").write_text(
        f"""
[project]
name = "示例银行(虚拟数据)"
catalog = "{ROOT / "metrics" / "catalog"}"
as_of = "2026-11-20"
default_user = "演示用户"
[database]
engine = "duckdb"
path = "{demo_small}"
[state]
path = "state.db"
[[users]]
name = "演示用户"
roles = ["analyst"]
""",
        encoding="utf-8",
    )
    assistant = Assistant.open(folder, environment={})
    yield assistant
    assistant.close()


@pytest.fixture(scope="session")
def small_bank(demo_small: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The small demonstration bank, for hand-written SQL."""
    with duckdb.connect(str(demo_small), read_only=True) as connection:
        yield connection
