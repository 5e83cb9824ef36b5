"""Whatever is asked, a stored table answers exactly what the rows answer, or is not used."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

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
    InvalidQueryError,
    Limit,
    MetricQuery,
    MetricRef,
    Not,
    Period,
    Predicate,
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
        of_means = query.share and any(isinstance(m, MetricRef) and m.per for m in query.measures)
        same = _nearly if of_means else _exactly
        assert _difference(self._rows(stored), self._rows(raw), same) == ""

    def _rows(self, compiled: Compiled) -> Tables:
        trees = [compiled.statement, *(t for t in (compiled.totals, compiled.count) if t)]
        return [self.engine.run(tree, LIMITS).rows for tree in trees]


Tables = list[tuple[tuple[object, ...], ...]]


def _difference(stored: Tables, raw: Tables, same: Callable[[object, object], bool]) -> str:
    """The first rows that are not the same."""
    for one, other in zip(stored, raw, strict=True):
        for row, expected in zip(one, other, strict=False):
            if len(row) != len(expected) or not all(map(same, row, expected)):
                return f"{row} instead of {expected}"
    sizes = [len(rows) for rows in stored], [len(rows) for rows in raw]
    return "" if sizes[0] == sizes[1] else f"{sizes[0]} instead of {sizes[1]} rows"


def _exactly(one: object, other: object) -> bool:
    """To the last digit."""
    return one == other


def _nearly(one: object, other: object) -> bool:
    """The share of a mean divides by a sum of floats, which are added in any order."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-15)
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


def period(random: Random) -> Period | None:
    """Months, quarters, years, whole or cut, up to a little beyond the data."""
    start = date(2024, 12, 1) + timedelta(days=random.randint(0, 724))
    match random.choice(["all", "cut", "whole", "whole", "to_date"]):
        case "all":
            return None
        case "cut":
            end = start + timedelta(days=random.choice([1, 7, 30, 31, 61, 92, 181, 365]) - 1)
        case "whole":
            start = start.replace(day=1)
            months = random.choice([1, 2, 3, 12])
            end = (start + timedelta(days=31 * months)).replace(day=1) - timedelta(days=1)
        case _:
            start, end = min(start, date(2026, 11, 1)).replace(day=1), date(2026, 11, 19)
    return Period((Absolute(start, end),))


def where(random: Random, dimensions: list[str]) -> Predicate | None:
    """No filter, one condition, its opposite, or two at once."""
    known = [name for name in dimensions if name in VALUES]
    if not known or random.random() < 0.4:
        return None
    terms = []
    for name in random.choices(known, k=random.choice([1, 1, 2])):
        chosen = random.sample(VALUES[name], min(len(VALUES[name]), random.choice([1, 2])))
        terms.append(Condition(name, random.choice(["in", "not_in"]), tuple(chosen)))  # type: ignore[arg-type]
    if len(terms) > 1:
        return And(tuple(terms))
    return Not(terms[0]) if random.random() < 0.3 else terms[0]


def question(random: Random, snapshot: Snapshot) -> MetricQuery:
    """A question about the metrics and dimensions of one rollup, mostly."""
    rollup = random.choice(snapshot.manifest.rollups)
    dimensions = [*rollup.by, *(["gender"] if random.random() < 0.1 else [])]
    metrics = random.sample(rollup.metrics, random.randint(1, min(2, len(rollup.metrics))))
    per = random.choice([None, None, None, "day", "month"])
    groups = random.sample(dimensions, random.randint(0, min(2, len(dimensions))))
    grain = random.choice([None, "month", "quarter", "date"])
    limited = bool(groups) and grain is None and random.random() < 0.5
    return MetricQuery(
        tuple(MetricRef(metric, per) for metric in metrics),  # type: ignore[arg-type]
        group_by=(*map(DimensionGroup, groups), *([TimeGroup(grain)] if grain else [])),  # type: ignore[arg-type]
        scope=Scope(period(random), where(random, dimensions)),
        compare=random.choice([(), (), (Comparison("yoy"),), (Comparison("mom"),)]),
        share=Share("total") if groups and random.random() < 0.2 else None,
        window=Cumulative("year") if grain == "month" and random.random() < 0.2 else None,
        limit=Limit(3, others=True) if limited else None,
        totals=random.random() < 0.5,
    )


@pytest.mark.parametrize("seed", range(20))
def test_stored_tables_and_rows_agree(bank: Bank, seed: int) -> None:
    random = Random(seed)
    for _ in range(2):
        query = None
        while query is None:
            with suppress(InvalidQueryError):
                query = question(random, bank.snapshot)
        bank.agrees(query, random.choice(PEOPLE))


def test_stored_tables_were_used_at_all(bank: Bank) -> None:
    assert bank.served >= bank.asked / 5


def test_a_share_of_means_differs_in_the_last_digit_at_most(bank: Bank) -> None:
    """手续费 per month by branch with its share: the one kind of figure that adds floats."""
    query = MetricQuery(
        (MetricRef("fee_income", "month"),),
        (DimensionGroup("branch"),),
        Scope(Period((Absolute(date(2026, 1, 1), date(2026, 10, 31)),))),
        share=Share("total"),
    )
    before = bank.served
    bank.agrees(query, PEOPLE[0])
    assert bank.served == before + 1


COMMON = [
    (("txn_amt",), ("channel", "txn_type"), None, (2026, 1, 1, 2026, 11, 19), True),
    (("txn_cnt",), ("branch",), None, (2026, 10, 1, 2026, 10, 31), True),
    (("mau",), (), "month", (2025, 11, 1, 2026, 10, 31), True),
    (("app_mau",), (), "month", (2025, 11, 1, 2026, 10, 31), True),
    (("deposit",), ("branch",), None, (2026, 10, 31, 2026, 10, 31), True),
    (("cust_cnt",), (), "month", (2025, 11, 1, 2026, 10, 31), True),
    (("txn_cnt",), ("branch",), None, (2026, 10, 1, 2026, 10, 30), True),
    (("txn_cnt",), ("branch", "txn_type"), None, (2026, 10, 1, 2026, 10, 31), True),
    (("txn_cnt",), ("branch", "txn_type"), None, (2026, 10, 1, 2026, 10, 30), False),
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
        group_by=(DimensionGroup("branch"), DimensionGroup("txn_type")),
        scope=Scope(Period((Absolute(date(2026, 11, 1), date(2026, 11, 10)),))),
    )
    other = Bank(earlier, bank.engine)
    other.agrees(query, PEOPLE[0])
    assert (other.asked, other.served) == (1, 0)
