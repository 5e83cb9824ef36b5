"""Small tables of the package, brought into the database that is being built."""

from collections.abc import Sequence
from importlib.resources import files

import duckdb


def insert_rows(
    con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Insert rows given in the column order of the table, in one statement."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    cells = ", ".join("unnest(?)" for _ in columns)
    con.execute(f"INSERT INTO {table} SELECT {cells}", columns)


def load_package_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Each CSV file of the data folder as a temporary table of the same name."""
    for entry in files("demo").joinpath("data").iterdir():
        if entry.name.endswith(".csv"):
            name = entry.name.removesuffix(".csv")
            con.execute(
                f"CREATE TEMP TABLE {name} AS FROM read_csv(?, all_varchar = false)", [str(entry)]
            )
