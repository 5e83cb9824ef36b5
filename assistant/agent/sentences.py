"""Sentences about executed steps: a model's, as far as every one holds; else the steps' own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from assistant.agent.check import holds
from assistant.agent.step import CellPlace, Finding, Step
from semantic_layer.model import Manifest

CITED = re.compile(r"\[(\d{1,2}):(?:r(\d{1,3})|t)c(\d{1,2})\]")
_ENDS = re.compile(r"[\n。;；!！?？]")
LONGEST = 160
MOST = 12


def findings_of(said: str, steps: Sequence[Step], manifest: Manifest) -> tuple[Finding, ...]:
    """The sentences that hold; each cites the cells its numbers come from."""
    found = []
    for text in _ENDS.split(said):
        places = tuple(_places(text, steps))
        sentence = unicodedata.normalize("NFKC", CITED.sub("", text)).strip(" -*·•、,.:")
        if not places or not sentence or len(sentence) > LONGEST:
            continue
        if len(places) == len(CITED.findall(text)) and holds(sentence, places, steps, manifest):
            found.append(Finding(sentence, places[0].step, places))
    return tuple(found[:MOST])


def headlines(steps: Sequence[Step]) -> tuple[Finding, ...]:
    """Each step's own sentence, written by the templates of answers."""
    return tuple(
        Finding(step.headline, number) for number, step in enumerate(steps, 1) if step.headline
    )


def _places(text: str, steps: Sequence[Step]) -> Iterator[CellPlace]:
    """The cells that are cited and exist."""
    for step, row, column in CITED.findall(text):
        number, place = int(step), int(column)
        if not 1 <= number <= len(steps):
            continue
        cited = steps[number - 1]
        if not 1 <= place <= len(cited.columns):
            continue
        name = cited.columns[place - 1].id
        if row and 1 <= int(row) <= len(cited.rows):
            yield CellPlace(number, name, int(row))
        elif not row and name in cited.totals:
            yield CellPlace(number, name)
