"""Random banks with random rollups: what is read from those is what the rows say."""

from __future__ import annotations

import math
from random import Random

import pytest
from rollup_worlds import Tables, any_query, earlier, rolled_bank

from semantic_layer.query import MetricQuery, MetricRef, canonical_text

BANKS = 3
QUESTIONS = 12


@pytest.mark.parametrize("block", range(5))
def test_rollups_say_what_the_rows_say(block: int) -> None:
    served = 0
    for seed in range(block * BANKS, block * BANKS + BANKS):
        random = Random(seed)
        with rolled_bank(random) as bank:
            for _ in range(QUESTIONS):
                query = any_query(random, bank)
                at = earlier(random, bank.snapshot) if random.random() < 0.15 else bank.snapshot
                found = bank.both(query, at)
                if found is not None:
                    rolled, raw, used = found
                    served += used
                    assert same(rolled, raw, query), f"{seed} {canonical_text(query)}"
    assert served


def same(rolled: Tables, raw: Tables, query: MetricQuery) -> bool:
    """To the last digit; only the share of a mean divides by a sum of floats in any order."""
    if rolled == raw:
        return True
    of_means = query.share and any(isinstance(m, MetricRef) and m.per for m in query.measures)
    if not of_means or [len(rows) for rows in rolled] != [len(rows) for rows in raw]:
        return False
    cells = zip(_cells(rolled), _cells(raw), strict=True)
    return all(
        a == b
        or (isinstance(a, float) and isinstance(b, float) and math.isclose(a, b, rel_tol=1e-15))
        for a, b in cells
    )


def _cells(tables: Tables) -> list[object]:
    return [cell for rows in tables for row in rows for cell in row]
