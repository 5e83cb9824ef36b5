"""Every query has one text, and the text is read back to that query and no other."""

from __future__ import annotations

from dataclasses import fields
from random import Random
from typing import get_args

import pytest
from adversarial import adversarial_manifest, names_of
from any_query import AnyQuery
from slow_reading.queries import random_query
from slow_reading.worlds import random_world

from assistant.language.canonical import NotCanonicalError, canonical, read_canonical
from semantic_layer.model import Manifest
from semantic_layer.query import Query, canonical_text

QUERIES = 12
SPOILED = 8


def round_trip(query: Query, manifest: Manifest) -> str:
    text = canonical(query, manifest)
    assert text is not None, f"没有说法:{canonical_text(query)}"
    back = read_canonical(text, manifest)
    assert (back, canonical_text(back)) == (query, canonical_text(query)), text
    return text


@pytest.mark.parametrize("seed", range(15))
def test_questions_to_random_banks_survive(seed: int) -> None:
    random = Random(seed)
    world = random_world(random)
    for _ in range(QUERIES):
        round_trip(random_query(random, world), world.manifest)


@pytest.mark.parametrize("seed", range(30))
def test_any_query_over_names_made_to_be_misread_survives(seed: int) -> None:
    random = Random(seed)
    manifest = adversarial_manifest(random)
    queries = AnyQuery(random, names_of(manifest, random))
    said: dict[str, Query] = {}
    for _ in range(QUERIES):
        query = queries.query()
        assert said.setdefault(round_trip(query, manifest), query) == query


@pytest.mark.parametrize("seed", range(1000, 1015))
def test_a_spoiled_text_is_no_text_or_the_text_of_another_query(seed: int) -> None:
    random = Random(seed)
    manifest = adversarial_manifest(random)
    query = AnyQuery(random, names_of(manifest, random)).query()
    text = round_trip(query, manifest)
    for _ in range(SPOILED):
        spoiled = spoil(text, random)
        read = read_or_place(spoiled, manifest)
        if isinstance(read, int):
            assert 0 <= read <= len(spoiled)
        else:
            assert canonical(read, manifest) == spoiled
            assert (canonical_text(read) == canonical_text(query)) == (spoiled == text)


def read_or_place(text: str, manifest: Manifest) -> Query | int:
    try:
        return read_canonical(text, manifest)
    except NotCanonicalError as error:
        return error.at


def spoil(text: str, random: Random) -> str:
    """One character more, less, another or moved."""
    at = random.randrange(len(text))
    sign = random.choice(f"{text},、()的且或为「」按3 ")
    cut = random.choice((text[at + 1 :], text[at:]))
    return text[:at] + random.choice((sign, "")) + cut


@pytest.mark.parametrize("seed", range(2000, 2015))
def test_a_query_with_one_slot_changed_has_another_text(seed: int) -> None:
    random = Random(seed)
    manifest = adversarial_manifest(random)
    queries = AnyQuery(random, names_of(manifest, random))
    query = queries.query()
    text = round_trip(query, manifest)
    for twin in near(query, queries):
        assert (canonical(twin, manifest) == text) == (
            canonical_text(twin) == canonical_text(query)
        )


def near(query: Query, queries: AnyQuery) -> list[Query]:
    """The query with each slot in turn taken from another one of its kind."""
    other = queries.build(type(query))
    names = [slot.name for slot in fields(query) if slot.name not in ("v", "kind")]
    return [one for name in names if (one := queries.changed(query, name, getattr(other, name)))]


def test_every_kind_of_query_is_tried() -> None:
    random = Random(0)
    manifest = adversarial_manifest(random)
    queries = AnyQuery(random, names_of(manifest, random))
    assert {type(queries.query()) for _ in range(200)} == set(get_args(Query))
