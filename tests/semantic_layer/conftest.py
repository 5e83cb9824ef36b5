"""A bank of a few rows that a business person can add up by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from semantic_layer.compile import Compiled, compile_query
from semantic_layer.dialects import outline, render, translated
from semantic_layer.guard import AllowedTables, allowed_tables, check
from semantic_layer.model import (
    Aggregate,
    AverageOver,
    Band,
    Dataset,
    Derived,
    Dimension,
    Field,
    FieldValue,
    Join,
    Manifest,
    Metric,
    Parameter,
    Ratio,
    SemiAdditive,
)
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Period,
    Query,
    Scope,
    TimeGroup,
)
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot
from semantic_layer.suppressed import shown_whole

D = dt.date
AS_OF = D(2026, 11, 20)
SCHEMA = """
create table dim_org (org_id varchar, outlet varchar, branch varchar, opened_on date, closed_on date);
insert into dim_org values
  ('o1', '银川城东支行', '银川分行', date '2010-01-01', null),
  ('o2', '银川城西支行', '银川分行', date '2010-01-01', null),
  ('o3', '固原支行', '固原分行', date '2012-01-01', null),
  ('o4', '中卫支行', '中卫分行', date '2015-01-01', null);
create table dim_customer (customer_id varchar, gender varchar, age integer, org_id varchar,
                           credit_limit decimal(18,2), mobile varchar, is_vip boolean);
insert into dim_customer values
  ('c1', '男', 25, 'o1', 100, '13900000001', true),
  ('c2', '女', 35, 'o2', 200, '13900000002', false),
  ('c3', '男', 65, 'o3', 300, '13900000003', null),
  ('c4', null, null, 'o9', 400, '13900000004', false);

-- 月末余额:c1 有两个账户,a2 在 10 月销户
create table fact_balance (month_end date, account_id varchar, customer_id varchar, org_id varchar,
                           product_line varchar, is_demand integer, end_balance decimal(18,2),
                           avg_balance decimal(18,2), days integer);
insert into fact_balance values
  (date '2024-12-31', 'a1', 'c1', 'o1', '存款', 1,  40.00,  40.00, 31),
  (date '2025-09-30', 'a1', 'c1', 'o1', '存款', 1,  50.00,  50.00, 30),
  (date '2025-10-31', 'a1', 'c1', 'o1', '存款', 1,  60.00,  55.00, 31),
  (date '2025-10-31', 'a3', 'c2', 'o2', '存款', 0,  20.00,  20.00, 31),
  (date '2025-12-31', 'a1', 'c1', 'o1', '存款', 1,  80.00,  70.00, 31),
  (date '2025-12-31', 'a3', 'c2', 'o2', '存款', 0,  20.00,  20.00, 31),
  (date '2026-08-31', 'a1', 'c1', 'o1', '存款', 1,  90.00,  90.00, 31),
  (date '2026-09-30', 'a1', 'c1', 'o1', '存款', 1, 100.00, 100.00, 30),
  (date '2026-09-30', 'a2', 'c1', 'o1', '存款', 0,  30.00,  30.00, 30),
  (date '2026-09-30', 'a3', 'c2', 'o2', '存款', 0,  20.00,  20.00, 30),
  (date '2026-09-30', 'a4', 'c3', 'o3', '理财', 0, 500.00, 500.00, 30),
  (date '2026-10-31', 'a1', 'c1', 'o1', '存款', 1, 110.50, 105.00, 31),
  (date '2026-10-31', 'a3', 'c2', 'o2', '存款', 0,  25.25,  22.00, 31),
  (date '2026-10-31', 'a4', 'c3', 'o3', '理财', 0, 510.00, 505.00, 31),
  (date '2026-10-31', 'a5', 'c4', 'o9', '存款', 1,  10.00,  10.00, 31);

-- 每日余额:到 11 月 19 日
create table fact_balance_day (date date, org_id varchar, product_line varchar, end_balance decimal(18,2));
insert into fact_balance_day values
  (date '2026-10-31', 'o1', '存款', 110.50), (date '2026-10-31', 'o2', '存款', 25.25),
  (date '2026-11-18', 'o1', '存款', 120.00), (date '2026-11-18', 'o2', '存款', 26.00),
  (date '2026-11-19', 'o1', '存款', 130.00), (date '2026-11-19', 'o2', '存款', 27.00);

-- 贷款
create table fact_loan_month (month_end date, loan_id varchar, customer_id varchar, org_id varchar,
                              balance decimal(18,2), class5 varchar);
insert into fact_loan_month values
  (date '2026-09-30', 'l1', 'c1', 'o1', 1000.00, '正常'),
  (date '2026-10-31', 'l1', 'c1', 'o1',  900.00, '正常'),
  (date '2026-10-31', 'l2', 'c1', 'o1',  100.00, '次级'),
  (date '2026-10-31', 'l3', 'c3', 'o3',  400.00, '正常');

-- 客户月表
create table fact_cust_month (month_end date, customer_id varchar, org_id varchar, cust_level varchar,
                              new_flag integer, active_flag integer);
insert into fact_cust_month values
  (date '2026-08-31', 'c1', 'o1', '大众', 1, 1),
  (date '2026-09-30', 'c1', 'o1', '金卡', 0, 1),
  (date '2026-09-30', 'c2', 'o2', '大众', 1, 1),
  (date '2026-10-31', 'c1', 'o1', '金卡', 0, 0),
  (date '2026-10-31', 'c2', 'o2', '大众', 0, 1),
  (date '2026-10-31', 'c3', 'o3', '私行', 1, 1),
  (date '2026-10-31', 'c4', 'o9', null,   1, 0);

-- 交易流水:到 11 月 19 日
create table fact_txn (txn_id varchar, txn_date date, customer_id varchar, org_id varchar,
                       amount decimal(18,2), fee decimal(18,2), success integer, txn_at timestamp);
insert into fact_txn values
  ('t01', date '2024-02-29', 'c1', 'o1',  5.00, 0.05, 1, timestamp '2024-02-29 10:00:00'),
  ('t02', date '2025-02-28', 'c1', 'o1',  7.00, 0.07, 1, timestamp '2025-02-28 10:00:00'),
  ('t03', date '2025-10-10', 'c1', 'o1', 10.00, 0.10, 1, timestamp '2025-10-10 10:00:00'),
  ('t04', date '2025-10-25', 'c2', 'o2', 30.00, 0.30, 1, timestamp '2025-10-25 10:00:00'),
  ('t05', date '2025-11-05', 'c1', 'o1',  8.00, 0.08, 1, timestamp '2025-11-05 10:00:00'),
  ('t06', date '2025-11-25', 'c1', 'o1', 99.00, 0.99, 1, timestamp '2025-11-25 10:00:00'),
  ('t07', date '2026-09-01', 'c1', 'o1',  4.00, 0.04, 1, timestamp '2026-09-01 10:00:00'),
  ('t08', date '2026-10-05', 'c1', 'o1', 20.00, 0.20, 1, timestamp '2026-10-05 10:00:00'),
  ('t09', date '2026-10-05', 'c2', 'o2', 40.00, 3.80, 0, timestamp '2026-10-05 23:59:59'),
  ('t10', date '2026-10-31', 'c3', 'o1', 60.00, 0.60, 1, timestamp '2026-10-31 23:30:00'),
  ('t11', date '2026-11-03', 'c1', 'o1', 12.00, 0.12, 1, timestamp '2026-11-03 10:00:00'),
  ('t12', date '2026-11-19', 'c9', 'o3',  3.00, 0.03, 1, timestamp '2026-11-19 10:00:00');
"""


def _dataset(
    name: str, table: str, key: tuple[str, ...], fields: tuple[Field, ...] = (), **more: object
) -> Dataset:
    return Dataset(name, more.pop("label", name), table, key, fields, **more)  # type: ignore[arg-type]


def _orgs(name: str = "owning_org", label: str = "归属机构") -> Join:
    return Join("orgs", name, (("org_id", "org_id"),), label=label, default=True)


CUSTOMERS = Join("customers", "customers", (("customer_id", "customer_id"),), label="客户")
DUE = Field(
    "due_date",
    "到期日",
    type="date",
    groupable=False,
    expr=("case loan_id when 'l1' then date '2026-12-15' else date '2027-03-01' end"),
)
STOCK = SemiAdditive("month_end")
DATASETS = (
    _dataset(
        "orgs", "dim_org", ("org_id",),
        (Field("outlet", "网点", spine=True), Field("branch", "分行", spine=True)), label="机构",
    ),
    _dataset(
        "customers", "dim_customer", ("customer_id",),
        (
            Field(
                "gender", "性别", values=(FieldValue("男"), FieldValue("女")),
                sensitivity="internal",
            ),
            Field("age", "年龄", type="number"),
            Field("age_band", "年龄段", band=Band("age", (20, 30, 40, 60))),
            Field("is_vip", "是否贵宾"),
            Field("mobile", "手机号", sensitivity="pii", groupable=False),
        ),
        joins=(Join("orgs", "customer_org", (("org_id", "org_id"),), label="客户归属机构"),),
        entity="customer", label="客户",
    ),
    _dataset(
        "balances", "fact_balance", ("account_id", "month_end"),
        (
            Field("product_line", "产品线", values=(FieldValue("存款", synonyms=("储蓄",)), FieldValue("理财"))),
            Field("is_demand", "活期定期", values=(FieldValue(1, "活期"), FieldValue(0, "定期"))),
        ),
        grain="month", time="month_end", joins=(_orgs(), CUSTOMERS), label="账户月末余额",
    ),
    _dataset(
        "balances_day", "fact_balance_day", ("date", "org_id", "product_line"),
        (Field("product_line", "产品线", conforms=True),),
        grain="date", time="date", joins=(_orgs(),), label="机构每日余额",
    ),
    _dataset(
        "loans", "fact_loan_month", ("loan_id", "month_end"), (Field("class5", "五级分类"), DUE),
        grain="month", time="month_end", time_roles=(("到期日", "due_date"),), joins=(_orgs(), CUSTOMERS), label="贷款月末余额",
    ),
    _dataset(
        "cust_month", "fact_cust_month", ("customer_id", "month_end"),
        (Field("cust_level", "客户等级", values=tuple(map(FieldValue, ("大众", "金卡", "贵宾", "私行")))),),
        grain="month", time="month_end", joins=(_orgs(), CUSTOMERS), label="客户月表",
    ),
    _dataset(
        "txns", "fact_txn", ("txn_id",), (Field("success", "是否成功", type="number"),),
        time="txn_date", time_roles=(("记账时间", "txn_at"),),
        joins=(_orgs("txn_org", "交易机构"), CUSTOMERS), label="交易流水",
    ),
)  # fmt: skip


def _metric(name: str, label: str, definition: object, unit: str = "CNY", **more: object) -> Metric:
    return Metric(name, label, definition, unit, status="certified", **more)  # type: ignore[arg-type]


METRICS = (
    _metric(
        "deposit", "存款余额",
        Aggregate("balances", "sum", "end_balance", "product_line = '存款'", semi_additive=STOCK),
        also=(Aggregate("balances_day", "sum", "end_balance", "product_line = '存款'",
                        semi_additive=SemiAdditive("date")),),
    ),
    _metric("wealth", "理财余额", Aggregate("balances", "sum", "end_balance", "product_line = '理财'", semi_additive=STOCK)),
    _metric("deposit_known", "存款余额(最近)", Aggregate(
        "balances", "sum", "end_balance", "product_line = '存款'",
        semi_additive=SemiAdditive("month_end", period_end="last_known"))),
    _metric("deposit_first", "期初存款", Aggregate(
        "balances", "sum", "end_balance", "product_line = '存款'",
        semi_additive=SemiAdditive("month_end", take="first"))),
    _metric("deposit_avg", "存款日均", Aggregate(
        "balances", "sum", "avg_balance", "product_line = '存款'", average_over=AverageOver("days"))),
    _metric("loan_balance", "贷款余额", Aggregate("loans", "sum", "balance", semi_additive=STOCK)),
    _metric("npl_balance", "不良贷款余额", Aggregate(
        "loans", "sum", "balance", "class5 in ('次级', '可疑', '损失')", semi_additive=STOCK)),
    _metric("npl_rate", "不良率", Ratio("npl_balance", "loan_balance"), "percent", direction="down_is_good"),
    _metric("cust_cnt", "客户数", Aggregate("cust_month", "distinct", "customer_id", semi_additive=STOCK), "户"),
    _metric("new_cust", "新增客户数", Aggregate("cust_month", "sum", "new_flag"), "户"),
    _metric("mau", "月活客户数", Aggregate("cust_month", "distinct", "customer_id", "active_flag = 1"), "户"),
    _metric("active_rate", "月活率", Ratio("mau", "cust_cnt"), "percent", native="month"),
    _metric("txn_amount", "交易金额", Aggregate("txns", "sum", "amount")),
    _metric("ok_amount", "成功交易金额", Aggregate("txns", "sum", "amount", "success = 1")),
    _metric("txn_cnt", "交易笔数", Aggregate("txns", "count"), "笔"),
    _metric("txn_cust", "交易客户数", Aggregate("txns", "distinct", "customer_id"), "户"),
    _metric("dau", "日均交易客户数", Aggregate("txns", "distinct", "customer_id", then_avg="date"), "户"),
    _metric("fee", "手续费", Aggregate("txns", "sum", "fee")),
    _metric("fee_rate", "费率", Ratio("fee", "txn_amount"), "percent"),
    _metric("avg_amount", "笔均金额", Ratio("txn_amount", "txn_cnt")),
    _metric("median_amount", "金额中位数", Aggregate("txns", "median", "amount")),
    _metric("median_fee", "手续费中位数", Aggregate("txns", "median", "fee")),
    _metric("gap_sum", "有缺失的合计", Aggregate("txns", "sum", "nullif(amount, 40)")),
    _metric("max_amount", "最大金额", Aggregate("txns", "max", "amount")),
    _metric("male_amount", "男性交易金额", Aggregate("txns", "sum", "amount", "customers.gender = '男'")),
    _metric("big_amount", "大额交易金额", Aggregate("txns", "sum", "amount", "amount >= {big}")),
    _metric("net_amount", "净额", Derived("txn_amount - fee")),
    _metric("deposit_minus_loan", "存贷差", Derived("deposit - loan_balance")),
    _metric("credit", "授信额度", Aggregate("customers", "sum", "credit_limit")),
)  # fmt: skip


def _dimensions() -> dict[str, Dimension]:
    found: dict[str, Dimension] = {}
    for dataset in DATASETS:
        for field in dataset.fields:
            if field.conforms or field.name == "mobile_":
                continue
            carriers = tuple(d.name for d in DATASETS if d.field(field.name))
            ordered = (dataset.name, *(c for c in carriers if c != dataset.name))
            found[field.name] = Dimension(field.name, dataset.name, field, ordered)
    return found


def manifest_of(policies: tuple = (), metrics: tuple[Metric, ...] = METRICS) -> Manifest:
    return Manifest(
        project="小银行",
        datasets={d.name: d for d in DATASETS},
        metrics={m.name: m for m in metrics},
        dimensions=_dimensions(),
        parameters={"big": Parameter("big", "大额门槛", 20)},
        policies=policies,
        hash="small",
    )


class WorkdayCalendar:
    """Monday to Friday; one feast."""

    def is_workday(self, day: D) -> bool:
        return day.weekday() < 5

    def is_trading_day(self, day: D) -> bool:
        return day.weekday() < 5

    def feast(self, name: str, year: int) -> tuple[D, D] | None:
        feasts = {
            ("国庆节", 2026): (D(2026, 10, 1), D(2026, 10, 7)),
            ("国庆节", 2025): (D(2025, 10, 1), D(2025, 10, 12)),
        }
        return feasts.get((name, year))

    def is_certain(self, year: int) -> bool:
        return year <= 2026


DATA_DATES = {
    "balances": D(2026, 10, 31), "balances_day": D(2026, 11, 19), "loans": D(2026, 10, 31),
    "cust_month": D(2026, 10, 31), "txns": D(2026, 11, 19),
}  # fmt: skip
FIRST_DATES = {
    "balances": D(2024, 12, 31), "balances_day": D(2026, 10, 31), "loans": D(2026, 9, 30),
    "cust_month": D(2026, 8, 31), "txns": D(2024, 2, 29),
}  # fmt: skip


@pytest.fixture(scope="session")
def bank_sql() -> str:
    return SCHEMA


@pytest.fixture(scope="session")
def bank() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(SCHEMA)
    return connection


@pytest.fixture(scope="session")
def column_types(bank: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    rows = bank.execute("select table_name, column_name, data_type from information_schema.columns")
    for table, column, kind in rows.fetchall():
        found.setdefault(table, {})[column] = kind
    return found


@pytest.fixture(scope="session")
def make_snapshot(column_types) -> Callable[..., Snapshot]:
    def make(manifest: Manifest | None = None, as_of: D = AS_OF) -> Snapshot:
        return Snapshot(
            manifest or manifest_of(),
            as_of,
            DATA_DATES,
            FIRST_DATES,
            WorkdayCalendar(),
            column_types,
        )

    return make


@pytest.fixture(scope="session")
def snapshot(make_snapshot) -> Snapshot:
    return make_snapshot()


@pytest.fixture(scope="session")
def make_manifest() -> Callable[..., Manifest]:
    return manifest_of


ANYBODY = Principal("甲")


def reads_back_elsewhere(tree: exp.Expr) -> None:
    """Every statement of the fixtures is also one for Spark and ClickHouse."""
    for dialect in ("spark", "clickhouse"):
        text = render(tree, dialect)
        again = sqlglot.parse_one(text, dialect=dialect)
        assert again.sql(dialect=dialect) == text
        assert list(outline(again)) == list(outline(translated(tree, dialect)))


class Answered:
    """Rows and totals of a query that ran on the small bank."""

    def __init__(
        self, bank, resolved: ResolvedQuery, compiled: Compiled, allowed: AllowedTables
    ) -> None:
        self.resolved, self.compiled, self.sql = resolved, compiled, compiled.sql()
        for tree in (compiled.statement, compiled.totals, compiled.count):
            if tree is not None:
                check(tree, allowed)
                reads_back_elsewhere(tree)
        self.columns = [column.id for column in compiled.columns]
        cursor = bank.execute(self.sql)
        assert [d[0] for d in cursor.description] == [*self.columns, *compiled.hidden]
        self.all_rows = cursor.fetchall()
        self.rows = [row[: len(self.columns)] for row in self.all_rows]
        self.totals = None
        if compiled.totals is not None:
            values = bank.execute(compiled.totals.sql("duckdb")).fetchone()
            self.totals = shown_whole(values, compiled.totals_columns, compiled)
        self.count = None
        if compiled.count is not None:
            self.count = bank.execute(compiled.count.sql("duckdb")).fetchone()[0]

    @property
    def warned(self) -> set[str]:
        return {code for code, _ in self.resolved.warnings}


@pytest.fixture(scope="session")
def ask(bank, snapshot) -> Callable[..., Answered | Problem]:
    """Resolves, compiles and runs a query on the small bank."""

    def run(query: Query, user: Principal = ANYBODY, at: Snapshot = snapshot) -> Answered | Problem:
        resolved = resolve(query, at, user)
        if isinstance(resolved, Problem):
            return resolved
        compiled = compile_query(resolved, at)
        if isinstance(compiled, Problem):
            return compiled
        return Answered(bank, resolved, compiled, allowed_tables(at.manifest, at.column_types))

    return run


@pytest.fixture(scope="session")
def mq() -> Callable[..., MetricQuery]:
    """A metric query in few words: names, "@month" for a time grain."""

    def build(measures, by=(), period=None, where=None, **more) -> MetricQuery:
        names = (measures,) if isinstance(measures, str | MetricRef) else measures
        groups = (by,) if isinstance(by, str) else by
        if period is not None and not isinstance(period, Period):
            period = Period((period,))
        return MetricQuery(
            tuple(MetricRef(m) if isinstance(m, str) else m for m in names),
            tuple(TimeGroup(g[1:]) if g.startswith("@") else DimensionGroup(g) for g in groups),
            Scope(period, where),
            **more,
        )

    return build
