"""Building: the same rows for the same seed, one sentence for a wish that cannot be met."""

import sys
from datetime import date

import duckdb
import pytest

import demo
from demo import BuildError

build_module = sys.modules["demo.build"]
plan_module = sys.modules["demo.plan"]


def test_same_seed_gives_the_same_rows_on_one_thread(report, tmp_path, monkeypatch):
    open_database = build_module.open_database

    def open_single_threaded(path):
        con = open_database(path)
        con.execute("SET threads = 1")
        return con

    monkeypatch.setattr(build_module, "open_database", open_single_threaded)
    again = demo.build(tmp_path / "again.duckdb", "small", customers=700)
    assert again.row_hash == report.row_hash
    assert again.rows == report.rows


def test_transactions_made_month_by_month_are_the_same_rows(report, tmp_path, monkeypatch):
    monkeypatch.setitem(plan_module.MONTHS_PER_BATCH, "small", 1)
    again = demo.build(tmp_path / "again.duckdb", "small", customers=700)
    assert again.row_hash == report.row_hash


def test_large_is_the_same_bank_with_more_transactions(tmp_path):
    told = []
    small = demo.build(tmp_path / "small.duckdb", "small", customers=60)
    large = demo.build(
        tmp_path / "large.duckdb",
        "large",
        customers=60,
        on_progress=lambda *step: told.append(step),
    )
    assert large.rows["fact_txn"] > 12 * small.rows["fact_txn"]
    assert large.rows["dim_customer"] == small.rows["dim_customer"]
    assert large.rows["fact_balance"] == small.rows["fact_balance"]
    assert "交易流水(26/26)" in {step for step, _, _ in told}
    with duckdb.connect(str(large.path), read_only=True) as con:
        repeated = con.execute("SELECT count(*) - count(DISTINCT txn_id) FROM fact_txn").fetchone()
    assert repeated == (0,)


def test_another_seed_gives_other_rows(report, tmp_path):
    other = demo.build(tmp_path / "other.duckdb", "small", seed=43, customers=700)
    assert other.row_hash != report.row_hash


def test_another_day_moves_every_table(tmp_path):
    other = demo.build(tmp_path / "b.duckdb", "small", as_of=date(2027, 3, 1), customers=100)
    with duckdb.connect(str(other.path), read_only=True) as con:
        dates = con.execute(
            "SELECT (SELECT max(month_end) FROM fact_cust_month), "
            "(SELECT max(date) FROM fact_balance_day), "
            "(SELECT min(month_end) FROM fact_balance), "
            "(SELECT max(date) FROM dim_calendar), "
            "(SELECT bool_and(certain) FROM dim_calendar WHERE year = 2026), "
            "(SELECT bool_or(certain) FROM dim_calendar WHERE year = 2028)"
        ).fetchone()
    february = date(2027, 2, 28)
    assert dates == (february, february, date(2025, 2, 28), date(2028, 12, 31), True, False)


def test_the_database_says_what_it_is(report, bank):
    told = dict(bank.execute("SELECT key, value FROM demo_info").fetchall())
    assert told["mark"].startswith("虚拟数据")
    assert (told["size"], told["seed"], told["as_of"]) == ("small", "42", "2026-11-20")
    assert told["row_hash"] == report.row_hash


def test_every_table_and_column_has_a_chinese_comment(bank):
    silent = bank.execute(
        "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL UNION ALL "
        "SELECT table_name || '.' || column_name FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal AND comment IS NULL"
    ).fetchall()
    assert silent == []


def test_money_is_decimal_everywhere(bank):
    floats = bank.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal AND data_type IN ('DOUBLE', 'FLOAT')"
    ).fetchall()
    assert floats == []


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"size": "huge"}, "没有名为“huge”的规模"),
        ({"seed": -1}, "种子"),
        ({"as_of": date(1999, 1, 1)}, "演示日期"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_sentence(tmp_path, wish, says):
    with pytest.raises(BuildError) as refused:
        demo.build(tmp_path / "bank.duckdb", **wish)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BuildError, match="写不到"):
        demo.build(tmp_path / "file" / "bank.duckdb", "small", customers=50)


def test_a_folder_given_as_file_is_one_sentence(tmp_path):
    with pytest.raises(BuildError, match="是一个文件夹"):
        demo.build(tmp_path, "small", customers=50)


def test_nothing_but_a_demonstration_bank_is_replaced(tmp_path):
    settings = tmp_path / "wenshu.toml"
    settings.write_text("[project]")
    with pytest.raises(BuildError, match="不是演示库,没有覆盖它"):
        demo.build(settings, "small", customers=50)
    assert settings.read_text() == "[project]"
    ledger = tmp_path / "ledger.duckdb"
    with duckdb.connect(str(ledger)) as con:
        con.execute("CREATE TABLE ledger AS SELECT 1 AS amount")
    with pytest.raises(BuildError, match="不是演示库,没有覆盖它"):
        demo.build(ledger, "small", customers=50)


def test_an_interrupted_build_leaves_what_was_there(tmp_path, yesterdays_bank):
    output = tmp_path / "bank.duckdb"
    before = yesterdays_bank(output)

    def interrupt(_step, done, _total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.build(output, "small", customers=50, on_progress=interrupt)
    assert output.read_bytes() == before
    assert list(tmp_path.iterdir()) == [output]


def test_what_a_killed_build_left_is_swept_up(tmp_path):
    leftover = tmp_path / ".bank.duckdb.999999999.building"
    leftover.write_text("half a bank")

    def interrupt(_step, _done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.build(tmp_path / "bank.duckdb", "small", customers=50, on_progress=interrupt)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("report")
def test_progress_counts_up_to_the_end(progress):
    steps, done, total = zip(*progress, strict=True)
    assert list(done) == list(range(total[0] + 1))
    assert steps[-1] == "完成"
