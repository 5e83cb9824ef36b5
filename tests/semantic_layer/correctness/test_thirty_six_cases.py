"""What a metric compiler must get right, case by case: query, SQL (`cases.sql`) and rows.

The rows are worked out by hand from the tables of the small bank and the few below. Cases 24
(declared cardinality against the data) and 32 (rollups) have fixtures of their own:
`tests/metrics/live` and `tests/semantic_layer/rollups`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from semantic_layer.compile import Compiled, compile_query
from semantic_layer.guard import allowed_tables, check
from semantic_layer.model import (
    Aggregate,
    Dataset,
    Dimension,
    Field,
    Join,
    Metric,
    Policy,
    Validity,
)
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    Arithmetic,
    ColumnRef,
    Comparison,
    Condition,
    Cumulative,
    EventCondition,
    Holiday,
    Latest,
    Limit,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Order,
    Period,
    Relative,
    Rolling,
    Set,
    Share,
)
from semantic_layer.resolve import resolve

D = Decimal
OCTOBER, THIS_MONTH = Relative("month", -1), Relative("month")
AUTUMN = Absolute(date(2026, 9, 1), date(2026, 10, 31))
LATE_SUMMER = Absolute(date(2026, 8, 1), date(2026, 10, 31))
FIRST = (Order(ColumnRef(0)),)
RECORDED = Path(__file__).with_name("cases.sql")
MORE_TABLES = """
-- 客户经理:10月5日起城东由李四接手(当日归李四)
create table org_manager (org_id varchar, manager varchar, valid_from date, valid_to date);
insert into org_manager values
  ('o1', '张三', date '2020-01-01', date '2026-10-05'),
  ('o1', '李四', date '2026-10-05', null),
  ('o2', '王五', date '2020-01-01', null);
-- 标签:c1 有两个
create table customer_tag (customer_id varchar, tag varchar);
insert into customer_tag values ('c1', '高频'), ('c1', '代发'), ('c2', '代发'), ('c3', '高频');
-- 行内转账,两端各有机构
create table transfer (transfer_id varchar, day date, from_org varchar, to_org varchar, amount decimal(18,2));
insert into transfer values
  ('f1', date '2026-10-08', 'o1', 'o3', 70), ('f2', date '2026-10-09', 'o1', 'o2', 30);
-- 到访:一次没有登记客户
create table visit (visit_id varchar, day date, customer_id varchar);
insert into visit values
  ('v1', date '2026-10-01', 'c1'), ('v2', date '2026-10-02', null), ('v3', date '2026-10-02', 'c1');
-- 名字古怪的表
create table "订单 select" ("单号" varchar, "day" date, "group" varchar, "金额(元)" decimal(18,2));
insert into "订单 select" values
  ('1', date '2026-10-01', 'it''s', 5), ('2', date '2026-10-02', '"; drop table x; --', 7);
"""


def _org(role: str, label: str, key: str) -> Join:
    return Join("orgs", role, ((key, "org_id"),), label=label)


def _managed(role: str, label: str, validity: Validity | None) -> Join:
    to = "managers" if validity else "managers_now"
    return Join(to, role, (("org_id", "org_id"),), label=label, validity=validity)


CUSTOMER = Join("customers", "customers", (("customer_id", "customer_id"),), label="客户")
MANAGER = Field("manager", "客户经理")
DATASETS = (
    Dataset("managers", "客户经理", "org_manager", ("org_id", "valid_from"), (MANAGER,)),
    Dataset(
        "managers_now", "现任客户经理", None, ("org_id",), (replace(MANAGER, conforms=True),),
        sql="select org_id, manager from org_manager where valid_to is null",
    ),
    Dataset(
        "tags", "客户标签", "customer_tag", ("customer_id", "tag"), (Field("tag", "标签"),),
        joins=(CUSTOMER,),
    ),
    Dataset(
        "transfers", "转账", "transfer", ("transfer_id",), (), time="day",
        joins=(_org("payer_org", "付款机构", "from_org"), _org("payee_org", "收款机构", "to_org")),
    ),
    Dataset("visits", "到访", "visit", ("visit_id",), (), time="day", joins=(CUSTOMER,)),
    Dataset(
        "orders", "订单", "订单 select", ("单号",),
        (Field("kind", "类别", expr='"group"'),), time="day",
    ),
)  # fmt: skip
METRICS = (
    Metric("tagged", "有标签的客户数", Aggregate("tags", "distinct", "customer_id"), "户"),
    Metric("transferred", "转账金额", Aggregate("transfers", "sum", "amount"), "CNY"),
    Metric("visitors", "到访客户数", Aggregate("visits", "distinct", "customer_id"), "户"),
    Metric("visits", "到访次数", Aggregate("visits", "count"), "次"),
    Metric("ordered", "订单金额", Aggregate("orders", "sum", '"金额(元)"'), "CNY"),
    Metric("dollars", "美元金额", Aggregate("txns", "sum", "amount"), "USD"),
)
DAYS = {"transfers": date(2026, 11, 19), "visits": date(2026, 11, 19), "orders": date(2026, 11, 19)}
POLICIES = (
    Policy("head_office"),
    Policy("yinchuan", allow=(("branch", ("银川分行",)),), mask=("customers.gender",)),
)
EVERYBODY, YINCHUAN = Principal("甲", ("head_office",)), Principal("乙", ("yinchuan",))


@dataclass(frozen=True)
class World:
    """The small bank with the few tables above."""

    bank: duckdb.DuckDBPyConnection
    snapshot: Any

    def compiled(self, query: MetricQuery, user: Principal) -> Compiled | Problem:
        resolved = resolve(query, self.snapshot, user)
        if isinstance(resolved, Problem):
            return resolved
        compiled = compile_query(resolved, self.snapshot)
        assert isinstance(compiled, Compiled)
        check(
            compiled.statement, allowed_tables(self.snapshot.manifest, self.snapshot.column_types)
        )
        return compiled

    def rows(self, compiled: Compiled) -> list[tuple[Any, ...]]:
        found = self.bank.execute(compiled.sql()).fetchall()
        return [row[: len(compiled.columns)] for row in found]

    def totals(self, compiled: Compiled) -> dict[str, Any]:
        assert compiled.totals is not None
        values = self.bank.execute(compiled.totals.sql("duckdb")).fetchone() or ()
        return dict(zip(compiled.totals_columns, values, strict=False))


def _with_roles(dataset: Dataset) -> Dataset:
    """Transactions know who managed their branch then, and who does now."""
    if dataset.name != "txns":
        return dataset
    then = _managed("then", "当时的客户经理", Validity("valid_from", "valid_to", "txn_date"))
    now = _managed("now", "现任客户经理", None)
    return replace(dataset, joins=(*dataset.joins, then, now))


@pytest.fixture(scope="module")
def world(bank_sql, make_manifest, make_snapshot) -> World:
    bank = duckdb.connect()
    bank.execute(bank_sql + MORE_TABLES)
    types: dict[str, dict[str, str]] = {}
    names = "select table_name, column_name, data_type from information_schema.columns"
    for table, column, kind in bank.execute(names).fetchall():
        types.setdefault(table, {})[column] = kind
    small = make_manifest(POLICIES)
    own = {
        "manager": Dimension("manager", "managers", MANAGER, ("managers", "managers_now")),
        "tag": Dimension("tag", "tags", DATASETS[2].fields[0], ("tags",)),
        "kind": Dimension("kind", "orders", DATASETS[5].fields[0], ("orders",)),
    }
    manifest = replace(
        small,
        datasets={d.name: _with_roles(d) for d in (*small.datasets.values(), *DATASETS)},
        metrics={**small.metrics, **{m.name: m for m in METRICS}},
        dimensions={**small.dimensions, **own},
    )
    plain = make_snapshot(manifest)
    return World(bank, replace(plain, column_types=types, data_dates={**plain.data_dates, **DAYS}))


@dataclass(frozen=True)
class Case:
    """One question of the list: number, what it is about, and what must come back."""

    number: int
    about: str
    query: Callable[..., MetricQuery]
    rows: list[tuple[Any, ...]]
    totals: dict[str, Any] | None = None
    user: Principal = EVERYBODY


def near(value: float) -> Any:
    return pytest.approx(value)


def those(where: Any) -> Membership:
    return Membership(Set("customer", where))


def then(base: str, *shows: str) -> tuple[Comparison, ...]:
    return (Comparison(base, shows or ("value",)),)  # type: ignore[arg-type]


YOUNG = Condition("age", "le", (25,))
OCTOBER_PERIOD = Period((OCTOBER,))
CASES = (
    # c1(25岁):额度100,两个账户、九月十月两笔交易4+20,10月末存款110.50
    Case(1, "一个客户的额度不被账户和交易放大",
         lambda mq: mq(["credit", "deposit", "txn_amount"], period=AUTUMN, where=YOUNG),
         [(D(100), D("110.50"), D(24))]),
    Case(2, "两个事实并列,互不相乘",
         lambda mq: mq(["deposit", "loan_balance"], "gender", OCTOBER),
         [("男", D("110.50"), D(1400)), ("女", D("25.25"), None), ("未知", D(10), None)],
         {"deposit": D("145.75"), "loan_balance": D(1400)}),
    # 男:0.80÷80,女:3.80÷40;合计 4.60÷120,不是平均
    Case(3, "比率由分子分母重算",
         lambda mq: mq("fee_rate", "gender", OCTOBER),
         [("男", near(0.01)), ("女", near(0.095))], {"fee_rate": near(4.6 / 120)}),
    # 中卫没有贷款;11月两笔15元,笔均7.5 不截断
    Case(4, "分母为零没有值",
         lambda mq: mq("npl_rate", "branch", OCTOBER),
         [("银川分行", near(0.1)), ("固原分行", 0), ("中卫分行", None)]),
    Case(4, "整数相除不截断", lambda mq: mq("avg_amount", period=THIS_MONTH), [(7.5,)]),
    # 10月 c1、c2、c3;11月 c1、c9;两月合计 c1、c2、c3、c9
    Case(5, "去重数逐级重数",
         lambda mq: mq("txn_cust", "@month", Absolute(date(2026, 10, 1), date(2026, 11, 19))),
         [("2026-10", 3), ("2026-11", 2)], {"txn_cust": 4}),
    Case(5, "空的客户号不是客户",
         lambda mq: mq(["visitors", "visits"], period=OCTOBER), [(1, 3)]),
    Case(6, "存量按月取期末,合计取最后一期",
         lambda mq: mq("deposit", "@month", LATE_SUMMER),
         [("2026-08", D(90)), ("2026-09", D(150)), ("2026-10", D("145.75"))],
         {"deposit": D("145.75")}),
    # 城东的定期户 a2 在10月销户:期末没有余额
    Case(7, "期末在筛选之前定",
         lambda mq: mq(["deposit", "deposit_known"], period=LATE_SUMMER, where=And((
             Condition("outlet", "in", ("银川城东支行",)),
             Condition("is_demand", "in", ("定期",))))),
         [(D(0), D(30))]),
    # 9月日均150(30天),10月日均137(31天)
    Case(8, "日均按日历天数加权",
         lambda mq: mq("deposit_avg", period=AUTUMN), [(near((150 * 30 + 137 * 31) / 61),)]),
    # 11月1—19日15,去年同期8(不是全月107)
    Case(9, "未满期比同期天数",
         lambda mq: mq("txn_amount", period=THIS_MONTH, compare=then("yoy")), [(D(15), D(8))]),
    # 8月没有交易,9月的上期是8月的0,不是更早的一行
    Case(10, "上期按期间对应,不按行",
         lambda mq: mq("txn_amount", "@month", AUTUMN, compare=then("mom")),
         [("2026-09", D(4), D(0)), ("2026-10", D(120), D(4))]),
    Case(11, "时间筛选不筛掉去年",
         lambda mq: mq("txn_amount", "@month", OCTOBER, compare=then("yoy")),
         [("2026-10", D(120), D(40))]),
    # 2025年2月7;2024年2月(29天)5
    Case(12, "闰年的二月是一行",
         lambda mq: mq("txn_amount", "@month", Absolute(date(2025, 2, 1), date(2025, 2, 28)),
                       compare=then("yoy")),
         [("2025-02", D(7), D(5))]),
    # 国庆:2026年10月1—7日 20+40;2025年10月1—12日 10
    Case(13, "节日比节日",
         lambda mq: mq("txn_amount", period=Holiday("国庆节"), compare=then("yoy")),
         [(D(60), D(10))]),
    # 截至11月3日的两个交易日是2日(周一)、3日
    Case(13, "交易日按日历数",
         lambda mq: mq("txn_amount", "@date", Absolute(date(2026, 11, 3), date(2026, 11, 3)),
                       window=Rolling("trading_day", 2)),
         [(date(2026, 11, 3), D(12))]),
    # 2025年12月末 80+20
    Case(14, "较年初比上年末",
         lambda mq: mq("deposit", period=OCTOBER, compare=then("ytd_open")),
         [(D("145.75"), D(100))]),
    Case(15, "累计跨过没有数的月,不出现未来的月",
         lambda mq: mq("txn_amount", "@month", Relative("month", 0, 4), window=Cumulative()),
         [("2026-08", D(0)), ("2026-09", D(4)), ("2026-10", D(124)), ("2026-11", D(139))]),
    # 到11月4日的30天:c1、c3(10月5日的 c2 已出窗口)
    Case(16, "滚动去重不是逐日相加",
         lambda mq: mq("txn_cust", "@date", Absolute(date(2026, 11, 3), date(2026, 11, 4)),
                       window=Rolling("day", 30)),
         [(date(2026, 11, 3), 3), (date(2026, 11, 4), 2)]),
    # 女:一笔40,没有成功
    Case(17, "指标自己的条件只管自己",
         lambda mq: mq(["ok_amount", "txn_amount"], period=OCTOBER,
                       where=Condition("gender", "in", ("女",))),
         [(D(0), D(40))]),
    # 10月交易:c1 20、c2 40、c3 60
    Case(18, "先按客户汇总,再数客户",
         lambda mq: mq("cust_cnt", period=OCTOBER,
                       where=those(MetricCondition("txn_amount", "gt", 30))),
         [(2,)]),
    Case(19, "只在一个事实里的月份留下",
         lambda mq: mq(["new_cust", "txn_amount"], "@month", LATE_SUMMER),
         [("2026-08", 1, D(0)), ("2026-09", 1, D(4)), ("2026-10", 2, D(120))]),
    Case(20, "找不到机构的归未知,各组相加等于合计",
         lambda mq: mq("deposit", "branch", OCTOBER),
         [("银川分行", D("135.75")), ("未知", D(10)), ("固原分行", D(0)), ("中卫分行", None)],
         {"deposit": D("145.75")}),
    # 高频 c1、c3;代发 c1、c2;去重三人
    Case(21, "每个标签都数到,合计另算",
         lambda mq: mq("tagged", "tag"), [("代发", 2), ("高频", 2)], {"tagged": 3}),
    Case(22, "指明角色的机构",
         lambda mq: mq("transferred", "payee_org.outlet", OCTOBER),
         [("固原支行", D(70)), ("银川城西支行", D(30)), ("中卫支行", D(0)), ("银川城东支行", D(0))]),
    # 10月5日当天已归李四:20+60;9月1日归张三
    Case(23, "按当时的归属",
         lambda mq: mq("txn_amount", "then.manager", AUTUMN),
         [("李四", D(80)), ("王五", D(40)), ("张三", D(4))]),
    Case(23, "按现在的归属",
         lambda mq: mq("txn_amount", "now.manager", AUTUMN), [("李四", D(84)), ("王五", D(40))]),
    # 只有 c2 有失败的交易;她的存款25.25 只计一次
    Case(26, "多的一边的条件是半连接",
         lambda mq: mq("deposit", period=OCTOBER, where=those(EventCondition(
             "txn_cnt", within=OCTOBER_PERIOD, where=Condition("success", "in", (0,))))),
         [(D("25.25"),)]),
    Case(27, "前几名之外有合计",
         lambda mq: mq("txn_amount", "outlet", OCTOBER, order=FIRST, limit=Limit(1, others=True)),
         [("银川城东支行", D(80))], {"txn_amount": D(120)}),
    Case(28, "占比合起来是一",
         lambda mq: mq("deposit", "is_demand", OCTOBER, share=Share()),
         [("活期", D("120.50"), near(120.5 / 145.75)), ("定期", D("25.25"), near(25.25 / 145.75))]),
    Case(28, "去掉筛选的占比",
         lambda mq: mq("deposit", period=OCTOBER, where=Condition("is_demand", "in", ("活期",)),
                       share=Share("unfiltered", "is_demand")),
         [(D("120.50"), near(120.5 / 145.75))]),
    Case(29, "金额是十进制数",
         lambda mq: mq("net_amount", period=OCTOBER), [(D("115.40"),)]),
    # 10月31日是周六,属于10月26日(周一)开始的一周;11月3日在下一周
    Case(30, "周一为首日",
         lambda mq: mq("txn_amount", "@week", Absolute(date(2026, 10, 26), date(2026, 11, 8))),
         [("2026-W44", D(60)), ("2026-W45", D(12))]),
    Case(30, "旬",
         lambda mq: mq("txn_amount", "@xun", OCTOBER),
         [("2026-10-上旬", D(60)), ("2026-10-中旬", D(0)), ("2026-10-下旬", D(60))]),
    # 10月末城东110.50+城西25.25;9月末130+20
    Case(31, "权限在每一段里",
         lambda mq: mq("deposit", period=OCTOBER, compare=then("mom")),
         [(D("135.75"), D(150))], user=YINCHUAN),
    Case(31, "圈选的子查询也有权限",
         lambda mq: mq("cust_cnt", period=OCTOBER,
                       where=those(MetricCondition("txn_amount", "ge", 0))),
         [(2,)], user=YINCHUAN),
    Case(33, "古怪的名字和取值",
         lambda mq: mq("ordered", "kind", OCTOBER),
         [('"; drop table x; --', D(7)), ("it's", D(5))]),
    Case(33, "取值只是取值",
         lambda mq: mq("ordered", period=OCTOBER,
                       where=Condition("kind", "in", ("it's", "' or 1=1 --"))),
         [(D(5),)]),
    # 动户率:按月列出,不合并
    Case(34, "按月定义的比率逐月列出",
         lambda mq: mq("active_rate", period=LATE_SUMMER),
         [("2026-08", 1), ("2026-09", 1), ("2026-10", near(0.5))]),
    Case(35, "没有数的分行也列出:流量是零",
         lambda mq: mq("new_cust", "branch", OCTOBER),
         [("固原分行", 1), ("未知", 1), ("中卫分行", 0), ("银川分行", 0)]),
    # 11月19日只有日表;10月末月表与日表一致:110.50+25.25
    Case(36, "有日数据时用日表",
         lambda mq: mq("deposit", period=Relative("day", -1)), [(D(157),)]),
    Case(36, "月末月表与日表一致",
         lambda mq: mq("deposit", period=Absolute(date(2026, 10, 31), date(2026, 10, 31)),
                       where=Condition("branch", "in", ("银川分行",))),
         [(D("135.75"),)]),
)  # fmt: skip
NAMES = [f"{case.number} {case.about}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_rows_are_those_worked_out_by_hand(world, mq, case):
    compiled = world.compiled(case.query(mq), case.user)
    assert isinstance(compiled, Compiled), compiled
    assert world.rows(compiled) == case.rows
    if case.totals is not None:
        assert world.totals(compiled) == case.totals


def test_statements_of_the_cases_read_as_recorded(world, mq):
    found = [
        f"-- {name}\n{world.compiled(case.query(mq), case.user).sql()};\n\n"
        for name, case in zip(NAMES, CASES, strict=True)
    ]
    assert "".join(found) == RECORDED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "query", "code"),
    [
        # 9:本月的月表还没有
        (9, lambda mq: mq("new_cust", period=THIS_MONTH), "no_data_yet"),
        # 22:付款机构还是收款机构
        (22, lambda mq: mq("transferred", "branch", OCTOBER), "ambiguous_path"),
        # 25:月表按日看
        (25, lambda mq: mq("new_cust", "@date", OCTOBER), "grain_not_available"),
        # 28:比率没有占比
        (28, lambda mq: mq("npl_rate", "branch", OCTOBER, share=Share()), "invalid_query"),
        # 29:人民币加美元
        (29, lambda mq: mq((Arithmetic("+", MetricRef("txn_amount"), MetricRef("dollars")),)),
         "mixed_currency"),
    ],
)  # fmt: skip
def test_what_has_no_right_number_is_refused(world, mq, number, query, code):
    problem = world.compiled(query(mq), EVERYBODY)
    assert isinstance(problem, Problem), number
    assert problem.code == code
    assert problem.message.endswith("。")


def test_case_31_a_masked_column_is_no_group(world, mq):
    problem = world.compiled(mq("deposit", "gender", OCTOBER), YINCHUAN)
    assert isinstance(problem, Problem)
    assert problem.code == "sensitive_field"


def test_case_22_the_default_role_is_said(world, mq):
    resolved = resolve(mq("txn_amount", "branch", OCTOBER), world.snapshot, EVERYBODY)
    assert not isinstance(resolved, Problem)
    assert any("交易机构" in assumed.text for assumed in resolved.assumptions)


def test_case_27_the_rest_and_the_first_make_the_total(world, mq):
    query = mq("txn_amount", "outlet", OCTOBER, order=FIRST, limit=Limit(1, others=True))
    compiled = world.compiled(query, EVERYBODY)
    rest = compiled.others(tuple(world.rows(compiled)))
    [(others,)] = world.bank.execute(rest.select.sql("duckdb")).fetchall()
    assert D(80) + others == world.totals(compiled)["txn_amount"]


def test_case_28_shares_make_up_the_whole(world, mq):
    compiled = world.compiled(mq("deposit", "branch", OCTOBER, share=Share()), EVERYBODY)
    assert sum(row[2] or 0 for row in world.rows(compiled)) == pytest.approx(1)


def test_case_36_each_grain_has_its_table(world, mq):
    by_day = world.compiled(mq("deposit", period=Relative("day", -1)), EVERYBODY)
    by_month = world.compiled(mq("deposit", period=Latest()), EVERYBODY)
    assert (by_day.sources, by_month.sources) == ({"fact_balance_day"}, {"fact_balance"})
    tables = "fact_balance where month_end = ?", "fact_balance_day where date = ?"
    sums = [
        world.bank.execute(
            f"select sum(end_balance) from {table} and product_line = '存款' and org_id <> 'o9'",
            [date(2026, 10, 31)],
        ).fetchone()
        for table in tables
    ]
    assert sums[0] == sums[1] == (D("135.75"),)


def test_case_23_subtotals_follow_who_it_was_then(world, mq):
    """城东9月4元归张三,10月80元归李四;李四只有10月."""
    query = mq("txn_amount", ("then.manager", "@month"), AUTUMN, subtotals=(0,))
    compiled = world.compiled(query, EVERYBODY)
    [subtotals] = compiled.subtotals
    found = world.bank.execute(subtotals.select.sql("duckdb")).fetchall()
    assert found == [("李四", D(80)), ("王五", D(40)), ("张三", D(4))]
