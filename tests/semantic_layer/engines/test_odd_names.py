"""Chinese names, quotes and keywords are only names; values are only values."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from sqlglot import exp

from semantic_layer.engines import DuckDBEngine, Limits
from semantic_layer.guard import AllowedTables, check

TABLES = ("存款 余额", "select", "a'b", 'say "x"', "Order", "表;DROP TABLE x;--", "desc--")
COLUMNS = ("分行", "金额(元)", "group", "a.b", "it's", 'the "one"', "/* c */", "日期;")
VALUES = ("银川分行", '\'; DROP TABLE "select"; --', 'a"b', "\\", "100%_!", "🙂", "\n", "")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDBEngine]:
    path = tmp_path / "odd.duckdb"
    with duckdb.connect(str(path)) as connection:
        columns = ", ".join(f"{quoted(name)} VARCHAR" for name in COLUMNS)
        for table in TABLES:
            connection.execute(f"CREATE TABLE {quoted(table)} ({columns})")
            for value in VALUES:
                row = [value] * len(COLUMNS)
                connection.execute(
                    f"INSERT INTO {quoted(table)} VALUES ({', '.join('?' * len(row))})", row
                )
    opened = DuckDBEngine(path=path)
    yield opened
    opened.close()


@pytest.mark.parametrize("table", TABLES)
def test_any_name_can_be_read_and_any_value_filtered(engine: DuckDBEngine, table: str) -> None:
    allowed = AllowedTables.of(engine.schema())
    for column, value in zip(COLUMNS, VALUES, strict=True):
        name = exp.column(exp.to_identifier(column, quoted=True), table="t")
        tree = (
            exp.select(exp.alias_(name, "v", quoted=True))
            .from_(exp.Table(this=exp.to_identifier(table, quoted=True)).as_("t"))
            .where(name.eq(exp.Literal.string(value)))
        )
        assert engine.run(check(tree, allowed), Limits()).rows == ((value,),)
