"""A table view as HTML; every text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ui.page.table import Heading, TableCell, TableView

LONG = 24
"""Longer texts may take several lines."""
MOST_BESIDE = 46
"""Letters that fit side by side next to a chart; a Chinese one counts twice."""
MOST_ROWS_BESIDE = 40


def table_html(view: TableView) -> str:
    """A scrolling table with a fixed heading and 合计 fixed at the bottom."""
    heads = "".join(map(_heading, view.headings))
    body = "".join(_line(row, view.headings) for row in view.rows)
    body += "".join(_line(row, view.headings, "subtotal") for row in view.subtotals)
    if view.others:
        body += _line(view.others, view.headings, "others")
    foot = f"<tfoot>{_line(view.total, view.headings, 'total')}</tfoot>" if view.total else ""
    said = filter(None, (*view.legend, view.note))
    note = "".join(f'<p class="ws-note">{escape(text)}</p>' for text in said)
    return (
        '<div class="ws-table" tabindex="0" role="region" aria-label="数据表"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>{foot}</table></div>{note}"
    )


def fits_beside(view: TableView) -> bool:
    """Whether the table can stand next to a chart, neither much longer nor hiding a column."""
    if len(view.rows) > MOST_ROWS_BESIDE:
        return False
    heads = [_letters(h.name + (f" ({h.unit})" if h.unit else "")) for h in view.headings]
    columns = zip(heads, *([_letters(c.text) for c in row] for row in view.rows), strict=True)
    width: int = sum(map(max, columns)) + 4 * len(view.headings)
    return width <= MOST_BESIDE


def _letters(text: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in text)


def _heading(heading: Heading) -> str:
    unit = f" <small>({escape(heading.unit)})</small>" if heading.unit else ""
    return f'<th scope="col"{_align(heading)}>{escape(heading.name)}{unit}</th>'


def _line(cells: Sequence[TableCell], headings: Sequence[Heading], kind: str = "") -> str:
    opening = f'<tr class="{kind}">' if kind else "<tr>"
    return f"{opening}{''.join(map(_cell, cells, headings))}</tr>"


def _cell(cell: TableCell, heading: Heading) -> str:
    if not heading.numeric:
        kind = ' class="long"' if len(cell.text) > LONG else ""
        return f"<td{kind}>{escape(cell.text)}</td>"
    classes = " ".join(("num", *(w for w in (cell.mood, cell.doubt) if w not in ("plain", ""))))
    sign = '<sup title="分母过少,仅供参考">*</sup>' if cell.doubt == "small" else ""
    shown = escape(cell.text) + sign
    hint = ' title="人数过少,不显示"' if cell.doubt == "hidden" else ""
    if cell.bar is not None:
        side = " bar minus" if cell.bar < 0 else " bar"
        return f'<td class="{classes}{side}" style="--bar:{abs(cell.bar):.1%}">{shown}</td>'
    return f'<td class="{classes}"{hint}>{shown}</td>'


def _align(heading: Heading) -> str:
    return ' class="num"' if heading.numeric else ""
