"""Names, synonyms and slips are found among the first five; paraphrases never less than before."""

from __future__ import annotations

import pytest

from assistant import Assistant
from evals.retrieval import ASKER, HALVES, Half, Recall, baseline, load_cases, measure, seal

SURE = ("name", "synonym", "typo")


@pytest.fixture(scope="module")
def recalls(bank_assistant: Assistant) -> dict[Half, tuple[Recall, ...]]:
    """Without vectors: what can be relied on at once and everywhere."""
    index = bank_assistant.index().by_spelling()
    return {
        half: measure(lambda text: index.search(text, ASKER), load_cases(half)) for half in HALVES
    }


@pytest.mark.parametrize("half", HALVES)
def test_names_synonyms_and_slips_are_found(
    recalls: dict[Half, tuple[Recall, ...]], half: Half
) -> None:
    sure = [recall for recall in recalls[half] if recall.kind in SURE]
    assert sum(recall.found for recall in sure) >= 0.99 * sum(recall.sought for recall in sure)


@pytest.mark.parametrize("half", HALVES)
def test_no_kind_of_text_is_found_less_often_than_before(
    recalls: dict[Half, tuple[Recall, ...]], half: Half
) -> None:
    """But for one text: a definition that gains a synonym may push another thing to place six."""
    kept = baseline()[f"spelling/{half}"]
    lost = {r.kind: kept[r.kind] * r.sought - r.found for r in recalls[half]}
    assert {kind: count for kind, count in lost.items() if count > 1.01} == {}


def test_the_sealed_half_is_as_it_was_sealed() -> None:
    assert seal() == baseline()["seal"]


def test_the_halves_share_no_text_and_name_what_exists(bank_assistant: Assistant) -> None:
    manifest = bank_assistant.manifest
    known = {
        *(f"metric:{name}" for name in manifest.metrics),
        *(f"dimension:{name}" for name in manifest.dimensions),
        *(f"segment:{name}" for name in manifest.segments),
    }
    cases = [case for half in HALVES for case in load_cases(half)]
    assert len({case.text for case in cases}) == len(cases)
    assert {name for case in cases for one in case.found for name in one} - known == set()
