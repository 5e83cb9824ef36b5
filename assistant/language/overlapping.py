"""One member said with two of its names at once: 第三方平台 of 第三方 and 三方平台."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.language.tokens import Meaning, ValueName


def find_overlapping(
    found: Mapping[tuple[int, int], Mapping[Meaning, None]],
) -> Iterator[tuple[tuple[int, int], ValueName]]:
    """The stretch of two overlapping names of a member, with the member."""
    places = {
        place: {(n.dimension, n.value): n for n in said if isinstance(n, ValueName)}
        for place, said in found.items()
    }
    named = sorted(place for place, members in places.items() if members)
    for start, middle in named:
        for inner, end in named:
            if start < inner < middle < end and (start, end) not in places:
                for key, member in places[start, middle].items():
                    if key in places[inner, end]:
                        yield (start, end), member
