"""Long runs: the compiler against the slow reading over a range of seeds, one line of report.

python tests/semantic_layer/reference/fuzz.py --count 100000 --seed 0
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from slow_reading.judge import Verdict

    from semantic_layer.query import Query

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[2])]
QUESTIONS = 20
"""Questions per bank: building one costs more than asking."""
SHOWN = 20
TOLD_EVERY = 25
"""Banks between two lines of progress."""
PLANNED_EVERY = 4
"""Every so many banks the engine may rearrange statements; the others only read them, faster."""
BEHAVIOUR_EVERY = 10
"""Every so many banks funnels, retention, intervals and paths are asked instead."""
LISTS = 2
"""Lists of people among the questions to a bank without rights."""
WRONG = ("differs", "crashed")


def main() -> int:
    """Asks, compares, reports; 1 when something differs."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--count", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    banks = -(-options.count // QUESTIONS)
    outcomes: Counter[str] = Counter()
    begun = time.monotonic()
    database = duckdb.connect(config={"threads": 1})
    for seed in range(options.seed, options.seed + banks):
        for outcome, text in verdicts(seed, database):
            outcomes[outcome] += 1
            if outcome in WRONG and outcomes[outcome] <= SHOWN:
                print(f"seed {seed}: {outcome} {text}\n", flush=True)
        if (seed - options.seed + 1) % TOLD_EVERY == 0:
            print(_report(options.seed, seed, outcomes, begun), flush=True)
    print(_report(options.seed, options.seed + banks - 1, outcomes, begun))
    return 1 if any(outcomes[name] for name in WRONG) else 0


def _report(first: int, last: int, outcomes: Counter[str], begun: float) -> str:
    told = [f"{number} {name}" for name, number in sorted(outcomes.items()) if name not in WRONG]
    told += [f"{outcomes[name]} {name}" for name in WRONG]
    return (
        f"seeds {first}—{last}: {outcomes.total()} questions, {', '.join(told)}, "
        f"{time.monotonic() - begun:.0f} s"
    )


def verdicts(seed: int, database: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """What came of the questions to one bank."""
    from slow_reading.behaviour_runs import behaviour_verdicts
    from slow_reading.entity_lists import judged_list, random_list
    from slow_reading.judge import judged
    from slow_reading.queries import random_query
    from slow_reading.worlds import load, random_world

    if seed % BEHAVIOUR_EVERY == 0:
        yield from behaviour_verdicts(seed)
        return
    random = Random(seed)
    world = random_world(random)
    load(world, database)
    plain = seed % PLANNED_EVERY
    database.execute("pragma disable_optimizer" if plain else "pragma enable_optimizer")
    lists = LISTS if not world.manifest.policies else 0
    for number in range(QUESTIONS - lists):
        query = random_query(random, world)
        yield _verdict(number, query, lambda q=query: judged(world, q, database))
    for number in range(QUESTIONS - lists, QUESTIONS):
        asked = random_list(random, world)
        yield _verdict(number, asked, lambda q=asked: judged_list(world, q, database))


def _verdict(number: int, query: Query, judge: Callable[[], Verdict]) -> tuple[str, str]:
    from semantic_layer.query import canonical_text

    asked = f"question {number}: {canonical_text(query)}"
    try:
        verdict = judge()
    except Exception:  # noqa: BLE001 - a crash is a finding, and the run goes on
        return "crashed", f"{asked}\n{traceback.format_exc()}"
    return verdict.outcome, f"{asked}\n{verdict.detail}"


if __name__ == "__main__":
    sys.exit(main())
