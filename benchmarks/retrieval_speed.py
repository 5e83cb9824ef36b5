"""How long one search takes over 5,000 metrics, by spelling alone and with the default vectors.

Times are those of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import islice, product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from reading_speed import AREAS, LINES, MEASURES, OBJECTS, demonstration
from report import Spread, row
from sqlglot import exp

from assistant.language.lexicon import Lexicon
from assistant.retrieve import Index, Shelf
from assistant.sight import Sight
from semantic_layer.calendars import bank_calendar
from semantic_layer.engines import Table
from semantic_layer.model import Manifest
from semantic_layer.principal import Principal
from semantic_layer.snapshot import Snapshot

METRICS, QUESTIONS, SEED = 5_000, 500, 42
GOAL_MS = 20.0
WHOSE = ("新客", "老客")
ANALYST = Principal("分析师", ("analyst",))
BUILD_WAIT_S = 3600.0


def main() -> int:
    """Prints the spreads; ends with 1 beyond the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--metrics", type=int, default=METRICS)
    options = parser.parse_args()
    manifest, values = demonstration()
    wide = widened(manifest, options.metrics)
    texts = questions(wide)
    with TemporaryDirectory() as folder:
        index = index_over(wide, values, Path(folder))
        spelled = measured(index.by_spelling(), texts)
        started = time.perf_counter()
        if not index.ready(BUILD_WAIT_S):
            print("没有建成向量")
            return 1
        built = time.perf_counter() - started
        full = measured(index, texts)
    print(f"{len(wide.metrics)} 个指标,{len(index.entries)} 条文字,建向量 {built:.0f} 秒")
    print("| 毫秒 | 中位数 | p95 | 最慢 | 目标 |\n|---|---:|---:|---:|---|")
    print(row("只按字面", spelled, ""))
    print(row("字面与向量(ngram)", full, f"p95 ≤ {GOAL_MS:.0f}"))
    return int(full.p95 > GOAL_MS)


def widened(manifest: Manifest, count: int) -> Manifest:
    """The bank's definitions with as many metrics as asked for, each with three texts."""
    pattern = manifest.metrics["txn_amt"]
    names = ("".join(parts) for parts in product(WHOSE, AREAS, LINES, OBJECTS, MEASURES))
    added = {
        f"m{number}": replace(
            pattern, name=f"m{number}", label=name, synonyms=(f"{name}合计",), phrases=(),
            near_misses=(), description=f"统计期内{name}的合计,含已撤销,不含行内",
        )
        for number, name in enumerate(islice(names, count - len(manifest.metrics)))
    }  # fmt: skip
    return replace(manifest, metrics={**manifest.metrics, **added})


def questions(manifest: Manifest) -> tuple[str, ...]:
    """Names in the usual shapes, every third with a character that is not right."""
    random = Random(SEED)  # noqa: S311
    labels = [metric.label for metric in manifest.metrics.values()]
    found = []
    for number in range(QUESTIONS):
        label = random.choice(labels)
        if number % 3 == 0:
            at = random.randrange(len(label))
            label = label[:at] + random.choice("的一是在不了有和人这") + label[at + 1 :]
        found.append(f"上个月各分行{label}是多少")
    return tuple(found)


def index_over(manifest: Manifest, values: Mapping[str, tuple[str, ...]], folder: Path) -> Index:
    """An index whose asker sees everything, so that no row is read."""
    bare = Snapshot(manifest, date.max, {}, {}, bank_calendar())
    lexicon = Lexicon.build(manifest, values)
    return Index(manifest, lexicon, Sight(bare, values, {}, _never), (), Shelf(folder))


def _never(tree: exp.Expr) -> Table:
    raise AssertionError(tree)


def measured(index: Index, texts: tuple[str, ...]) -> Spread:
    """Milliseconds of the processor per search, the first one aside."""
    index.search(texts[0], ANALYST)
    spread = Spread.of([cpu_ms(index, text) for text in texts])
    assert spread is not None
    return spread


def cpu_ms(index: Index, text: str) -> float:
    """Milliseconds of the processor that one search takes."""
    started = time.process_time()
    index.search(text, ANALYST)
    return (time.process_time() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
