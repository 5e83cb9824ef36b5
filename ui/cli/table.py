"""A plain table whose columns line up although Chinese characters are twice as wide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ui.cli.chinese_help import display_width


class Heading(NamedTuple):
    """A column's title and side."""

    title: str
    right: bool = False


def table_text(headings: Sequence[Heading], rows: Sequence[Sequence[str]]) -> str:
    """Title line, rule, rows.

    >>> print(table_text([Heading("分行"), Heading("户", right=True)], [("银川分行", "1,203")]))
    分行         户
    --------  -----
    银川分行  1,203
    """
    cells = [[h.title for h in headings], *rows]
    widths = [max(display_width(row[i]) for row in cells) for i in range(len(headings))]
    lines = [cells[0], ["-" * width for width in widths], *cells[1:]]
    return "\n".join(_line(line, headings, widths) for line in lines)


def _line(cells: Sequence[str], headings: Sequence[Heading], widths: Sequence[int]) -> str:
    padded = [
        " " * (width - display_width(cell)) + cell
        if heading.right
        else cell + " " * (width - display_width(cell))
        for cell, heading, width in zip(cells, headings, widths, strict=True)
    ]
    return "  ".join(padded).rstrip()
