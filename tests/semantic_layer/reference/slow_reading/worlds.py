"""Small random banks: schemas, rows, metrics, rights. All choices come from one `Random`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import duckdb
from slow_reading.days import nth_month
from slow_reading.world import Row, World

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
    Policy,
    Ratio,
    SemiAdditive,
    Validity,
)
from semantic_layer.principal import Principal
from semantic_layer.query import Grain

TYPES: Mapping[str, Mapping[str, str]] = {
    "orgs": {"org": "VARCHAR", "outlet": "VARCHAR", "branch": "VARCHAR", "region": "VARCHAR",
             "opened": "DATE", "closed": "DATE"},
    "clients": {"client": "VARCHAR", "gender": "VARCHAR", "age": "INTEGER", "vip": "BOOLEAN",
                "tier": "INTEGER", "org": "VARCHAR", "joined": "DATE", "credit": "DECIMAL(18,2)"},
    "risks": {"client": "VARCHAR", "risk": "VARCHAR", "since": "DATE", "until": "DATE"},
    "sales": {"id": "VARCHAR", "day": "DATE", "paid": "DATE", "at": "TIMESTAMP", "client": "VARCHAR",
              "org": "VARCHAR", "kind": "VARCHAR", "amount": "DECIMAL(18,2)", "qty": "INTEGER"},
    "daily": {"day": "DATE", "org": "VARCHAR", "kind": "VARCHAR", "amount": "DECIMAL(18,2)"},
    "stocks": {"month_end": "DATE", "account": "VARCHAR", "client": "VARCHAR", "org": "VARCHAR",
               "kind": "VARCHAR", "amount": "DECIMAL(18,2)", "mean": "DECIMAL(18,2)",
               "days": "INTEGER", "due": "DATE", "fresh": "INTEGER"},
}  # fmt: skip
KINDS = ("A", "B")
FIRST_MONTH = 2025 * 12 + 5
MONTH_END = SemiAdditive("month_end")
DAY_BALANCE = Aggregate("daily", "sum", "amount", semi_additive=SemiAdditive("day"))
FORMULAS: tuple[tuple[str, Ratio | Derived, Grain | None], ...] = (
    ("rate", Ratio("some_amount", "amount"), None),
    ("per_buyer", Ratio("amount", "buyers"), None),
    ("per_holder", Ratio("balance", "holders"), None),
    ("active_rate", Ratio("active", "holders"), "month"),
    ("margin", Ratio("amount - some_amount", "count + 1"), None),
    ("mixed", Ratio("amount", "balance"), None),
    ("net", Derived("amount - some_amount"), None),
    ("net_balance", Derived("balance - some_balance"), None),
    ("gap", Derived("balance - amount / 2"), None),
    ("of_rates", Derived("rate * 2 + 1"), None),
)


class WorkWeek:
    """Monday to Friday."""

    def is_workday(self, day: date) -> bool:
        """Not a weekend."""
        return day.weekday() < 5

    def is_trading_day(self, day: date) -> bool:
        """Not a weekend."""
        return day.weekday() < 5

    def feast(self, name: str, year: int) -> tuple[date, date] | None:
        """No feasts here."""
        del name, year

    def is_certain(self, year: int) -> bool:
        """Every year is known."""
        return bool(year)


def random_world(random: Random, policies: float = 0.3) -> World:
    """A bank of a few rows; `policies`: how often it has rights."""
    as_of = date(2026, 11, 20) + timedelta(days=random.choice([0, 0, 0, 0, 0, -14, 11, 42, 130]))
    tables = _tables(random)
    manifest = _manifest(random, policies)
    months = [r["month_end"] for r in tables["stocks"]]
    data_dates = {
        "sales": random.choice([date(2026, 11, 19), date(2026, 10, 31), date(2026, 11, 5)]),
        "daily": random.choice([date(2026, 11, 19), date(2026, 11, 10)]),
        "stocks": random.choice([date(2026, 10, 31), max([*months, date(2026, 9, 30)])]),
    }
    for name, column in (("sales", "day"), ("daily", "day"), ("stocks", "month_end")):
        tables[name] = [r for r in tables[name] if r[column] <= data_dates[name]]
    first_dates = {
        name: min((r[column] for r in tables[name]), default=date(2025, 6, 30))
        for name, column in (("sales", "day"), ("daily", "day"), ("stocks", "month_end"))
        if random.random() < 0.7
    }
    branches = tuple(random.sample(["甲", "乙"], random.choice([1, 1, 2])))
    principal = Principal(
        "某人", (random.choice(["all", "manager", "manager"]),), (("branch", branches),)
    )
    return World(manifest, tables, as_of, data_dates, first_dates, WorkWeek(), principal, TYPES)


def _money(random: Random) -> Decimal | None:
    if random.random() < 0.04:
        return None
    return Decimal(random.choice([0, 0, 1, 3, 10, 20, 25, 40, 55, 80, 100, -15])) + Decimal(
        random.choice(["0", "0", "0", "0.50", "0.25"])
    )


def _tables(random: Random) -> dict[str, list[Row]]:
    orgs = [f"o{n}" for n in range(random.randint(1, 5))]
    clients = [f"c{n}" for n in range(random.randint(1, 6))]
    some_org, some_client = [*orgs, "gone", None], [*clients, *clients, "gone", None]
    days = [date(2025, 6, 1) + timedelta(days=n) for n in range(537)]
    busy = [*days, *days[-60:], *days[-60:], *days[-60:], *days[-60:]]
    days_at = [random.choice(busy) for _ in range(random.randint(0, 25))]
    return {
        "orgs": [_org(random, org) for org in orgs],
        "clients": [_client(random, client, some_org) for client in clients],
        "risks": [row for client in clients for row in _risks(random, client)],
        "sales": [_sale(random, n, d, some_client, some_org) for n, d in enumerate(days_at)],
        "daily": _daily(random, orgs),
        "stocks": _stocks(random, some_client, some_org),
    }


def _org(random: Random, org: str) -> Row:
    branch = random.choice(["甲", "甲", "乙", "丙", None])
    opened = random.choice([date(2010, 1, 1), date(2026, 9, 15), date(2026, 11, 1)])
    closed = random.choice([None, None, date(2026, 10, 1), date(2026, 11, 1)])
    region = {"甲": "北", "乙": "北", "丙": "南"}.get(branch or "")
    return {"org": org, "outlet": f"网点{org}", "branch": branch, "region": region,
            "opened": opened, "closed": closed}  # fmt: skip


def _client(random: Random, client: str, orgs: list[str | None]) -> Row:
    return {
        "client": client,
        "gender": random.choice(["男", "女", None]),
        "age": random.choice([18, 20, 30, 45, 60, 70, None]),
        "vip": random.choice([True, False, None]),
        "tier": random.choice([1, 2, 3, None]),
        "org": random.choice(orgs),
        "joined": random.choice([date(2020, 5, 1), date(2026, 10, 3), None]),
        "credit": _money(random),
    }


def _risks(random: Random, client: str) -> list[Row]:
    """One level after the other, maybe with a gap."""
    rows, since = [], date(2025, 1, 1)
    for level in random.sample(["低", "中", "高"], random.randint(0, 3)):
        until = since + timedelta(days=random.choice([200, 400, 600]))
        last = random.random() < 0.3
        rows.append(
            {"client": client, "risk": level, "since": since, "until": None if last else until}
        )
        if last:
            break
        since = until + timedelta(days=random.choice([0, 0, 30]))
    return rows


def _sale(random: Random, number: int, day: date, clients: list[Any], orgs: list[Any]) -> Row:
    at = datetime.combine(day, time(random.choice([0, 9, 23]), 59))
    paid = random.choice([None, day, day + timedelta(days=random.choice([1, 20, 40]))])
    return {"id": f"s{number}", "day": day, "paid": paid, "at": at, "client": random.choice(clients),
            "org": random.choice(orgs), "kind": random.choice([*KINDS, None]),
            "amount": _money(random), "qty": random.choice([None, 0, 1, 2, 5])}  # fmt: skip


def _daily(random: Random, orgs: list[str]) -> list[Row]:
    ends = [date(2026, 9, 30), date(2026, 10, 31)]
    days = [*ends, *(date(2026, 11, n) for n in (1, 9, 10, 18, 19))]
    keys = {
        (random.choice(days), random.choice(orgs), random.choice(KINDS))
        for _ in range(random.randint(0, 14))
    }
    return [
        {"day": day, "org": org, "kind": kind, "amount": _money(random)}
        for day, org, kind in sorted(keys)
    ]


def _stocks(random: Random, clients: list[Any], orgs: list[Any]) -> list[Row]:
    months = [nth_month(FIRST_MONTH + n) for n in range(17)]
    recent = [*months, *months[-4:], *months[-4:], *months[-4:]]
    keys = {(random.choice(recent), random.randint(1, 6)) for _ in range(random.randint(0, 28))}
    owner = {n: random.choice(clients) for n in range(1, 7)}
    return [
        {"month_end": month.end, "account": f"a{n}", "client": owner[n], "org": random.choice(orgs),
         "kind": random.choice([*KINDS, None]), "amount": _money(random), "mean": _money(random),
         "days": month.end.day, "due": random.choice([date(2026, 12, 15), date(2027, 2, 1), None]),
         "fresh": random.choice([0, 1])}
        for month, n in sorted(keys)
    ]  # fmt: skip


def _manifest(random: Random, policies: float) -> Manifest:
    datasets = _datasets(random)
    metrics = _metrics(random)
    dimensions = {}
    for dataset in datasets:
        for field in dataset.fields:
            if not field.conforms:
                carriers = [d.name for d in datasets if d.field(field.name)]
                ordered = (dataset.name, *(c for c in carriers if c != dataset.name))
                dimensions[field.name] = Dimension(field.name, dataset.name, field, ordered)
    rules: tuple[Policy, ...] = ()
    if random.random() < policies:
        name = random.choice(["branch", "branch", "region"])
        values = "user:branch" if name == "branch" else ("北",)
        rules = (
            Policy("all"),
            Policy("manager", allow=((name, values),)),
            Policy(None, unrestricted=tuple(random.choice([(), ("risks",), ("orgs", "clients")]))),
        )
    return Manifest(
        "随机",
        {d.name: d for d in datasets},
        {m.name: m for m in metrics},
        dimensions,
        parameters={
            "small_denominator": Parameter("small_denominator", "分母下限", 0),
            "big": Parameter("big", "大额门槛", random.choice([20, 25, 40])),
        },
        policies=rules,
        hash=str(random.random()),
    )


def _org_join(random: Random, role: str) -> Join:
    default = random.random() < 0.8
    return Join("orgs", role, (("org", "org"),), label=role, default=default)


def _datasets(random: Random) -> tuple[Dataset, ...]:
    spine = random.random() < 0.6
    lifetime = random.choice([None, None, ("opened", "closed"), ("opened", None), (None, "closed")])
    client = Join("clients", "client", (("client", "client"),), label="客户")
    risk = Join(
        "risks", "risk", (("client", "client"),), validity=Validity("since", "until", "day")
    )
    risk_month = Join(
        "risks", "risk", (("client", "client"),), validity=Validity("since", "until", "month_end")
    )
    home = (_org_join(random, "home_org"),) if random.random() < 0.5 else ()
    tiers = (FieldValue(2, "金"), FieldValue(1, "银"), FieldValue(3, "钻", ("钻石",)))
    return (
        Dataset("orgs", "机构", "orgs", ("org",), (
            Field("outlet", "网点", spine=spine), Field("branch", "分行", spine=spine),
            Field("region", "地区", spine=spine and random.random() < 0.5)), lifetime=lifetime),
        Dataset("clients", "客户", "clients", ("client",), (
            Field("gender", "性别", values=random.choice([(), (FieldValue("女"), FieldValue("男"))]),
                  spine=random.random() < 0.2),
            Field("age", "年龄"), Field("age_band", "年龄段", band=Band("age", (20, 30, 60))),
            Field("vip", "贵宾"), Field("tier", "等级", values=tiers)),
            joins=home, entity="client"),
        Dataset("risks", "风险", "risks", ("client", "since"), (Field("risk", "风险等级"),)),
        Dataset("sales", "销售", "sales", ("id",), (
            Field("kind", "种类", values=(FieldValue("B"), FieldValue("A"))), Field("qty", "数量"),
            Field("size", "大小", type="string", expr="case when amount > 25 then '大' when amount <= 25 then '小' end")),
            time="day", time_roles=(("付款日", "paid"), ("时刻", "at")),
            joins=(_org_join(random, "trade_org"), client, risk)),
        Dataset("daily", "日余额", "daily", ("day", "org", "kind"),
                (Field("kind", "种类", conforms=True),), grain="date", time="day",
                joins=(_org_join(random, "day_org"),)),
        Dataset("stocks", "月余额", "stocks", ("account", "month_end"),
                (Field("kind", "种类", conforms=True),), grain="month", time="month_end",
                time_roles=(("到期日", "due"),),
                joins=(_org_join(random, "own_org"), client, risk_month)),
    )  # fmt: skip


def _metrics(random: Random) -> list[Metric]:
    sale_filter = random.choice(["amount > {big}", "kind = 'A'", "client.gender = '男'",
                                 "qty is null or qty > 1", "not (kind = 'B')", "risk.risk in ('高', '中')"])  # fmt: skip
    stock_filter = random.choice(
        ["kind = 'A'", "amount > 0", "client.age >= 30", "kind is not null"]
    )
    incomplete = random.choice([None, None, "same_elapsed", "last_complete", "refuse"])
    found = [
        Metric(name, name, own, "CNY", incomplete_period=incomplete if own.dataset == "sales" else None,
               direction=random.choice(["neutral", "down_is_good", "up_is_good"]))
        for name, own in _aggregates(sale_filter, stock_filter)
    ]  # fmt: skip
    both = Aggregate("stocks", "sum", "amount", semi_additive=MONTH_END)
    found.append(Metric("both_balance", "两表余额", both, "CNY", also=(DAY_BALANCE,)))
    found += [
        Metric(name, name, own, random.choice(["percent", "CNY"]) if isinstance(own, Ratio) else "CNY",
               native=native, direction=random.choice(["neutral", "down_is_good"]))
        for name, own, native in FORMULAS
    ]  # fmt: skip
    return found


def _aggregates(sale_filter: str, stock_filter: str) -> list[tuple[str, Aggregate]]:
    end, first = MONTH_END, SemiAdditive("month_end", take="first")
    known = SemiAdditive("month_end", period_end="last_known")
    return [
        ("amount", Aggregate("sales", "sum", "amount")),
        ("some_amount", Aggregate("sales", "sum", "amount", sale_filter)),
        ("count", Aggregate("sales", "count")),
        ("some_count", Aggregate("sales", "count", None, sale_filter)),
        ("qty_count", Aggregate("sales", "count", "qty")),
        ("qty_sum", Aggregate("sales", "sum", "qty")),
        ("buyers", Aggregate("sales", "distinct", "client")),
        ("avg_amount", Aggregate("sales", "avg", "amount")),
        ("min_amount", Aggregate("sales", "min", "amount", sale_filter)),
        ("max_amount", Aggregate("sales", "max", "amount")),
        ("median_amount", Aggregate("sales", "median", "amount")),
        ("q_amount", Aggregate("sales", "quantile", "amount", quantile=0.5)),
        ("paid_amount", Aggregate("sales", "sum", "amount", "paid is not null", time="paid")),
        ("doubled", Aggregate("sales", "sum", "amount * 2 - coalesce(qty, 0)")),
        ("dau", Aggregate("sales", "distinct", "client", then_avg="date")),
        ("daily_sum", Aggregate("sales", "sum", "amount", then_avg="trading_day")),
        ("balance", Aggregate("stocks", "sum", "amount", semi_additive=end)),
        ("some_balance", Aggregate("stocks", "sum", "amount", stock_filter, semi_additive=end)),
        ("holders", Aggregate("stocks", "distinct", "client", stock_filter, semi_additive=end)),
        ("accounts", Aggregate("stocks", "count", semi_additive=end)),
        ("top_balance", Aggregate("stocks", "max", "amount", semi_additive=end)),
        ("mean_balance", Aggregate("stocks", "avg", "amount", semi_additive=end)),
        ("known_balance", Aggregate("stocks", "sum", "amount", semi_additive=known)),
        ("first_balance", Aggregate("stocks", "sum", "amount", semi_additive=first)),
        ("avg_balance", Aggregate("stocks", "sum", "mean", stock_filter, average_over=AverageOver("days"))),
        ("fresh", Aggregate("stocks", "sum", "fresh", flow=True)),
        ("active", Aggregate("stocks", "distinct", "client", "fresh = 1", flow=True)),
        ("day_balance", DAY_BALANCE),
        ("credit", Aggregate("clients", "sum", "credit")),
        ("clients", Aggregate("clients", "count")),
    ]  # fmt: skip


def loaded(world: World) -> duckdb.DuckDBPyConnection:
    """The world's rows in a database of its own."""
    connection = duckdb.connect(config={"threads": 1})
    load(world, connection)
    return connection


def load(world: World, connection: duckdb.DuckDBPyConnection) -> None:
    """The world's rows in place of those that were there."""
    for name, columns in TYPES.items():
        spelled = ", ".join(f'"{c}" {kind}' for c, kind in columns.items())
        connection.execute(f"create or replace table {name} ({spelled})")
        cells = [row[c] for row in world.tables[name] for c in columns]
        if cells:
            marks = f"({', '.join('?' for _ in columns)})"
            rows = ", ".join(marks for _ in world.tables[name])
            connection.execute(f"insert into {name} values {rows}", cells)
