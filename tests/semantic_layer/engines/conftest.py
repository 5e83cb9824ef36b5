"""A bank of three deposits, as a DuckDB file and as Parquet."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from semantic_layer.engines import DuckDBEngine

DEPOSITS = """
CREATE TABLE deposits AS
SELECT * FROM (VALUES
    ('银川分行', DATE '2026-10-31', 100.10::DECIMAL(18, 2)),
    ('银川分行', DATE '2026-09-30', 90.00::DECIMAL(18, 2)),
    ('固原分行', DATE '2026-10-31', 50.05::DECIMAL(18, 2))
) AS t(branch, month_end, balance)
"""


def write_bank(path: Path, factor: int = 1) -> None:
    """Writes the bank with every balance multiplied."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(DEPOSITS)
        connection.execute("UPDATE deposits SET balance = balance * ?", [factor])


@pytest.fixture
def bank_file(tmp_path: Path) -> Path:
    path = tmp_path / "bank.duckdb"
    write_bank(path)
    return path


@pytest.fixture
def engine(bank_file: Path) -> Iterator[DuckDBEngine]:
    opened = DuckDBEngine(path=bank_file)
    yield opened
    opened.close()
