"""Does a search find what a text is about: recall among the first five, by kind of text.

`open.tsv` may be looked at while the search is worked on; `sealed.tsv` may not, and its hash
stands in `baseline.json`. Each row: kind, text, what must be found (`,` and, `|` or).
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from assistant.retrieve import Candidates
from semantic_layer.principal import Principal

FOLDER = Path(__file__).parent
BASELINE = FOLDER / "baseline.json"
FIRST = 5
Half = Literal["open", "sealed"]
HALVES: tuple[Half, ...] = ("open", "sealed")
ASKER = Principal("分析师", ("analyst",))
Search = Callable[[str], Candidates]


class Sought(NamedTuple):
    """A text and what a search must find for it."""

    kind: str
    text: str
    found: tuple[frozenset[str], ...]
    """Each of them, by any of its names (`metric:deposit`)."""


@dataclass(frozen=True, slots=True)
class Recall:
    """How much was found of what was sought, for one kind of text."""

    kind: str
    sought: int
    found: int
    missed: tuple[str, ...]
    """Texts for which something was not found."""

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.found / self.sought if self.sought else 1.0


def load_cases(half: Half) -> tuple[Sought, ...]:
    """The cases of one half, in the order written."""
    with (FOLDER / f"{half}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return tuple(
        Sought(
            row["kind"],
            row["text"],
            tuple(frozenset(one.split("|")) for one in row["found"].split(",")),
        )
        for row in rows
    )


def measure(search: Search, cases: Iterable[Sought]) -> tuple[Recall, ...]:
    """The recall of a search, by kind in the order of the cases."""
    counted: dict[str, list[tuple[Sought, int]]] = {}
    for case in cases:
        names = found_by(search(case.text))
        hits = sum(bool(names & wanted) for wanted in case.found)
        counted.setdefault(case.kind, []).append((case, hits))
    return tuple(
        Recall(
            kind,
            sum(len(case.found) for case, _ in done),
            sum(hits for _, hits in done),
            tuple(case.text for case, hits in done if hits < len(case.found)),
        )
        for kind, done in counted.items()
    )


def found_by(candidates: Candidates) -> frozenset[str]:
    """The first five of each kind, with their kinds."""
    kinds = {
        "metric": candidates.metrics,
        "dimension": candidates.dimensions,
        "segment": candidates.segments,
    }
    return frozenset(f"{kind}:{hit.id}" for kind, hits in kinds.items() for hit in hits[:FIRST])


def baseline() -> Mapping[str, Any]:
    """`embedder/half` → kind → share that may not fall; and under `seal` the sealed half's hash."""
    content: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return content


def seal() -> str:
    """The hash of the sealed half."""
    return hashlib.sha256((FOLDER / "sealed.tsv").read_bytes()).hexdigest()
