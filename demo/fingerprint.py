"""One number for all rows of a database, whatever their order."""

import hashlib

import duckdb

ROWS_MODULUS = 2**64


def table_rows(con: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int]:
    """How many rows the table has, and the sum of their hashes."""
    columns = ", ".join(row[0] for row in con.execute(f"DESCRIBE {table}").fetchall())
    row = con.execute(
        f"SELECT count(*), coalesce(sum(hash({columns})::HUGEINT), 0) FROM {table}"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]) % ROWS_MODULUS


def row_hash(counted: dict[str, tuple[int, int]]) -> str:
    """The fingerprint of all tables: 16 hexadecimal digits."""
    lines = "\n".join(f"{name} {rows} {total}" for name, (rows, total) in sorted(counted.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]
