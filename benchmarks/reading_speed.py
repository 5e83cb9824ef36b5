"""How fast questions are read: on the demonstration bank, and over a catalogue of another size.

The large catalogue has 3,000 metrics and 100,000 members, made from a seed. Times are those of the
processor, so that other work on the machine does not count. `make bench` prints the report;
`make bench OUT=docs` writes it.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import TypeVar

from report import Spread, row

from assistant import Assistant
from assistant.build_world import PROBE_ROWS, open_engine
from assistant.dimension_values import Values, find_values
from assistant.language.lexicon import Lexicon
from assistant.locations import demo_project
from assistant.planners.grammar import GrammarPlanner
from assistant.question import Question
from semantic_layer.calendars import bank_calendar
from semantic_layer.engines import Limits
from semantic_layer.model import Manifest
from semantic_layer.plan import build_plan
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.resolve import resolve
from semantic_layer.snapshot import Snapshot

T = TypeVar("T")
QUESTIONS = Path(__file__).with_name("reading_questions.txt")
TODAY = date(2026, 11, 20)
ANALYST = Principal("分析师", ("analyst",))
SEED = 42
METRICS, MEMBERS = 3_000, 100_000
LARGE_QUESTIONS, MISSPELT_QUESTIONS = 300, 100
BUILD_GOAL, READ_GOAL = "≤ 5 秒", "p95 ≤ 10"

LINES = ("零售", "对公", "普惠", "私行", "财富", "消费", "经营", "跨境", "养老", "农村")
AREAS = ("华东", "华北", "华南", "西北", "西南", "东北")
OBJECTS = ("存单", "理财", "基金", "保单", "贵金属", "信托", "国债", "外汇", "按揭", "票据")
MEASURES = ("申购金额", "赎回金额", "成交笔数", "持有户数", "手续费收入")
PLACES = "甬杭绍温嘉湖金衢台丽舟苏锡常镇宁扬泰徐淮盐连宿沪浦徐静虹杨闵宝"
STREETS = ("人民路", "解放街", "中山路", "五一路", "新华街", "滨江道", "学府路", "开发区", "高新区")
BRANDS = ("稳健", "安心", "增盈", "添利", "聚富", "鑫享", "恒泰", "月月红", "季季盈", "丰年")


@dataclass(frozen=True, slots=True)
class Read:
    """Milliseconds of reading alone, and with what follows up to the plan."""

    reading: Spread | None
    planned: Spread | None
    asked: int
    answered: int

    @property
    def told(self) -> str:
        """How many were asked and read."""
        return f"{self.asked} 个问题,{self.answered} 个读成了查询"


def main() -> None:
    """Measures both catalogues and prints or writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="times each question is read")
    parser.add_argument("--output", help="file to write the report to")
    options = parser.parse_args()
    text = report(options.rounds)
    if options.output:
        Path(options.output).write_text(text, encoding="utf-8")
    else:
        print(text, end="")


def report(rounds: int) -> str:
    """The figures of one run as a document."""
    manifest, held = demonstration()
    small = GrammarPlanner(Lexicon.build(manifest, held), manifest)
    small.lexicon.sounding_like("没有这个词")
    bank = measured(small, snapshot_of(manifest), read_questions(), rounds)
    random = Random(SEED)  # noqa: S311
    wide, members = large_manifest(manifest), large_members(random)
    seconds, lexicon = cpu(lambda: Lexicon.build(wide, members))
    sounded = cpu(lambda: lexicon.sounding_like("没有这个词"))[0]
    planner, snapshot = GrammarPlanner(lexicon, wide), snapshot_of(wide)
    texts = islice(large_questions(wide, members, random), LARGE_QUESTIONS)
    large = measured(planner, snapshot, tuple(texts), rounds)
    texts = islice(misspelt_questions(wide, members, random), MISSPELT_QUESTIONS)
    slips = measured(planner, snapshot, tuple(texts), rounds)
    size = f"{len(wide.metrics)} 个指标、{sum(map(len, members.values()))} 个取值"
    listed = "[清单](../benchmarks/reading_questions.txt)"
    lines = [
        "# 读题的速度",
        "",
        "由 `make bench` 一次跑出,只算处理器时间,不取数。",
        "",
        f"- 环境:Python {platform.python_version()},{os.cpu_count()} 核",
        f"- 示例银行:{bank.told},{listed}",
        f"- 大目录:{size};{large.told}",
        f"- 大目录,错字与生词:{slips.told},其余反问或拒答",
        "",
        "| 毫秒 | 中位数 | p95 | 最慢 | 目标 |",
        "|---|---:|---:|---:|---|",
        row("示例银行:读懂、核对、计划", bank.planned, READ_GOAL),
        row("大目录:读懂", large.reading, READ_GOAL),
        row("大目录:读懂,每题都有错字或生词", slips.reading, ""),
        "",
        f"大目录建词典 {seconds:.1f} 秒(目标 {BUILD_GOAL}),遇到生词时另建读音表 {sounded:.1f} 秒。",
        "",
    ]
    return "\n".join(lines)


def demonstration() -> tuple[Manifest, Values]:
    """The definitions of the demonstration bank, and the members in its data."""
    assistant = Assistant.open(demo_project())
    engine = open_engine(assistant.database, assistant.settings)
    bare = Snapshot(assistant.manifest, date.max, {}, {}, bank_calendar(), engine.schema())
    held = find_values(bare, lambda tree: engine.run(tree, Limits(max_result_rows=PROBE_ROWS)))
    engine.close()
    assistant.close()
    return bare.manifest, held


def snapshot_of(manifest: Manifest) -> Snapshot:
    """Every table up to yesterday, or to the end of the month before."""
    month_end = TODAY.replace(day=1) - timedelta(days=1)
    last = {
        name: month_end if dataset.grain == "month" else TODAY - timedelta(days=1)
        for name, dataset in manifest.datasets.items()
    }
    first = dict.fromkeys(manifest.datasets, date(2023, 1, 1))
    return Snapshot(manifest, TODAY, last, first, bank_calendar())


def read_questions() -> tuple[str, ...]:
    """One per line; lines with # are remarks."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def large_manifest(manifest: Manifest) -> Manifest:
    """The same tables with as many metrics as a large bank has."""
    pattern = manifest.metrics["txn_amt"]
    labels = ("".join(parts) for parts in product(AREAS, LINES, OBJECTS, MEASURES))
    metrics = {
        f"m{number}": replace(
            pattern, name=f"m{number}", label=label, synonyms=(f"{label}合计",), near_misses=(),
            phrases=(),
        )
        for number, label in enumerate(islice(labels, METRICS))
    }  # fmt: skip
    return replace(manifest, metrics={**manifest.metrics, **metrics})


def large_members(random: Random) -> dict[str, tuple[str, ...]]:
    """Names of outlets and products as they are made up."""
    outlets: dict[str, None] = {}
    while len(outlets) < MEMBERS // 2:
        place = random.choice(PLACES) + random.choice(PLACES)
        outlets[f"{place}{random.choice(STREETS)}{random.randint(1, 60)}号支行"] = None
    products: dict[str, None] = {}
    while len(products) < MEMBERS - MEMBERS // 2:
        kind = random.choice(BRANDS) + random.choice(OBJECTS)
        products[f"{kind}{random.choice(PLACES)}系列{random.randint(1, 999)}期"] = None
    return {"sub_branch": tuple(outlets), "product": tuple(products)}


def large_questions(
    manifest: Manifest, members: Mapping[str, tuple[str, ...]], random: Random
) -> Iterator[str]:
    """Metrics and members in the usual shapes, one in thirteen misspelt."""
    misspelt = misspelt_questions(manifest, members, random)
    labels = [metric.label for name, metric in manifest.metrics.items() if name[1:].isdigit()]
    while True:
        metric, other = random.choice(labels), random.choice(labels)
        outlet, kind = random.choice(members["sub_branch"]), random.choice(members["product"])
        for _ in range(2):
            yield f"上个月{metric}是多少"
            yield f"今年{outlet}的{metric}"
            yield f"上个月各分行{metric}同比"
            yield f"9月{kind}{metric}最高的五个支行"
            yield f"三季度{metric}和{other}"
        yield f"近6个月各月{kind}的{metric}环比"
        yield f"除{outlet}外各支行的{metric}占比"
        yield next(misspelt)


def misspelt_questions(
    manifest: Manifest, members: Mapping[str, tuple[str, ...]], random: Random
) -> Iterator[str]:
    """A character twice, wrong or missing, and a word that nobody knows."""
    labels = [metric.label for name, metric in manifest.metrics.items() if name[1:].isdigit()]
    while True:
        metric, outlet = random.choice(labels), random.choice(members["sub_branch"])
        at = random.randrange(2, len(metric) - 1)
        yield f"上个月{metric[:at]}{metric[at]}{metric[at:]}"
        yield f"上个月{metric[:at]}{random.choice('薇磷饕')}{metric[at + 1 :]}"
        yield f"上个月薇薇安{metric}"
        yield f"上个月{outlet[:3]}{outlet[4:]}的{metric}"


def measured(
    planner: GrammarPlanner, snapshot: Snapshot, questions: Sequence[str], rounds: int
) -> Read:
    """Every question some times; of each the middle one counts."""
    reading, planned, answered = [], [], 0
    for text in questions:
        question = Question(text, TODAY, ANALYST)
        times = [_one(planner, snapshot, question) for _ in range(rounds)]
        middle = sorted(times)[len(times) // 2]
        reading.append(middle[0])
        planned.append(middle[1])
        answered += middle[2]
    return Read(Spread.of(reading), Spread.of(planned), len(questions), answered)


def _one(
    planner: GrammarPlanner, snapshot: Snapshot, question: Question
) -> tuple[float, float, bool]:
    """Milliseconds of reading, of reading and planning, and whether there was a plan."""
    seconds, reading = cpu(lambda: planner.read(question, snapshot))
    if reading.query is None:
        return seconds * 1000, seconds * 1000, False
    query = reading.query

    def plan() -> bool:
        resolved = resolve(query, snapshot, question.principal)
        if isinstance(resolved, Problem):
            return False
        if resolved.behaviour is None and not hasattr(resolved.query, "set"):
            build_plan(resolved, snapshot)
        return True

    more, is_answered = cpu(plan)
    return seconds * 1000, (seconds + more) * 1000, is_answered


def cpu(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of the processor, and what came of them."""
    started = time.process_time()
    done = work()
    return time.process_time() - started, done


if __name__ == "__main__":
    main()
