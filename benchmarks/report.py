"""The speed report: medians of one run, in Chinese, saying nothing of the machine but its cores."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

STATIONS = {
    "understand": "清洗", "retrieve": "检索", "plan": "理解", "resolve": "核对",
    "compile": "编译", "run": "取数", "explain": "解释", "total": "合计",
}  # fmt: skip
BARE_SQL = (
    "同样的题,把回答里的主 SQL 单独交给 DuckDB 执行并取回全部行。"
    "回答还要读懂问题、执行合计的 SQL、写审计记录。"
)
ASKED = "[各种问法](../benchmarks/questions.txt)"


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: the middle, the slow end, the worst."""

    median: float
    p95: float
    worst: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Self | None:
        """None without samples."""
        if not samples:
            return None
        ranked = sorted(samples)
        slow = ranked[max(0, -(-len(ranked) * 95 // 100) - 1)]
        return cls(statistics.median(ranked), slow, ranked[-1])


@dataclass(frozen=True, slots=True)
class ReportedRatio:
    """Bare SQL, and how many times as long the whole answer takes."""

    bare: Spread | None
    ratio: Spread | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything measured in one run."""

    versions: str
    busy: float
    """How many processes the machine was running already."""
    bank: str
    asked: int
    answered: int
    rounds: int
    imports: Spread | None
    cold: Spread | None
    first_ever: Spread | None
    never_opened: Spread | None
    opened_before: Spread | None
    lexicon: Spread | None
    first: Spread | None
    again: Spread | None
    doubtful: Spread | None
    stations: Mapping[str, Spread | None]
    slowest: str
    bare_sql: ReportedRatio

    def markdown(self) -> str:
        """The report as a document."""
        parts = (self._conditions(), self._waiting(), self._opening(), self._stations())
        return "\n".join(line for part in (*parts, self._against_sql()) for line in (*part, ""))

    def _conditions(self) -> list[str]:
        return [
            "# 速度",
            "",
            "由 `make bench` 在示例银行上一次跑出;各数来自同一台机器、同一次运行,只宜互相比较。",
            "",
            f"- 环境:{self.versions};开始时机器上已有 {self.busy:.1f} 个任务在跑",
            f"- 数据:示例银行,{self.bank}",
            f"- 问题:{ASKED},{self.asked} 个各问 {self.rounds} 遍,{self.answered} 个给出了数",
        ]

    def _waiting(self) -> list[str]:
        compiling = self.stations.get("compile")
        return [
            "## 等多久",
            "",
            "| 毫秒 | 中位数 | p95 | 最慢 | 目标 |",
            "|---|---:|---:|---:|---|",
            row("冷启动:`wenshu ask` 整个进程", self.cold, "中位数 ≤ 2000"),
            row("冷启动:从未用过时的第一次", self.first_ever, ""),
            row("其中只启动 Python 并导入 DuckDB、sqlglot、typer", self.imports, ""),
            row("热回答:每题第一次问", self.first, "p95 ≤ 300"),
            row("热回答:之后再问", self.again, "p95 ≤ 300"),
            row("反问、拒答与说明", self.doubtful, "p95 ≤ 300"),
            row("编译一条查询", compiling, "中位数 ≤ 2"),
            "",
            f"最慢的一题:{self.slowest}",
        ]

    def _opening(self) -> list[str]:
        spreads = {
            "打开项目(口径、数据日期、取值、词典),从未打开过": self.never_opened,
            "打开项目,以前打开过": self.opened_before,
            "其中建词典": self.lexicon,
        }
        return ["## 启动时做的事", "", *table(spreads)]

    def _stations(self) -> list[str]:
        named = {STATIONS.get(name, name): spread for name, spread in self.stations.items()}
        return ["## 一个回答的时间花在哪里", "", *table(named)]

    def _against_sql(self) -> list[str]:
        sql = self.bare_sql
        spreads = {"只执行主 SQL(毫秒)": sql.bare, "回答用时 ÷ 它": sql.ratio}
        return ["## 与只执行 SQL 相比", "", BARE_SQL, "", *table(spreads)]


def table(rows: Mapping[str, Spread | None]) -> list[str]:
    """Medians and slow ends, one line each."""
    return ["| | 中位数 | p95 | 最慢 |", "|---|---:|---:|---:|", *map(row, rows, rows.values())]


def row(name: str, spread: Spread | None, goal: str | None = None) -> str:
    """One line of a table."""
    figures = [spread.median, spread.p95, spread.worst] if spread else []
    cells = [number(figure) for figure in figures] or ["—"] * 3
    return f"| {' | '.join([name, *cells, *([goal] if goal is not None else [])])} |"


def number(figure: float) -> str:
    """Two significant places are enough."""
    return f"{figure:.0f}" if figure >= 10 else f"{figure:.1f}"
