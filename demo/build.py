"""Build the demonstration bank: plan, subject after subject, fingerprint, publish."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

import duckdb

from demo.calendar_days import calendar_rows
from demo.fingerprint import row_hash, table_rows
from demo.plan import MONTHS, Plan, make_plan
from demo.publish import fresh_file
from demo.rows import insert_rows, load_package_tables
from demo.schema import comment_statements, schema_sql, table_names

GENERATOR_VERSION: Final = "1"
AS_OF: Final = date(2026, 11, 20)
"""Today of the bundled demonstration."""

SUBJECTS: Final = (
    ("随机数", "draws"),
    ("日历与月份", "months"),
    ("机构", "organisation"),
    ("客户与客户经理", "customers"),
    ("营销活动与触达名单", "campaigns"),
    ("账户", "accounts"),
    ("月末与每日余额", "balances"),
    ("贷款与申请", "loans"),
    ("客户活跃与收款人", "transactions"),
    ("交易流水", "txn_rows"),
    ("预埋的数据质量问题", "txn_faults"),
    ("预埋的可疑转账", "suspicious"),
    ("每日贷款与AUM", "daily"),
    ("App访问日", "visits"),
    ("客户月宽表", "customer_months"),
    ("信用卡", "cards"),
    ("App行为事件", "events"),
    ("营销触达与费用", "touches"),
    ("证券资产与成交", "broker"),
    ("保单与赔案", "insurance"),
    ("客服工单", "service"),
    ("标签与风险等级历史", "tags"),
    ("账户效益", "profit"),
    ("经营目标", "targets"),
    ("装载日志", "loads"),
)
"""What is made, in this order; each is a file of the sql folder."""
IN_BATCHES: Final = "txn_rows"

Progress = Callable[[str, int, int], None]
"""Told the step that begins, how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Step:
    """A subject, or a part of it, to be made."""

    label: str
    subject: str
    months: tuple[int, int]
    """First and last month number of the part."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built."""

    path: Path
    size: str
    seed: int
    as_of: date
    row_hash: str
    rows: dict[str, int]
    seconds: float


def build(
    output: Path,
    size: str = "standard",
    seed: int = 42,
    as_of: date = AS_OF,
    on_progress: Progress | None = None,
    *,
    customers: int | None = None,
) -> BuildReport:
    """Build the bank at `output`, replacing what was there only when it is complete."""
    started = time.perf_counter()
    plan = make_plan(size, seed, as_of, customers)
    tell = on_progress or (lambda _step, _done, _total: None)
    with fresh_file(output) as unfinished:
        counted = fill(unfinished, plan, tell)
    rows = {name: count for name, (count, _) in counted.items()}
    seconds = time.perf_counter() - started
    return BuildReport(output, size, seed, as_of, row_hash(counted), rows, seconds)


def fill(path: Path, plan: Plan, tell: Progress) -> dict[str, tuple[int, int]]:
    """Make every table in the database at `path`; returns rows and row sums per table."""
    steps = tuple(steps_of(plan))
    total = len(steps) + 2
    with ctrl_c_is_told(), open_database(path) as con:
        con.execute(f"SET memory_limit = '{plan.memory_limit}'")
        con.execute(schema_sql())
        set_variables(con, plan)
        load_package_tables(con)
        fill_static(con, plan)
        for done, step in enumerate(steps):
            tell(step.label, done, total)
            set_variable(con, "batch_first", step.months[0])
            set_variable(con, "batch_last", step.months[1])
            con.execute(read_sql(step.subject))
        tell("校验行指纹", total - 2, total)
        counted = {name: table_rows(con, name) for name in table_names() if name != "demo_info"}
        describe(con, plan, row_hash(counted))
        tell("写盘", total - 1, total)
        con.execute("CHECKPOINT")
    tell("完成", total, total)
    return counted


@contextmanager
def ctrl_c_is_told() -> Iterator[None]:
    """The database says it in its own way when Ctrl-C arrives during a statement."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


def steps_of(plan: Plan) -> Iterator[Step]:
    """Every subject once; the one in batches once for each of them."""
    for label, name in SUBJECTS:
        batches = plan.batches if name == IN_BATCHES else ((1, MONTHS + 1),)
        for number, months in enumerate(batches, 1):
            part = f"({number}/{len(batches)})" if len(batches) > 1 else ""
            yield Step(f"{label}{part}", name, months)


def open_database(path: Path) -> duckdb.DuckDBPyConnection:
    """An empty database whose results do not depend on the machine."""
    con = duckdb.connect(str(path))
    con.execute("SET enable_progress_bar = false")
    con.execute("SET default_null_order = 'nulls_last'")
    con.execute("SET preserve_insertion_order = true")
    return con


def read_sql(name: str) -> str:
    """The statements of one subject."""
    return files("demo").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def set_variables(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """The plan as DuckDB variables, for the SQL files to read."""
    before = plan.month_end(0)
    values: dict[str, object] = {
        "seed": plan.seed,
        "customers": plan.customers,
        "busy": plan.busy,
        "as_of": plan.as_of,
        "last_day": plan.last_day,
        "first_day": plan.first_day,
        "last_month_end": plan.last_month_end,
        "month_zero": before.year * 12 + before.month,
    }
    for name, value in values.items():
        set_variable(con, name, value)


def set_variable(con: duckdb.DuckDBPyConnection, name: str, value: object) -> None:
    """A value for the SQL files to read with getvariable."""
    con.execute(f"SET VARIABLE {name} = ?", [value])


def fill_static(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """The tables that chance has no part in."""
    con.execute("INSERT INTO dim_product BY NAME FROM products ORDER BY product_id")
    con.execute("INSERT INTO dim_channel BY NAME FROM channels ORDER BY channel_id")
    years = plan.first_day.year - 1, plan.as_of.year + 1
    insert_rows(con, "dim_calendar", calendar_rows(date(years[0], 1, 1), date(years[1], 12, 31)))


def describe(con: duckdb.DuckDBPyConnection, plan: Plan, fingerprint: str) -> None:
    """Write the comments of tables and columns, and what this database is."""
    con.execute("BEGIN")  # once to the disk instead of once per comment
    for statement in comment_statements():
        con.execute(statement)
    con.execute("COMMIT")
    entries = [
        ("mark", "虚拟数据:由程序按种子生成,与任何真实机构和个人无关"),
        ("bank", "示例银行"),
        ("size", plan.size),
        ("customers", str(plan.customers)),
        ("seed", str(plan.seed)),
        ("as_of", plan.as_of.isoformat()),
        ("last_day", plan.last_day.isoformat()),
        ("last_month_end", plan.last_month_end.isoformat()),
        ("row_hash", fingerprint),
        ("generator_version", GENERATOR_VERSION),
    ]
    insert_rows(con, "demo_info", entries)
