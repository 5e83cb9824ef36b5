"""How much faster common questions are with rollups: the same questions both ways in one run.

Build the rollups first (`wenshu rollup build`); the project and its database are those of
WENSHU_PROJECT and WENSHU_DATABASE_PATH, as everywhere. Prints a Markdown section.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from assistant import Assistant
from assistant.build_world import open_engine
from semantic_layer.compile import Compiled, compile_query
from semantic_layer.engines import Engine, Limits
from semantic_layer.principal import Principal
from semantic_layer.query import (
    Absolute,
    Comparison,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Period,
    Scope,
    Share,
    TimeGroup,
)
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

GOAL_MS = 100
LIMITS = Limits(timeout_s=300)
ANALYST = Principal("演示", ("analyst",))
MANAGER = Principal("银川分行行长", ("branch_manager",), (("branch", ("银川分行",)),))


class Asked(NamedTuple):
    """A question, by whom."""

    name: str
    query: MetricQuery
    who: Principal = ANALYST


def asked(last: date) -> tuple[Asked, ...]:
    """The common questions; with 同比, 环比, totals, shares; and as a branch manager asks them."""
    month_end = last.replace(day=1) - date.resolution
    year = Scope(Period((Absolute(last.replace(month=1, day=1), last),)))
    month = Scope(Period((Absolute(month_end.replace(day=1), month_end),)))
    first = month_end.replace(year=month_end.year - 1, day=1)
    months = Scope(Period((Absolute(first, month_end),)))
    amount, actives = (MetricRef("txn_amt"),), (MetricRef("mau"), MetricRef("app_mau"))
    by_month, by_branch = (TimeGroup("month"),), (DimensionGroup("branch"),)
    by_type = (DimensionGroup("channel"), DimensionGroup("txn_type"))
    compared = (Comparison("yoy"), Comparison("mom"))
    trend = MetricQuery(amount, by_month, months)
    by_kind = MetricQuery(amount, by_type, year)
    branches = MetricQuery(amount, by_branch, month)
    monthly = MetricQuery(actives, by_month, months)
    in_parts = replace(by_kind, share=Share("total"), totals=True)
    rich = replace(branches, compare=compared, share=Share("total"), totals=True)
    own = MetricQuery(amount, (), month, compare=compared)
    return (
        Asked("交易金额按月走势", trend),
        Asked("今年交易金额按渠道与类型", by_kind),
        Asked("上月交易金额按分行", branches),
        Asked("月活跃客户数按月走势", monthly),
        Asked("交易金额按月走势,同比与环比", replace(trend, compare=compared)),
        Asked("今年交易金额按渠道与类型,占比与合计", in_parts),
        Asked("上月交易金额按分行,同比、环比、占比与合计", rich),
        Asked("月活跃客户数按月走势,同比与环比", replace(monthly, compare=compared)),
        Asked("分行行长:交易金额按月走势", trend, MANAGER),
        Asked("分行行长:今年交易金额按渠道与类型,占比与合计", in_parts, MANAGER),
        Asked("分行行长:上月交易金额,同比与环比", own, MANAGER),
        Asked(
            "分行行长:月活跃客户数按月走势,同比", replace(monthly, compare=compared[:1]), MANAGER
        ),
    )


def main() -> None:
    """Prints the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="times each question is asked")
    parser.add_argument("--rows", type=int, default=1, help="times each is asked of the rows")
    given = parser.parse_args()
    assistant = Assistant.open()
    engine = open_engine(assistant.database, assistant.settings, assistant.rollup_file())
    print("\n".join(section(assistant.snapshot(), engine, given.rounds, given.rows)))
    engine.close()
    assistant.close()


def section(snapshot: Snapshot, engine: Engine, rounds: int, of_rows: int) -> list[str]:
    """One line per question: medians of the rounds, and their ratio."""
    how = (
        f"同一次运行里,同样的问题读明细{of_rows}遍、读预汇总{rounds}遍(各先跑一遍不计),"
        f"毫秒为编译加执行(含合计)的中位数;目标:读预汇总 < {GOAL_MS} 毫秒。"
    )
    head = ["| 问题 | 读明细 | 读预汇总 | 倍数 |", "|---|---:|---:|---:|"]
    lines = ["## 预汇总", "", how, "", *head]
    bare = replace(snapshot, rollups=None)
    last = snapshot.data_dates.get("transactions", snapshot.as_of)
    for name, query, who in asked(last):
        resolved = resolve(query, bare, who)
        assert isinstance(resolved, ResolvedQuery), resolved
        stored = milliseconds(resolved, snapshot, engine, rounds)
        raw = milliseconds(resolved, bare, engine, of_rows)
        lines.append(f"| {name} | {raw:,.0f} | {stored:,.1f} | {raw / stored:,.0f} |")
    return lines


def milliseconds(resolved: ResolvedQuery, snapshot: Snapshot, engine: Engine, rounds: int) -> float:
    """Compiling and running, the median of some rounds after a first one."""
    taken = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        compiled = compile_query(resolved, snapshot)
        assert isinstance(compiled, Compiled)
        for tree in filter(None, (compiled.statement, compiled.totals)):
            engine.run(tree, LIMITS)
        taken.append((time.perf_counter() - began) * 1000)
        if snapshot.rollups is not None:
            assert reads_stored_only(compiled), compiled.sql()
    return statistics.median(taken[1:])


def reads_stored_only(compiled: Compiled) -> bool:
    """Whether no large table is read."""
    return not any(name.startswith("fact_") for name in compiled.sources)


if __name__ == "__main__":
    main()
