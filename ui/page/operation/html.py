"""Tables and facts of the operator's page as HTML; all texts are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape


class Bad(str):
    """A text to worry about."""

    __slots__ = ()


def table_html(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Texts in rows; those to worry about are marked."""
    heads = "".join(f"<th>{escape(name)}</th>" for name in headings)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        f'<div class="ws-table"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    kind = ' class="bad"' if isinstance(text, Bad) else ""
    return f"<td{kind}>{escape(text)}</td>"


def facts_html(facts: Iterable[tuple[str, str]]) -> str:
    """Names and texts beneath each other."""
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts if text
    )
    return f'<dl class="ws-facts">{lines}</dl>'


def moment(at: datetime) -> str:
    """By the clock of this machine."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"
