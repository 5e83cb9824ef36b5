"""Opening: missing, locked, damaged and replaced files, Parquet, lock-down."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Event

import duckdb
import pytest
from sqlglot import parse_one

from semantic_layer.engines import (
    DatabaseCorruptError,
    DatabaseError,
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseUnreadableError,
    DuckDBEngine,
    Limits,
    NotADatabaseError,
)

TOTAL = parse_one("SELECT SUM(balance) AS s FROM deposits", dialect="duckdb")
WRITER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.read()
"""


def total(engine: DuckDBEngine) -> object:
    return engine.run(TOTAL, Limits()).rows[0][0]


def write_bank(path: Path, factor: int) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE deposits AS SELECT (i * ?)::DECIMAL(18, 2) AS balance FROM range(5) t(i)",
            [factor],
        )


@contextmanager
def writer(path: Path) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield
        process.kill()


def open_error(path: Path) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        total(DuckDBEngine(path=path))
    return caught.value


def test_the_schema_lists_tables_and_columns(engine: DuckDBEngine) -> None:
    assert {name: dict(columns) for name, columns in engine.schema().items()} == {
        "deposits": {"branch": "VARCHAR", "month_end": "DATE", "balance": "DECIMAL(18,2)"}
    }


def test_tables_of_other_schemas_are_named_with_their_schema(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("CREATE SCHEMA ods")
        connection.execute("CREATE TABLE ods.loans(amount DECIMAL(18, 2))")
    engine = DuckDBEngine(path=tmp_path / "a.duckdb")
    assert list(engine.schema()) == ["ods.loans"]
    tree = parse_one("SELECT COUNT(*) AS n FROM ods.loans", dialect="duckdb")
    assert engine.run(tree, Limits(max_scan_rows=10)).rows == ((0,),)
    engine.close()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    error = open_error(tmp_path / "no.duckdb")
    assert isinstance(error, DatabaseMissingError)
    assert str(error) == (
        f"找不到数据库文件 {tmp_path / 'no.duckdb'},请核对 wenshu.toml 里 [database] path,"
        "示例银行可用 wenshu demo build 生成"
    )


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert isinstance(open_error(tmp_path), DatabaseUnreadableError)


@pytest.mark.parametrize("content", [b"", b"hello world" * 1000, b"SQLite format 3\x00" * 300])
def test_another_kind_of_file_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.duckdb"
    path.write_bytes(content)
    error = open_error(path)
    assert isinstance(error, NotADatabaseError)
    assert str(path) in str(error)


@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_damaged_database_is_told_apart(bank_file: Path, damage: str) -> None:
    content = bytearray(bank_file.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    for place in range(5000, len(content), 97):
        content[place] ^= 0xFF
    bank_file.write_bytes(content)
    error = open_error(bank_file)
    assert isinstance(error, DatabaseCorruptError)
    assert str(error) == f"数据文件 {bank_file} 已损坏,无法读取,请从备份恢复或重新生成"
    assert error.detail


def test_a_database_that_is_being_written_says_who_writes(bank_file: Path) -> None:
    with writer(bank_file):
        error = open_error(bank_file)
    assert isinstance(error, DatabaseLockedError)
    assert "正被另一个程序以写方式打开(进程号 " in str(error)


def test_a_database_written_by_this_process_is_locked_too(bank_file: Path) -> None:
    with duckdb.connect(str(bank_file)):
        assert isinstance(open_error(bank_file), DatabaseLockedError)


def test_a_replaced_file_is_stale_and_a_new_engine_sees_it(tmp_path: Path) -> None:
    path, fresh = tmp_path / "bank.duckdb", tmp_path / "fresh.duckdb"
    write_bank(path, 1)
    old = DuckDBEngine(path=path)
    assert (total(old), old.stale) == (Decimal("10.00"), False)
    write_bank(fresh, 3)
    fresh.replace(path)
    new = DuckDBEngine(path=path)
    assert (total(old), old.stale) == (Decimal("10.00"), True)
    assert (total(new), new.stale) == (Decimal("30.00"), False)
    old.close()
    assert total(new) == Decimal("30.00")
    new.close()


def test_a_removed_file_is_stale(bank_file: Path, engine: DuckDBEngine) -> None:
    bank_file.unlink()
    assert engine.stale


def test_twenty_threads_never_see_half_a_swap(tmp_path: Path) -> None:
    path = tmp_path / "bank.duckdb"
    write_bank(path, 1)
    current = [DuckDBEngine(path=path)]
    swapped = Event()

    def ask(_: int) -> set[object]:
        seen = {total(current[0])}
        while not swapped.is_set():
            seen.add(total(current[0]))
        return seen

    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(ask, number) for number in range(20)]
        try:
            for factor in (2, 3):
                write_bank(tmp_path / f"fresh{factor}.duckdb", factor)
                (tmp_path / f"fresh{factor}.duckdb").replace(path)
                assert current[0].stale
                current[0] = DuckDBEngine(path=path)
        finally:
            swapped.set()
    allowed = {Decimal("10.00"), Decimal("20.00"), Decimal("30.00")}
    assert set().union(*(answer.result() for answer in answers)) <= allowed
    assert total(current[0]) == Decimal("30.00")


def write_parquet(path: Path, amount: int) -> None:
    duckdb.sql(f"SELECT {amount}::DECIMAL(18, 2) AS balance").write_parquet(str(path))


def test_each_parquet_file_is_a_table(tmp_path: Path) -> None:
    write_parquet(tmp_path / "deposits.parquet", 7)
    write_parquet(tmp_path / "理财 2026.parquet", 8)
    engine = DuckDBEngine(parquet=str(tmp_path / "*.parquet"))
    assert set(engine.schema()) == {"deposits", "理财 2026"}
    assert total(engine) == Decimal("7.00")
    tree = parse_one('SELECT balance FROM "理财 2026"', dialect="duckdb")
    assert engine.run(tree, Limits(max_scan_rows=1)).rows == ((Decimal("8.00"),),)
    write_parquet(tmp_path / "loans.parquet", 9)
    assert engine.stale
    engine.close()


def test_no_parquet_file_is_said_with_the_pattern(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissingError) as caught:
        DuckDBEngine(parquet=str(tmp_path / "*.parquet"))
    assert str(tmp_path / "*.parquet") in str(caught.value)


def test_a_broken_parquet_file_is_named(tmp_path: Path) -> None:
    write_parquet(tmp_path / "deposits.parquet", 7)
    (tmp_path / "bad.parquet").write_bytes(b"nothing like it" * 10)
    with pytest.raises(NotADatabaseError) as caught:
        DuckDBEngine(parquet=str(tmp_path / "*.parquet"))
    assert str(tmp_path / "bad.parquet") in str(caught.value)


def test_parquet_files_of_the_same_name_are_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write_parquet(tmp_path / folder / "deposits.parquet", 7)
    with pytest.raises(DatabaseUnreadableError, match="同名"):
        DuckDBEngine(parquet=str(tmp_path / "**/*.parquet"))


ATTACKS = (
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_parquet('https://example.com/a.parquet')",
    "COPY deposits TO '{folder}/out.csv'",
    "COPY deposits TO '{folder}/deposits.parquet'",
    "EXPORT DATABASE '{folder}/dump'",
    "ATTACH '{folder}/other.duckdb'",
    "INSTALL httpfs",
    "LOAD '{folder}/x.duckdb_extension'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET memory_limit = '1TB'",
    "SET allowed_directories = ['/']",
    "RESET allowed_paths",
)


@pytest.mark.parametrize("kind", ["file", "parquet"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_even_past_the_guard_nothing_leaves_the_database(
    tmp_path: Path, kind: str, attack: str
) -> None:
    write_bank(tmp_path / "bank.duckdb", 1)
    write_parquet(tmp_path / "deposits.parquet", 7)
    pattern = str(tmp_path / "*.parquet")
    engine = (
        DuckDBEngine(path=tmp_path / "bank.duckdb")
        if kind == "file"
        else DuckDBEngine(parquet=pattern)
    )
    before = sorted(tmp_path.iterdir())
    with (
        engine._pool.borrow(time.monotonic() + 60, None) as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute(attack.format(folder=tmp_path)).fetchall()
    assert sorted(tmp_path.iterdir()) == before
    engine.close()


@pytest.mark.parametrize(
    "attack",
    [
        "INSERT INTO deposits VALUES (1)",
        "DELETE FROM deposits",
        "UPDATE deposits SET balance = 0",
        "DROP TABLE deposits",
        "CREATE TABLE x(a INT)",
        "CREATE VIEW deposits2 AS SELECT 1",
    ],
)
def test_a_database_file_is_never_written(tmp_path: Path, attack: str) -> None:
    write_bank(tmp_path / "bank.duckdb", 1)
    engine = DuckDBEngine(path=tmp_path / "bank.duckdb")
    with (
        engine._pool.borrow(time.monotonic() + 60, None) as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute(attack)
    assert total(engine) == Decimal("10.00")
    engine.close()


def test_a_process_that_forgets_to_close_ends_quietly(bank_file: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sqlglot import parse_one\n"
        "from semantic_layer.engines import DuckDBEngine, Limits\n"
        "engine = DuckDBEngine(path=Path(sys.argv[1]))\n"
        "engine.run(parse_one('SELECT 1'), Limits())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(bank_file)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stderr == b""


def test_no_progress_is_drawn_on_the_output_of_a_program() -> None:
    program = (
        "from semantic_layer.engines.duckdb_open import private_instance\n"
        "made = private_instance({})\n"
        "asked = \"select current_setting('enable_progress_bar')\"\n"
        "print([c.execute(asked).fetchone()[0] for c in (made, made.cursor())])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert told.stdout.strip() == "[False, False]"


def test_importing_engines_does_not_import_duckdb() -> None:
    code = "import sys, semantic_layer.engines; sys.exit('duckdb' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
