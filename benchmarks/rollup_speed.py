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

from assistant import Assistant
from assistant.build_world import open_engine
from semantic_layer.compile import Compiled, compile_query
from semantic_layer.engines import Engine, Limits
from semantic_layer.principal import Principal
from semantic_layer.query import (
    Absolute,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Period,
    Scope,
    TimeGroup,
)
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

GOAL_MS = 100
LIMITS = Limits(timeout_s=300)


def asked(last: date) -> dict[str, MetricQuery]:
    """Trend by month, year by channel and type, last month by branch, monthly actives."""
    month_end = last.replace(day=1) - date.resolution
    year = Scope(Period((Absolute(last.replace(month=1, day=1), last),)))
    month = Scope(Period((Absolute(month_end.replace(day=1), month_end),)))
    months = Scope(
        Period((Absolute(month_end.replace(year=month_end.year - 1, day=1), month_end),))
    )
    amount, actives = (MetricRef("txn_amt"),), (MetricRef("mau"), MetricRef("app_mau"))
    by_type = (DimensionGroup("channel"), DimensionGroup("txn_type"))
    return {
        "交易金额按月走势": MetricQuery(amount, (TimeGroup("month"),), months),
        "今年交易金额按渠道与类型": MetricQuery(amount, by_type, year),
        "上月交易金额按分行": MetricQuery(amount, (DimensionGroup("branch"),), month),
        "月活跃客户数按月走势": MetricQuery(actives, (TimeGroup("month"),), months),
    }


def main() -> None:
    """Prints the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="times each question is asked")
    rounds = parser.parse_args().rounds
    assistant = Assistant.open()
    engine = open_engine(assistant.database, assistant.settings, assistant.rollup_file())
    print("\n".join(section(assistant.snapshot(), engine, rounds)))
    engine.close()
    assistant.close()


def section(snapshot: Snapshot, engine: Engine, rounds: int) -> list[str]:
    """One line per question: medians of the rounds, and their ratio."""
    how = (
        f"同一次运行里,同样的问题读明细与读预汇总各{rounds}遍,毫秒为编译加执行的中位数;"
        f"目标:读预汇总 < {GOAL_MS} 毫秒。"
    )
    head = ["| 问题 | 读明细 | 读预汇总 | 倍数 |", "|---|---:|---:|---:|"]
    lines = ["## 预汇总", "", how, "", *head]
    bare = replace(snapshot, rollups=None)
    last = snapshot.data_dates.get("transactions", snapshot.as_of)
    for name, query in asked(last).items():
        resolved = resolve(query, bare, Principal("演示", ("analyst",)))
        assert isinstance(resolved, ResolvedQuery), resolved
        raw = milliseconds(resolved, bare, engine, rounds)
        stored = milliseconds(resolved, snapshot, engine, rounds)
        lines.append(f"| {name} | {raw:,.0f} | {stored:,.1f} | {raw / stored:,.0f} |")
    return lines


def milliseconds(resolved: ResolvedQuery, snapshot: Snapshot, engine: Engine, rounds: int) -> float:
    """Compiling and running, the median of some rounds after a first one."""
    taken = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        compiled = compile_query(resolved, snapshot)
        assert isinstance(compiled, Compiled)
        engine.run(compiled.statement, LIMITS)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main()
