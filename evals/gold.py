"""Gold SQL runs straight on the physical tables, past everything that is being judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import duckdb

from evals.suite import SuiteError


class GoldDatabase:
    """Read-only access to the bank for SQL written by hand."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise SuiteError(f"没有数据库文件 {path},先运行 wenshu demo build")
        self._connection = duckdb.connect(str(path), read_only=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._connection.close()

    def run(self, sql: str) -> tuple[Sequence[str], Sequence[tuple[Any, ...]]]:
        """Column names and rows."""
        try:
            cursor = self._connection.execute(sql)
        except duckdb.Error as error:
            raise SuiteError(f"标准答案的 SQL 不能执行:{str(error).splitlines()[0]}") from error
        names = [column[0] for column in cursor.description or ()]
        return names, cursor.fetchall()

    def facts(self) -> dict[str, str]:
        """What a demonstration bank says about itself; nothing for another database."""
        _, tables = self.run("SELECT table_name FROM information_schema.tables")
        if ("demo_info",) not in tables:
            return {}
        return {str(key): str(value) for key, value in self.run("FROM demo_info")[1]}
