"""The closed-class words of business Chinese: small tables, one file per purpose.

`role: {arg: [words]}` in each file; a word may have several roles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from assistant.language.normalise import normalise_name


@dataclass(frozen=True, slots=True)
class Word:
    """What a closed-class word does in a sentence."""

    role: str
    """compare, group, share, filler …: the key in the file."""
    arg: str
    """Which of its kind: yoy, each, verb …"""


@cache
def closed_words() -> Mapping[str, tuple[Word, ...]]:
    """Every closed-class word in its normalised spelling with all its roles."""
    words: dict[str, tuple[Word, ...]] = {" ": (Word("break", "space"),)}
    for path in sorted(Path(__file__).parent.glob("*.yml")):
        for text, word in _read(path):
            known = words.get(text, ())
            words[text] = known if word in known else (*known, word)
    return words


def _read(path: Path) -> Iterator[tuple[str, Word]]:
    table = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for role, kinds in table.items():
        for arg, words in kinds.items():
            for word in words:
                if text := normalise_name(str(word)):
                    yield text, Word(str(role), str(arg))
