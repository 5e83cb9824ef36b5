from datetime import date

import duckdb
import pytest

import demo

AS_OF = date(2026, 11, 20)
CUSTOMERS = 700
"""The fewest that hold every planted truth."""


@pytest.fixture(scope="session")
def progress():
    """What the build of `report` told about its progress."""
    return []


@pytest.fixture(scope="session")
def report(tmp_path_factory, progress):
    output = tmp_path_factory.mktemp("bank") / "bank.duckdb"
    return demo.build(
        output,
        "small",
        as_of=AS_OF,
        customers=CUSTOMERS,
        on_progress=lambda *told: progress.append(told),
    )


@pytest.fixture(scope="session")
def bank(report):
    with duckdb.connect(str(report.path), read_only=True) as con:
        yield con


@pytest.fixture(scope="session")
def one(bank):
    """The single number a query gives."""
    return lambda sql: bank.execute(sql).fetchone()[0]


@pytest.fixture
def yesterdays_bank():
    """Puts a tiny demonstration bank at a path; returns its bytes."""

    def put(path):
        with duckdb.connect(str(path)) as con:
            con.execute("CREATE TABLE demo_info AS SELECT 'mark' AS key, '虚拟数据' AS value")
        return path.read_bytes()

    return put
