"""Whatever is asked, a stored table answers exactly what the rows answer, or is not used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import Assistant
from semantic_layer.compile import Compiled, compile_query
from semantic_layer.engines import Engine, Limits
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    Comparison,
    Condition,
    Cumulative,
    DimensionGroup,
    Limit,
    MetricQuery,
    MetricRef,
    Not,
    Period,
    Scope,
    Share,
    TimeGroup,
)
from semantic_layer.resolve import resolve
from semantic_layer.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[2]
LIMITS = Limits(max_result_rows=100_000)
BRANCHES = ("银川分行", "固原分行", "宁波分行", "总行直属", "未知")
VALUES = {
    "branch": BRANCHES,
    "channel_group": ("线上", "线下"),
    "txn_type": ("转账转出", "理财购买", "消费支付"),
    "product_line": ("存款", "理财", "基金"),
    "is_demand": (1, 0),
    "currency_group": ("本币", "外币"),
    "cust_level": ("大众", "私行", "未知"),
    "event": ("打开APP", "浏览页面"),
    "terminal": ("手机银行", "微信银行"),
    "gender": ("男", "女"),
}
PEOPLE = (Principal("甲", ("analyst",)), Principal("乙", ("branch_manager",),
          (("branch", ("银川分行",)),)))  # fmt: skip


class Bank:
    """The small bank with its rollups, asked both ways."""

    def __init__(self, snapshot: Snapshot, engine: Engine) -> None:
        self.snapshot = snapshot
        self.engine = engine
        self.served = 0
        self.asked = 0

    def agrees(self, query: MetricQuery, who: Principal) -> None:
        """Rows and totals are the same, with and without stored tables."""
        bare = replace(self.snapshot, rollups=None)
        resolved = resolve(query, bare, who)
        if isinstance(resolved, Problem):
            return
        raw, stored = compile_query(resolved, bare), compile_query(resolved, self.snapshot)
        if not isinstance(raw, Compiled) or not isinstance(stored, Compiled):
            assert raw == stored
            return
        self.asked += 1
        self.served += "rollups." in stored.sql()
        assert _difference(self._rows(stored), self._rows(raw)) == ""

    def _rows(self, compiled: Compiled) -> Tables:
        trees = [compiled.statement, *(t for t in (compiled.totals, compiled.count) if t)]
        return [self.engine.run(tree, LIMITS).rows for tree in trees]


Tables = list[tuple[tuple[object, ...], ...]]


def _difference(stored: Tables, raw: Tables) -> str:
    """The first rows that are not the same."""
    for one, other in zip(stored, raw, strict=True):
        for row, expected in zip(one, other, strict=False):
            if len(row) != len(expected) or not all(map(_same, row, expected)):
                return f"{row} instead of {expected}"
    sizes = [len(rows) for rows in stored], [len(rows) for rows in raw]
    return "" if sizes[0] == sizes[1] else f"{sizes[0]} instead of {sizes[1]} rows"


def _same(one: object, other: object) -> bool:
    """Sums and counts to the last digit; quotients, which are floats, but for rounding."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-11)
    return one == other


@pytest.fixture(scope="module")
def bank(demo_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    environment = {
        "WENSHU_DATABASE_PATH": str(demo_small),
        "WENSHU_STATE_PATH": str(tmp_path_factory.mktemp("state") / "state.db"),
    }
    assistant = Assistant.open(ROOT / "demo" / "project", environment=environment)
    built = assistant.build_rollups()
    assert built.unstored == ()
    with ExitStack() as stack:
        world, engine = stack.enter_context(assistant._keeper.take())
        yield Bank(world.snapshot(assistant.today()), engine)
    assistant.close()


def periods() -> st.SearchStrategy[Period | None]:
    """Months, quarters, years, whole or cut, up to a little beyond the data."""
    starts = st.dates(date(2024, 12, 1), date(2026, 11, 25))
    months = starts.map(lambda d: d.replace(day=1))
    lengths = st.sampled_from([1, 7, 30, 31, 61, 92, 181, 365])

    def span(start: date, length: int) -> Period:
        return Period((Absolute(start, start + timedelta(days=length - 1)),))

    def whole(start: date, count: int) -> Period:
        end = start
        for _ in range(count):
            end = (end + timedelta(days=31)).replace(day=1)
        return Period((Absolute(start, end - timedelta(days=1)),))

    return st.one_of(
        st.none(),
        st.builds(span, starts, lengths),
        st.builds(whole, months, st.sampled_from([1, 2, 3, 12])),
        st.builds(
            lambda start: Period((Absolute(start, date(2026, 11, 19)),)),
            months.filter(lambda d: d <= date(2026, 11, 1)),
        ),
    )


def conditions() -> st.SearchStrategy[Condition]:
    return st.sampled_from(sorted(VALUES)).flatmap(
        lambda name: st.builds(
            Condition,
            st.just(name),
            st.sampled_from(["in", "not_in"]),
            st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=2).map(tuple),
        )
    )


@st.composite
def queries(draw: st.DrawFn, snapshot: Snapshot) -> MetricQuery:
    """A question about the metrics and dimensions of one rollup, mostly."""
    rollup = draw(st.sampled_from(snapshot.manifest.rollups))
    dimensions = [*rollup.by, "gender"] if draw(st.integers(0, 7)) == 0 else list(rollup.by)
    metrics = draw(st.lists(st.sampled_from(rollup.metrics), min_size=1, max_size=2, unique=True))
    per = draw(st.sampled_from([None, None, None, "day", "month"]))
    groups = draw(st.lists(st.sampled_from(dimensions), max_size=2, unique=True))
    grain = draw(st.sampled_from([None, "month", "quarter", "date"]))
    fitting = conditions().filter(lambda c: c.dimension in dimensions)
    where = draw(st.one_of(
        st.none(), fitting, fitting.map(Not), st.lists(fitting, min_size=2, max_size=2).map(
            lambda both: And(tuple(both))),
    ))  # fmt: skip
    compare = draw(st.sampled_from([(), (), (Comparison("yoy"),), (Comparison("mom"),)]))
    limited = draw(st.booleans()) and bool(groups) and grain is None
    return MetricQuery(
        tuple(MetricRef(metric, per) for metric in metrics),
        group_by=(*(DimensionGroup(g) for g in groups), *([TimeGroup(grain)] if grain else [])),
        scope=Scope(draw(periods()), where),
        compare=compare,
        share=Share("total") if groups and draw(st.integers(0, 5)) == 0 else None,
        window=Cumulative("year") if grain == "month" and draw(st.integers(0, 5)) == 0 else None,
        limit=Limit(3, others=True) if limited else None,
        totals=draw(st.booleans()),
    )


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_stored_tables_and_rows_agree(bank: Bank, data: st.DataObject) -> None:
    query = data.draw(queries(bank.snapshot))
    bank.agrees(query, data.draw(st.sampled_from(PEOPLE)))


def test_stored_tables_were_used_at_all(bank: Bank) -> None:
    assert bank.served >= bank.asked / 5


COMMON = [
    (("txn_amt",), ("channel", "txn_type"), None, (2026, 1, 1, 2026, 11, 19), True),
    (("txn_cnt",), ("branch",), None, (2026, 10, 1, 2026, 10, 31), True),
    (("mau",), (), "month", (2025, 11, 1, 2026, 10, 31), True),
    (("app_mau",), (), "month", (2025, 11, 1, 2026, 10, 31), True),
    (("deposit",), ("branch",), None, (2026, 10, 31, 2026, 10, 31), True),
    (("cust_cnt",), (), "month", (2025, 11, 1, 2026, 10, 31), True),
    (("txn_cnt",), ("branch",), None, (2026, 10, 1, 2026, 10, 30), False),
    (("event_users",), ("event",), None, (2026, 10, 1, 2026, 10, 31), False),
    (("event_users",), ("event",), "date", (2026, 10, 1, 2026, 10, 31), False),
    (("event_users",), ("event", "terminal"), "date", (2026, 10, 1, 2026, 10, 31), True),
    (("cust_cnt",), ("gender",), None, (2026, 10, 31, 2026, 10, 31), False),
    (("buyers",), ("channel",), None, (2026, 10, 1, 2026, 10, 31), False),
]


@pytest.mark.parametrize(("metrics", "groups", "grain", "days", "served"), COMMON)
def test_what_is_read_from_a_stored_table(
    bank: Bank,
    metrics: tuple[str, ...],
    groups: tuple[str, ...],
    grain: str | None,
    days: tuple[int, ...],
    served: bool,
) -> None:
    query = MetricQuery(
        tuple(map(MetricRef, metrics)),
        group_by=(*map(DimensionGroup, groups), *([TimeGroup(grain)] if grain else [])),  # type: ignore[arg-type]
        scope=Scope(Period((Absolute(date(*days[:3]), date(*days[3:])),))),
    )
    before = bank.served
    bank.agrees(query, PEOPLE[0])
    assert (bank.served > before) is served


def test_another_today_does_not_read_a_month_that_was_not_over(bank: Bank) -> None:
    """Stored up to 19 November; on the 10th the same month ends earlier."""
    earlier = replace(
        bank.snapshot,
        as_of=date(2026, 11, 11),
        data_dates={name: min(day, date(2026, 11, 10)) for name, day in
                    bank.snapshot.data_dates.items()},
    )  # fmt: skip
    query = MetricQuery(
        (MetricRef("txn_cnt"),),
        group_by=(DimensionGroup("branch"),),
        scope=Scope(Period((Absolute(date(2026, 11, 1), date(2026, 11, 10)),))),
    )
    other = Bank(earlier, bank.engine)
    other.agrees(query, PEOPLE[0])
    assert (other.asked, other.served) == (1, 0)
