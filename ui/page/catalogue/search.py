"""Finds entries of the catalogue by name, synonym, sound, domain or description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from assistant.language.lexicon.pinyin import sounds_of

Entry = Mapping[str, Any]
OTHER = "其他"


def entries_like(entries: Sequence[Entry], text: str) -> tuple[Entry, ...]:
    """The entries that fit, best kind of fit first, else in the order given; all for no text."""
    wanted = text.strip().casefold()
    if not wanted:
        return tuple(entries)
    ranked = [(rank, entry) for entry in entries if (rank := _rank(entry, wanted)) is not None]
    return tuple(entry for _, entry in sorted(ranked, key=lambda pair: pair[0]))


def by_domain(entries: Sequence[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    """零售银行 / 资产规模 → its entries, in the order of definition."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        name = str(entry.get("domain") or OTHER).replace("/", " / ")
        found.setdefault(name, []).append(entry)
    return {name: tuple(held) for name, held in found.items()}


def _rank(entry: Entry, wanted: str) -> int | None:
    """0 its very name, then part of a name, a sound, the domain, the description."""
    names = [str(entry["label"]), *map(str, entry.get("synonyms", ())), str(entry["id"])]
    folded = [name.casefold() for name in names]
    if wanted in folded:
        return 0
    if any(wanted in name for name in folded):
        return 1
    if wanted.isascii() and any(_sounds_like(name, wanted) for name in names[:-1]):
        return 2
    if wanted in str(entry.get("domain") or "").casefold():
        return 3
    return 4 if wanted in str(entry.get("description") or "").casefold() else None


@lru_cache(maxsize=8192)
def _said(name: str) -> tuple[str, ...]:
    """How a name sounds, in full and by first letters: daikuanyue, dkye."""
    firsts = "".join(sounds_of(char)[0][:1] for char in name)
    return (*sounds_of(name), firsts)


def _sounds_like(name: str, wanted: str) -> bool:
    return any(wanted.replace(" ", "") in said for said in _said(name))
