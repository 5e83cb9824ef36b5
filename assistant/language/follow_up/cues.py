"""What the first and last words of a follow-up do with the words between them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

import yaml

Act = Literal[
    "back", "reverse", "up", "drill", "narrow", "only", "drop", "add", "further", "change", "show",
    "said",
]  # fmt: skip
"""`said`: no such word, the fragment alone."""
WORDS = Path(__file__).parent.parent / "words" / "follow_up.yaml"
EDGES = " ,。?!、;:"


class Cue(NamedTuple):
    """The act, what it is done with, and whether a word said so."""

    act: Act
    rest: str
    cued: bool


def cue_of(text: str) -> Cue:
    """去掉信用卡吧 → drop 信用卡; words without a cue stay as they are."""
    rest, cued = _without_tail(text.strip(EDGES))
    act: Act = "said"
    found = True
    while found:
        found = False
        for name, pattern in _heads():
            match = pattern.match(rest)
            if match and match.end() and _may_follow(act, name):
                act, rest = name, rest[match.end() :].strip(EDGES)
                found = cued = True
                break
    return Cue(act, rest, cued)


def _may_follow(act: Act, name: Act) -> bool:
    """那再去掉…: after a word that only opens comes the one that says what to do."""
    return act == "said" or (act == "show" and name != "show")


def _without_tail(text: str) -> tuple[str, bool]:
    cued = False
    shorter = True
    while shorter:
        shorter = False
        for pattern in _table()["tail"]:
            match = pattern.search(text)
            if match and match.start():
                cued = cued or "呢" in match.group()
                text = text[: match.start()].rstrip(EDGES)
                shorter = True
    return text, cued


def _heads() -> list[tuple[Act, re.Pattern[str]]]:
    return [
        (cast(Act, name), pattern)
        for name, patterns in _table().items()
        if name != "tail"
        for pattern in patterns
    ]


@cache
def _table() -> dict[str, list[re.Pattern[str]]]:
    table: dict[str, list[str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {name: [re.compile(p) for p in patterns] for name, patterns in table.items()}
