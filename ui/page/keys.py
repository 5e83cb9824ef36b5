"""Names of the page's parts: plain for the latest turn, numbered for older ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one turn; each becomes a CSS class st-key-<key>."""

    turn: int
    is_latest: bool

    def __call__(self, part: str) -> str:
        """`chart` for the latest turn, `chart-3` for the third.

        >>> Keys(3, is_latest=True)("chart"), Keys(3, is_latest=False)("chart")
        ('chart', 'chart-3')
        """
        return part if self.is_latest else f"{part}-{self.turn}"
