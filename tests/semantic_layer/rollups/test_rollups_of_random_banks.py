"""Random banks with random rollups: what is read from those is what the rows say."""

from __future__ import annotations

from random import Random

import pytest
from rollup_worlds import any_query, earlier, rolled_bank

from semantic_layer.query import canonical_text

SEEDS = range(60)
QUESTIONS = 12


@pytest.mark.parametrize("seed", SEEDS)
def test_rollups_say_what_the_rows_say(seed: int) -> None:
    random = Random(seed)
    with rolled_bank(random) as bank:
        for _ in range(QUESTIONS):
            query = any_query(random, bank)
            at = earlier(random, bank.snapshot) if random.random() < 0.15 else bank.snapshot
            found = bank.both(query, at)
            if found is not None:
                rolled, raw, _ = found
                assert rolled == raw, canonical_text(query)
