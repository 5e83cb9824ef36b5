"""Two small companies, their words, and a query as one line that a person can check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from assistant.language.lexicon import Lexicon
from assistant.language.time import describe
from assistant.locations import demo_project
from assistant.planners.grammar import GrammarPlanner
from assistant.question import Question
from assistant.reading import Reading
from metrics import load
from semantic_layer.calendars import ChineseCalendar
from semantic_layer.model import Manifest
from semantic_layer.principal import Principal
from semantic_layer.query import (
    And,
    Arithmetic,
    BucketGroup,
    ChangeCondition,
    ColumnRef,
    Comparison,
    Condition,
    Cumulative,
    EventCondition,
    FunnelCondition,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Order,
    Period,
    Predicate,
    Query,
    TopMembership,
)
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

HERE = Path(__file__).parent
TODAY = date(2026, 11, 20)
BANK_VALUES = {
    "branch": ("北京分行", "上海分行", "宁波分行", "银川分行", "总行直属"),
    "sub_branch": ("五一路支行", "兴庆支行", "浦东支行", "老城支行"),
    "city": ("宁波市", "杭州市"),
    "channel": ("手机银行", "柜面", "抖音", "其他"),
    "product": ("稳健理财1号", "养老目标基金", "随心存款"),
    "manager": ("M001",),
}
BANK_CLOSED = {"sub_branch": ("老城支行",)}
DEMO_VALUES = {
    "branch": ("杭州分行", "银川分行", "宁波分行", "总行直属"),
    "campaign": (
        "2026五一消费满减",
        "2026手机银行活跃抽奖",
        "2025双十一消费返现",
        "2026国庆旅行满减",
    ),
    "channel": ("手机银行", "抖音", "客户经理"),
    "occupation": ("教师", "飞行员"),
    "resident_city": ("杭州市", "银川市"),
    "card_product": ("白金卡", "普卡"),
    "event": ("立即申购", "登录"),
    "page": ("我的", "首页"),
}
TEA_VALUES = {"store": ("南京西路店", "西湖店"), "region": ("华东战区", "华北战区")}
BROKER_VALUES = {
    "bo": ("杭州庆春路营业部", "杭州文三路营业部", "上海徐家汇营业部", "互联网营业部"),
    "company": ("浙江分公司", "上海分公司"),
    "city": ("杭州", "上海"),
    "sec": ("贵州茅香", "中芯微", "沪深300ETF"),
    "prd": ("稳盈收益凭证1号", "星火中性私募", "货币宝"),
}


@dataclass(frozen=True)
class Company:
    """A catalogue with a reader and a day."""

    planner: GrammarPlanner
    snapshot: Snapshot
    principal: Principal = Principal("测试", ())

    def read(self, text: str, choices: tuple[tuple[str, str], ...] = ()) -> Reading:
        """How the question is read on that day."""
        question = Question(text, self.snapshot.as_of, self.principal, None, choices)
        return self.planner.read(question, self.snapshot)

    def compact(self, query: Query) -> str:
        """The query on one line, with real dates."""
        assert isinstance(query, MetricQuery)
        resolved = resolve(query, self.snapshot, self.principal)
        return " ".join(_parts(query, resolved))

    def compact_reading(self, text: str) -> str:
        """The query on one line, or the code of the problem with its options."""
        reading = self.read(text)
        if reading.request != "query":
            return " ".join((f"#{reading.request}", *reading.subjects))
        if reading.problem is not None:
            labels = "、".join(option.label for option in reading.options)
            return f"!{reading.problem.code}" + (f" {labels}" if labels else "")
        assert reading.query is not None
        return self.compact(reading.query)


def company(
    folder: str,
    values: dict[str, tuple[str, ...]],
    closed: dict[str, tuple[str, ...]] | None = None,
) -> Company:
    """The company of a folder of definitions."""
    loaded = load(HERE / folder)
    assert loaded.manifest is not None, [str(f) for f in loaded.findings]
    manifest = loaded.manifest
    planner = GrammarPlanner(Lexicon.build(manifest, values, closed or {}), manifest)
    return Company(planner, snapshot_of(manifest))


def snapshot_of(manifest: Manifest) -> Snapshot:
    """Month tables to the end of October, day tables to yesterday."""
    last = {
        name: date(2026, 10, 31) if dataset.grain == "month" else date(2026, 11, 19)
        for name, dataset in manifest.datasets.items()
    }
    first = dict.fromkeys(manifest.datasets, date(2023, 1, 1))
    return Snapshot(manifest, TODAY, last, first, ChineseCalendar())


@pytest.fixture(scope="session")
def bank() -> Company:
    return company("bank", BANK_VALUES, BANK_CLOSED)


@pytest.fixture(scope="session")
def tea() -> Company:
    return company("tea", TEA_VALUES)


@pytest.fixture(scope="session")
def broker() -> Company:
    return company("broker", BROKER_VALUES)


@pytest.fixture(scope="session")
def spoken() -> Company:
    return company("spoken", {"branch": BANK_VALUES["branch"]})


@pytest.fixture(scope="session")
def demo() -> Company:
    folder = str(demo_project().parents[1] / "metrics" / "catalog")
    return replace(company(folder, DEMO_VALUES), principal=Principal("测试", ("analyst",)))


@pytest.fixture(scope="session")
def read_cases() -> Callable[[str], list[tuple[str, str]]]:
    return cases


def cases(name: str) -> list[tuple[str, str]]:
    """(question, expected line) pairs of a fixture file."""
    found: list[tuple[str, str]] = []
    questions: list[str] = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("  "):
            found += [(question, line.strip()) for question in questions]
            questions = []
        else:
            questions.append(line)
    return found


def _parts(query: MetricQuery, resolved: object) -> Iterator[str]:
    yield ",".join(_measure(m) for m in query.measures)
    if query.group_by:
        yield "by " + ",".join(_group(g) for g in query.group_by)
    if not isinstance(resolved, ResolvedQuery):
        yield f"@{getattr(resolved, 'code', '?')}"
    elif query.scope.period:
        yield "@" + "&".join(
            f"{s.end}" if s.is_point else f"{s.start}..{s.end}" for s in resolved.spans
        )
    if query.scope.period and query.scope.period.days:
        yield f"on {query.scope.period.days}"
    if query.scope.where:
        yield f"where {_where(query.scope.where)}"
    yield from _shape(query)


def _shape(query: MetricQuery) -> Iterator[str]:
    for having in query.having:
        yield f"having {_column(having.column, query)} {having.op} {having.value}"
    for comparison in query.compare:
        yield f"vs {_comparison(comparison)}"
    if query.share:
        of = query.share.dimension or (
            f"sets of {query.share.entity}" if query.share.entity else ""
        )
        yield f"share {query.share.of}" + (f"({of})" if of else "")
    if isinstance(query.window, Cumulative):
        yield f"running {query.window.reset}"
    if query.focus:
        yield f"focus {query.focus.value}"
    for order in query.order:
        yield f"order {_column(order.column, query)} {_direction(order)}"
    if query.limit:
        yield from _limit(query)


def _limit(query: MetricQuery) -> Iterator[str]:
    limit = query.limit
    assert limit is not None
    count = f"{limit.percent}%" if limit.percent else str(limit.count)
    yield f"limit {count}" + (f" from {limit.offset + 1}" if limit.offset else "")
    if limit.partition_by:
        yield "each " + ",".join(_group(query.group_by[i]) for i in limit.partition_by)


def _group(group: object) -> str:
    if isinstance(group, BucketGroup):
        step = f"every {group.width}" if group.width else f"in {group.count}"
        at = "/".join(str(edge) for edge in group.edges)
        return f"{group.of}[{at or step}]"
    return str(getattr(group, "dimension", None) or getattr(group, "grain", ""))


def _direction(order: Order) -> str:
    if order.quality:
        return "best" if order.descending else "worst"
    return "desc" if order.descending else "asc"


def _measure(measure: object) -> str:
    if isinstance(measure, Arithmetic):
        return f"({_measure(measure.left)}{measure.op}{_measure(measure.right)})"
    assert isinstance(measure, MetricRef)
    mean = f":{measure.stat}/{measure.stat_over}" if measure.stat else ""
    return measure.metric + (f"/{measure.per}" if measure.per else "") + mean


def _column(column: ColumnRef, query: MetricQuery) -> str:
    name = _measure(query.measures[column.measure or 0])
    shown = "" if column.show == "value" else f".{column.show}"
    return f"{name}{shown}" + (f":{column.base}" if column.base else "")


def _comparison(comparison: Comparison) -> str:
    span = ""
    if comparison.span is not None:
        span = "(" + type(comparison.span).__name__ + ")"
    return f"{comparison.base}{span}[{','.join(comparison.show)}]"


def _where(where: Predicate) -> str:
    if isinstance(where, And | Or):
        word = " and " if isinstance(where, And) else " or "
        return word.join(sorted(_where(child) for child in where.children))
    if isinstance(where, Condition):
        return f"{where.dimension} {where.op} {'/'.join(str(v) for v in where.values)}".strip()
    if isinstance(where, Membership):
        return f"{where.set.entity}({_where(where.set.where)})"
    if isinstance(where, Not):
        return f"not({_where(where.child)})"
    if isinstance(where, MetricCondition):
        return f"{where.metric} {where.op} {where.value}{_when(where.period)}{_row(where)}"
    if isinstance(where, EventCondition):
        did = "did" if where.did else "did_not"
        times = f">={where.at_least}" if where.at_least > 1 else ""
        rows = f" ({_where(where.where)})" if where.where is not None else ""
        return f"{did} {where.event}{rows}{times}{_when(where.within)}{_row(where)}"
    if isinstance(where, FunnelCondition):
        steps = [step.event for step in where.steps]
        done, left = steps[: where.reached], steps[where.reached : where.missed]
        days = f" in {where.window_days} days" if where.window_days else ""
        return f"{'→'.join(done)} without {'→'.join(left)}{days}{_when(where.period)}"
    if isinstance(where, ChangeCondition):
        change = f"{where.metric} {where.base} {where.show} {where.op} {where.value}"
        return f"change {change}{_when(where.period)}"
    if isinstance(where, TopMembership):
        size = f"{where.percent}%" if where.percent else str(where.count)
        first = "top" if where.descending else "bottom"
        return f"{first} {where.metric} {size}{_when(where.period)}"
    return where.kind


def _when(period: Period | None) -> str:
    return " @" + "&".join(map(describe, period.spans)) if period else ""


def _row(leaf: MetricCondition | EventCondition) -> str:
    return f" x{leaf.in_a_row} {leaf.row_unit}" if leaf.in_a_row else ""
