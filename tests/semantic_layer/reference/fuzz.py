"""Long runs: the compiler against the slow reading over a range of seeds, one line of report.

python tests/semantic_layer/reference/fuzz.py --count 100000 --seed 0
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[2])]
QUESTIONS = 6
"""Questions per bank: building one costs more than asking."""
SHOWN = 5


def main() -> int:
    """Asks, compares, reports; 1 when something differs."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--count", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--all", action="store_true", help="with the questions that await a mend")
    options = asked.parse_args()
    banks = -(-options.count // QUESTIONS)
    outcomes: Counter[str] = Counter()
    begun = time.monotonic()
    for seed in range(options.seed, options.seed + banks):
        for outcome, text in verdicts(seed, awaited=options.all):
            outcomes[outcome] += 1
            if outcome == "differs" and outcomes[outcome] <= SHOWN:
                print(f"seed {seed}: {text}\n", flush=True)
    differs = outcomes.pop("differs", 0)
    told = ", ".join(f"{number} {name}" for name, number in sorted(outcomes.items()))
    print(
        f"seeds {options.seed}—{options.seed + banks - 1}: {banks * QUESTIONS} questions, {told}, "
        f"{differs} disagreements, {time.monotonic() - begun:.0f} s"
    )
    return 1 if differs else 0


def verdicts(seed: int, *, awaited: bool) -> list[tuple[str, str]]:
    """What came of the questions to one bank."""
    from slow_reading.awaited import is_awaited
    from slow_reading.judge import judged
    from slow_reading.queries import random_query
    from slow_reading.worlds import loaded, random_world

    from semantic_layer.query import canonical_text

    random = Random(seed)
    world, found = random_world(random), []
    with loaded(world) as database:
        for number in range(QUESTIONS):
            query = random_query(random, world)
            if is_awaited(query) and not awaited:
                found.append(("awaited", ""))
                continue
            verdict = judged(world, query, database)
            text = f"question {number}: {canonical_text(query)}\n{verdict.detail}"
            found.append((verdict.outcome, text))
    return found


if __name__ == "__main__":
    sys.exit(main())
