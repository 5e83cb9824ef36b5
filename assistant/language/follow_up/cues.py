"""What the first and last words of a follow-up do with the words between them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

import yaml

Act = Literal[
    "back", "reverse", "up", "drill", "narrow", "only", "drop", "add", "further", "change", "show",
    "every", "pool", "said",
]  # fmt: skip
"""`said`: no such word, the fragment alone; `pool`: added to what is counted, not beside it."""
WORDS = Path(__file__).parent.parent / "words" / "follow_up.yaml"
NO_HEADS = frozenset({"tail", "object", "also", "every", "pool", "instead"})
BY = re.compile("^((?:再)?按.*[^评得积学打])(?:来)?分(?:一下)?$")
"""按等级分: the verb behind what is split by; 评分 and 得分 are names."""
CUED = re.compile("呢|^就|^的就?是")
EDGES = " ,。?!、;:"


class Cue(NamedTuple):
    """The act, what it is done with, and whether a word said so."""

    act: Act
    rest: str
    cued: bool
    blends: bool = False
    """不分男女: the members named stand for what tells them apart."""


def cue_of(text: str) -> Cue:
    """去掉信用卡吧 → drop 信用卡; words without a cue stay as they are."""
    rest = text.strip(EDGES)
    if (shaped := _shaped(rest)) is not None:
        return shaped
    rest, cued = _without_tail(BY.sub(r"\1", rest))
    act: Act = "said"
    found, blends = True, False
    while found:
        found = False
        for name, pattern in _heads():
            match = pattern.match(rest)
            if match and match.end() and _may_follow(act, name):
                act, rest = name, rest[match.end() :].strip(EDGES)
                blends = act == "drop" and match.group()[:1] in ("不", "别")
                blends = blends and match.group()[1:2] in ("分", "按")
                found = cued = True
                break
    return Cue(act, rest, cued, blends)


def _shaped(text: str) -> Cue | None:
    """把贷款余额也加上, 全部性别都要, 不是金卡,是白金卡: the verb stands behind its object."""
    for pattern in _table()["object"]:
        if match := pattern.match(text):
            if match["verb"] == "换成":
                return Cue("change", match["new"].strip(EDGES), cued=True)
            return Cue(_object_act(match["verb"]), match["what"], cued=True)
    for pattern in _table()["instead"]:
        if match := pattern.match(text):
            return Cue("change", match["new"].strip(EDGES), cued=True)
    for pattern in _table()["pool"]:
        if match := pattern.match(text):
            return Cue("pool", match["what"], cued=True)
    for pattern in _table()["also"]:
        if match := pattern.match(text):
            return Cue("add", match["what"], cued=True)
    for pattern in _table()["every"]:
        if match := pattern.match(text):
            return Cue("every", match["what"], cued=True)
    return None


def _object_act(verb: str) -> Act:
    if verb in ("去掉", "剔除", "拿掉", "删掉"):
        return "drop"
    return "pool" if verb.startswith("算") else "add"


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
                cued = cued or bool(CUED.search(match.group()))
                text = text[: match.start()].rstrip(EDGES)
                shorter = True
    return text, cued


def _heads() -> list[tuple[Act, re.Pattern[str]]]:
    return [
        (cast(Act, name), pattern)
        for name, patterns in _table().items()
        if name not in NO_HEADS
        for pattern in patterns
    ]


@cache
def _table() -> dict[str, list[re.Pattern[str]]]:
    table: dict[str, list[str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {name: [re.compile(p) for p in patterns] for name, patterns in table.items()}
