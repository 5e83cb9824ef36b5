"""The report on statements: compile times, and ratios to hand-written SQL per question."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib.metadata import version
from statistics import median
from typing import Self

import duckdb
from report import number

COMPILE_GOAL, COMPILE_WORST = 2, 10
RATIO_GOAL, RATIO_WORST = 1.1, 2
LABELS = {"resolve": "核对", "compile": "编译", "guard": "守卫", "render": "写成文本"}


@dataclass(frozen=True, slots=True)
class Stations:
    """Milliseconds from a query to the text of its SQL; the guard is counted apart."""

    resolve: float
    compile: float
    """All trees: rows, 合计, 小计, the number of groups."""
    guard: float
    render: float

    @property
    def compiling(self) -> float:
        """What the target is about."""
        return self.resolve + self.compile + self.render

    @property
    def total(self) -> float:
        """Everything before the database is asked."""
        return self.compiling + self.guard

    @classmethod
    def middle(cls, samples: Sequence[Self]) -> Self:
        """Station by station the median."""
        return cls(*(median(getattr(s, f.name) for s in samples) for f in fields(cls)))


@dataclass(frozen=True, slots=True)
class Measured:
    """One question: medians in milliseconds."""

    ask: str
    kind: str
    stations: Stations
    """Each time right after a statement was run: the processor has to read everything anew."""
    alone: Stations
    """Compiled again and again, nothing run in between."""
    again: Stations
    """Asked again, right after a statement was run: what was compiled before is kept."""
    ours: float
    """Running and fetching only."""
    hand: float

    @property
    def ratio(self) -> float:
        """Everything against the hand-written SQL."""
        return (self.stations.total + self.ours) / self.hand

    @property
    def ratio_again(self) -> float:
        """The same where the question was asked before in this state of the world."""
        return (self.again.total + self.ours) / self.hand


@dataclass(frozen=True, slots=True)
class Section:
    """One database."""

    size: str
    transactions: int
    rollups: bool
    measured: tuple[Measured, ...]
    different: tuple[str, ...]
    """Questions whose rows differ: they have no ratio."""


def markdown(sections: Sequence[Section], rounds: int, repeated: int, busy: float) -> str:
    """The report as a document."""
    head = [
        "# 编译与 SQL 的速度",
        "",
        "由 `benchmarks/statement_speed.py` 跑出;毫秒只宜在同一次运行里互相比较,倍数可以跨机器看。",
        "",
        (
            f"- 环境:Python {platform.python_version()},DuckDB {duckdb.__version__},"
            f"sqlglot {version('sqlglot')},{os.cpu_count()} 核;"
            f"开始时机器上已有 {busy:.1f} 个任务在跑"
        ),
        (
            "- 问题:[hand_written.yml](../benchmarks/hand_written.yml),"
            f"每题我们的 SQL 与手写的 SQL 轮流各跑 {rounds} 遍取中位数;两边的行先核对过完全相同"
        ),
        (
            "- 合计 = 核对 + 编译(含合计、小计、组数的语句)+ 守卫 + 写成文本 + 执行 + 取回;"
            "手写 = 执行 + 取回"
        ),
        (
            "- 编译量两次:“执行之间”是每遍紧跟在一次执行之后(处理器的缓存已被查询占用),"
            f"合计用它;“连续”是同一题接连编译 {repeated} 遍、其间什么也不执行"
        ),
        (
            "- “再问”是同一个人、同一份口径和数据上问过的问题再问一次:"
            "核对过、编译好、守卫放行的语句还留着;“首问”每遍都从头做起"
        ),
    ]
    return "\n".join([*head, *(line for one in sections for line in _section(one))]) + "\n"


def _section(one: Section) -> list[str]:
    used = "读预汇总" if one.rollups else "不读预汇总"
    lines = ["", f"## {one.size} 规模(交易 {one.transactions:,} 行,{used})", ""]
    if one.different:
        lines += [f"**两边的行不同,未计入:{'、'.join(one.different)}**", ""]
    if not one.measured:
        return lines
    return [*lines, *_summary(one.measured), "", *_questions(one.measured)]


def _summary(measured: Sequence[Measured]) -> list[str]:
    slow = max(measured, key=lambda m: m.stations.compiling)
    worst = max(measured, key=lambda m: m.ratio)
    rows = ["| | 中位数 | p95 | 最慢 | 目标 |", "|---|---:|---:|---:|---|"]
    for name, label in LABELS.items():
        rows.append(_spread(label, [getattr(m.stations, name) for m in measured], ""))
    goal = f"中位数 ≤ {COMPILE_GOAL},最慢 ≤ {COMPILE_WORST}"
    between = [m.stations.compiling for m in measured]
    rows.append(_spread("核对 + 编译 + 写成文本,执行之间", between, goal))
    rows.append(_spread("核对 + 编译 + 写成文本,连续", [m.alone.compiling for m in measured], goal))
    rows.append(_spread("取出语句,再问", [m.again.compiling for m in measured], goal))
    goal = f"中位数 ≤ {RATIO_GOAL},最慢 ≤ {RATIO_WORST}"
    rows.append(_spread("只执行与取回 ÷ 手写", [m.ours / m.hand for m in measured], "", places=2))
    rows.append(_spread("合计 ÷ 手写,首问", [m.ratio for m in measured], goal, places=2))
    rows.append(_spread("合计 ÷ 手写,再问", [m.ratio_again for m in measured], goal, places=2))
    named = f"编译最慢:{slow.ask};倍数最大:{worst.ask}({worst.ratio:.2f} 倍)"
    return [f"{len(measured)} 题,毫秒:", "", *rows, "", named]


def _spread(label: str, figures: Sequence[float], goal: str, places: int | None = None) -> str:
    ranked = sorted(figures)
    slow = ranked[max(0, -(-len(ranked) * 95 // 100) - 1)]
    cells = [
        number(figure) if places is None else f"{figure:.{places}f}"
        for figure in (median(ranked), slow, ranked[-1])
    ]
    return f"| {label} | {' | '.join(cells)} | {goal} |"


def _questions(measured: Sequence[Measured]) -> list[str]:
    rows = [
        "| 类别 | 问题 | 编译 | 连续编译 | 执行与取回 | 手写 | 执行÷手写 | 首问÷手写 | 再问÷手写 |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for m in measured:
        times = (m.stations.compiling, m.alone.compiling, m.ours, m.hand)
        ratios = f"{m.ours / m.hand:.2f} | {m.ratio:.2f} | {m.ratio_again:.2f}"
        rows.append(f"| {m.kind} | {m.ask} | {' | '.join(map(number, times))} | {ratios} |")
    return rows
