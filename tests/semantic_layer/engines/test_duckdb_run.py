"""One query on a small bank: values, limits, time-out, cancel."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlglot import exp, parse_one

from semantic_layer.engines import (
    CancelToken,
    DuckDBEngine,
    EngineClosedError,
    EngineError,
    Limits,
    QueryCancelledError,
    QueryFailedError,
    QueryTimeoutError,
    QueryTooExpensiveError,
    Table,
)
from semantic_layer.statement import Statement

ENDLESS = "SELECT COUNT(*) FROM RANGE(100000000) a, RANGE(1000) b WHERE (a.range * b.range) % 7 = 3"
PATIENT = Limits(timeout_s=600)
"""For a query that is stopped by something else than its time."""
FREE = Limits()


def sql(text: str) -> exp.Expression:
    return parse_one(text, dialect="duckdb")


def run(engine: DuckDBEngine, text: str, limits: Limits = FREE) -> Table:
    return engine.run(sql(text), limits)


def until_it_runs(engine: DuckDBEngine, query: Future[Table]) -> None:
    """Until a connection is taken."""
    while not engine._pool._in_use and not query.done():
        time.sleep(0.01)


def test_money_stays_decimal_and_dates_stay_dates(engine: DuckDBEngine) -> None:
    table = run(
        engine, "SELECT MAX(month_end) AS d, SUM(balance) AS s, COUNT(*) AS n FROM deposits"
    )
    assert table == Table(
        columns=("d", "s", "n"),
        types=("DATE", "DECIMAL(38,2)", "BIGINT"),
        rows=((date(2026, 10, 31), Decimal("240.15"), 3),),
    )


@pytest.mark.parametrize(
    ("cap", "rows", "truncated"), [(1, 1, True), (2, 2, True), (3, 3, False), (4, 3, False)]
)
def test_more_rows_than_the_cap_are_cut_and_said(
    engine: DuckDBEngine, cap: int, rows: int, truncated: bool
) -> None:
    table = run(engine, "SELECT branch FROM deposits", Limits(max_result_rows=cap))
    assert (len(table.rows), table.truncated) == (rows, truncated)
    assert len(run(engine, "SELECT branch FROM deposits").rows) == 3


def test_a_huge_result_is_not_computed_beyond_the_cap(engine: DuckDBEngine) -> None:
    """All of them would not come within the 30 seconds of a query."""
    table = run(engine, "SELECT range AS i FROM RANGE(10000000000)", Limits(max_result_rows=10))
    assert table.rows[:2] == ((0,), (1,))
    assert table.truncated


def test_a_query_stops_at_its_time_limit(engine: DuckDBEngine) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeoutError) as caught:
        run(engine, ENDLESS, Limits(timeout_s=0.2))
    assert time.monotonic() - started < 30
    assert caught.value.code == "timeout"
    assert run(engine, "SELECT 1 AS one").rows == ((1,),)


def test_a_query_is_cancelled_from_another_thread(engine: DuckDBEngine) -> None:
    token = CancelToken()
    threading.Timer(0.2, token.cancel).start()
    with pytest.raises(QueryCancelledError) as caught:
        engine.run(sql(ENDLESS), PATIENT, token)
    assert caught.value.code == "cancelled"
    with pytest.raises(QueryCancelledError):
        engine.run(sql("SELECT 1"), Limits(), token)


def test_cancelling_one_query_leaves_the_others_alone(engine: DuckDBEngine) -> None:
    token = CancelToken()
    with ThreadPoolExecutor(4) as pool:
        stopped = pool.submit(engine.run, sql(ENDLESS), PATIENT, token)
        others = [pool.submit(run, engine, "SELECT SUM(balance) FROM deposits") for _ in range(20)]
        assert {other.result().rows for other in others} == {((Decimal("240.15"),),)}
        token.cancel()
        assert isinstance(stopped.exception(), QueryCancelledError)


def test_a_query_waits_for_a_free_connection_only_so_long(bank_file) -> None:
    engine = DuckDBEngine(path=bank_file, pool_size=1)
    token = CancelToken()
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(engine.run, sql(ENDLESS), PATIENT, token)
        until_it_runs(engine, busy)
        with pytest.raises(QueryTimeoutError, match="排队"):
            run(engine, "SELECT 1", Limits(timeout_s=0.1))
        token.cancel()
        assert isinstance(busy.exception(), QueryCancelledError)
    engine.close()


def test_twenty_threads_get_their_own_numbers(engine: DuckDBEngine) -> None:
    def ask(number: int) -> object:
        return run(engine, f"SELECT COUNT(*) * {number} AS n FROM deposits").rows[0][0]

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(ask, range(200))) == [3 * number for number in range(200)]


def test_killed_queries_leave_the_only_connection_usable(bank_file) -> None:
    engine = DuckDBEngine(path=bank_file, pool_size=1)
    for _ in range(3):
        with pytest.raises(QueryTimeoutError):
            run(engine, ENDLESS, Limits(timeout_s=0.1))
        token = CancelToken()
        threading.Timer(0.1, token.cancel).start()
        with pytest.raises(QueryCancelledError):
            engine.run(sql(ENDLESS), PATIENT, token)
        with pytest.raises(QueryTooExpensiveError):
            run(engine, "SELECT a.branch FROM deposits a, deposits b", Limits(max_scan_rows=5))
        assert run(engine, "SELECT SUM(balance) FROM deposits").rows == ((Decimal("240.15"),),)
    engine.close()


def test_twenty_people_at_once_each_end_in_their_own_way(engine: DuckDBEngine) -> None:
    def ask(number: int) -> object:
        if number % 4 == 1:
            return _code(engine, ENDLESS, Limits(timeout_s=0.3))
        if number % 4 == 2:
            return _code(
                engine, "SELECT a.branch FROM deposits a, deposits b", Limits(max_scan_rows=5)
            )
        return run(engine, f"SELECT COUNT(*) * {number} AS n FROM deposits").rows[0][0]

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(ask, range(20)))
    ends = {1: "timeout", 2: "too_expensive"}
    assert found == [ends.get(number % 4, 3 * number) for number in range(20)]


def told(*texts: str) -> list[Statement]:
    return [Statement.of(sql(text)) for text in texts]


@pytest.mark.parametrize("pool_size", [1, 8])
def test_several_queries_of_one_question_come_back_in_their_order(bank_file, pool_size) -> None:
    engine = DuckDBEngine(path=bank_file, pool_size=pool_size)
    numbers = told(*(f"SELECT COUNT(*) * {n} AS n FROM deposits" for n in range(7)))
    assert [table.rows[0][0] for table in engine.run_all(numbers, FREE)] == [
        3 * number for number in range(7)
    ]
    assert [table.rows for table in engine.run_all(numbers[2:3], FREE)] == [((6,),)]
    engine.close()
    for several in (numbers, numbers[:1]):
        with pytest.raises(EngineClosedError):
            engine.run_all(several, FREE)


def test_the_first_failure_of_several_is_told_and_the_engine_goes_on(engine: DuckDBEngine) -> None:
    fine, dear, broken = told(
        "SELECT COUNT(*) FROM deposits", "SELECT a.branch FROM deposits a, deposits b",
        "SELECT CAST(branch AS INT) FROM deposits",
    )  # fmt: skip
    few = Limits(max_scan_rows=5)
    for several, error in (
        ((fine, dear, broken), QueryTooExpensiveError), ((broken, fine, dear), QueryFailedError),
    ):  # fmt: skip
        with pytest.raises(error):
            engine.run_all(several, few)
    assert engine.run_all([fine, fine], few)[1].rows == ((3,),)


def test_one_handle_stops_all_queries_of_a_question(engine: DuckDBEngine) -> None:
    token = CancelToken()
    threading.Timer(0.1, token.cancel).start()
    with pytest.raises(QueryCancelledError):
        engine.run_all(told(ENDLESS, ENDLESS, ENDLESS), PATIENT, token)
    assert run(engine, "SELECT COUNT(*) FROM deposits").rows == ((3,),)


def _code(engine: DuckDBEngine, text: str, limits: Limits) -> str:
    with pytest.raises(EngineError) as caught:
        run(engine, text, limits)
    return caught.value.code


def test_a_query_over_too_many_rows_is_refused_before_it_runs(engine: DuckDBEngine) -> None:
    with pytest.raises(QueryTooExpensiveError) as caught:
        run(engine, "SELECT a.branch FROM deposits a, deposits b", Limits(max_scan_rows=5))
    assert caught.value.code == "too_expensive"
    assert str(caught.value) == (
        "这个问题预计要读取约 6 行,超过上限 5 行,请缩小时间范围或加上筛选条件"
    )
    assert run(engine, "SELECT 1 AS one FROM deposits", Limits(max_scan_rows=3)).rows == ((1,),) * 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "SELECT nope FROM deposits",
            "数据库里没有字段“nope”,请核对定义文件与数据库是否一致",
        ),
        (
            "SELECT d.nope FROM deposits d",
            "数据库里没有字段“nope”,请核对定义文件与数据库是否一致",
        ),
        (
            "SELECT 1 FROM loans",
            "数据库里没有表“loans”,请核对定义文件的 source 与数据库是否一致",
        ),
        (
            "SELECT CAST(branch AS INT) FROM deposits",
            "数据里有无法转换的值,请核对定义文件中字段的类型与数据是否一致",
        ),
        ("DROP TABLE deposits", "只能执行查询语句"),
    ],
)
def test_a_refused_statement_says_what_to_check(
    engine: DuckDBEngine, text: str, message: str
) -> None:
    with pytest.raises(QueryFailedError) as caught:
        run(engine, text)
    assert (str(caught.value), caught.value.code) == (message, "engine")


def test_comments_are_not_sent_to_the_database(engine: DuckDBEngine) -> None:
    tree = sql("SELECT 1 AS one")
    tree.add_comments(["*/ DROP TABLE deposits; /*"])
    assert engine.run(tree, Limits()).rows == ((1,),)


def test_the_plan_names_the_table(engine: DuckDBEngine) -> None:
    assert "deposits" in engine.explain(sql("SELECT SUM(balance) FROM deposits"))


def test_a_closed_engine_says_so(engine: DuckDBEngine) -> None:
    engine.close()
    engine.close()
    with pytest.raises(EngineClosedError):
        run(engine, "SELECT 1")


def test_closing_stops_what_runs(engine: DuckDBEngine) -> None:
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(run, engine, ENDLESS, PATIENT)
        until_it_runs(engine, busy)
        engine.close()
        assert isinstance(busy.exception(timeout=60), EngineError)


def test_what_does_not_fit_into_memory_spills_and_is_tidied_up(
    bank_file, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spill"))
    (tmp_path / "spill").mkdir()
    engine = DuckDBEngine(path=bank_file, memory_limit="40MB")
    table = run(
        engine,
        "SELECT COUNT(*) AS n FROM (SELECT ROW_NUMBER() OVER (ORDER BY HASH(range)) AS r"
        " FROM RANGE(2000000)) AS t WHERE r % 2 = 0",
    )
    assert table.rows == ((1_000_000,),)
    assert list((tmp_path / "spill").iterdir()) != []
    engine.close()
    assert list((tmp_path / "spill").iterdir()) == []
