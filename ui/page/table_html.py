"""A table view as HTML; every text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ui.page.table import Heading, TableCell, TableView

LONG = 24
"""Longer texts may take several lines."""


def table_html(view: TableView) -> str:
    """A scrolling table with a fixed heading and 合计 fixed at the bottom."""
    heads = "".join(map(_heading, view.headings))
    body = "".join(_line(row, view.headings) for row in view.rows)
    body += "".join(_line(row, view.headings, "subtotal") for row in view.subtotals)
    if view.others:
        body += _line(view.others, view.headings, "others")
    foot = f"<tfoot>{_line(view.total, view.headings, 'total')}</tfoot>" if view.total else ""
    note = f'<p class="ws-note">{escape(view.note)}</p>' if view.note else ""
    return (
        '<div class="ws-table" tabindex="0" role="region" aria-label="数据表"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>{foot}</table></div>{note}"
    )


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
    classes = "num" if cell.mood == "plain" else f"num {cell.mood}"
    return f'<td class="{classes}">{escape(cell.text)}</td>'


def _align(heading: Heading) -> str:
    return ' class="num"' if heading.numeric else ""
